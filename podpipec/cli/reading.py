"""Reading a program's files: from disk, and the standard library from the package."""

from __future__ import annotations

import os

from podpipec.compiler import Compiled
from podpipec.names.loading import STANDARD, Unreadable

#: No program is larger than this; what is was not meant.
_LARGEST = 64 * 2**20


def read(path: str) -> bytes | Unreadable:
    """A file's bytes. A path below `std/` is the standard library's, whatever the working folder holds."""
    try:
        if path.startswith(STANDARD + "/"):
            return _standard(path)
        if os.path.isdir(path):  # pathlib costs start-up time
            return Unreadable("it is a folder")
        with open(path, "rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return Unreadable("there is no such file")
    except (OSError, ValueError) as problem:
        return Unreadable(getattr(problem, "strerror", None) or str(problem))
    return content if len(content) <= _LARGEST else Unreadable(f"it is larger than {_LARGEST // 2**20}MiB")


def on_disk(compiled: Compiled) -> tuple[str, ...]:
    """The files that a program is made of, code files included, less those of the standard library."""
    program = compiled.checked.typed.program
    return tuple(path for path in (*program.files, *program.code) if not path.startswith(STANDARD + "/"))


def _standard(path: str) -> bytes | Unreadable:
    from importlib.resources import files

    file = files("podpipec_stdlib").joinpath(path.removeprefix(STANDARD + "/"))
    return file.read_bytes() if file.is_file() else Unreadable("the standard library has no such file")
