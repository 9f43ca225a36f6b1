"""Outputs that are scalars: read from the path that the stage wrote to."""

from __future__ import annotations

import os
import stat

from podpipec_runtime.plan.scalars import LONGEST, NotScalar, meaning

_SHOWN = 60


class NotCaptured(Exception):  # noqa: N818 - it says what is the matter with what was written
    """What a stage wrote is no scalar of the type that it promised."""


def read_text(path: str, type_: str) -> str:
    """The scalar of a type that was written to `path`, without the line feed at its end. Raises NotCaptured."""
    data = _read(path, type_)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NotCaptured(f"{_a(type_)} is a text in UTF-8, and other bytes were written") from None
    text = text.removesuffix("\n")
    try:
        meaning(text, type_)
    except NotScalar as error:
        raise NotCaptured(f"it is {_a(type_)}: {error}, and {_told(text)} was written") from None
    return text


def _read(path: str, type_: str) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotCaptured("the stage ended well but did not write it") from None
    except OSError as error:
        raise NotCaptured(f"{_a(type_)} is written to a file; there is something else ({error.strerror})") from None
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise NotCaptured(f"{_a(type_)} is written to a file, and there is something else")
        data = os.read(fd, LONGEST + 2)
    finally:
        os.close(fd)
    if len(data.removesuffix(b"\n")) > LONGEST:
        raise NotCaptured(f"{_a(type_)} has at most {LONGEST:,} bytes, and more were written; make it a file")
    return data


def _a(type_: str) -> str:
    return f"an {type_}" if type_ == "Int" else f"a {type_}"


def _told(text: str) -> str:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return f"`{shown}`" if shown.isprintable() and shown else repr(shown) if shown else "nothing"
