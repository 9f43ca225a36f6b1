"""Changing a file of the user's: the change as a diff, and the new text in the file's place, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import click


def diff(name: str, before: str, after: str) -> Iterator[str]:
    """The lines of a unified diff. A last line without an end is marked as `patch` wants it."""
    from difflib import unified_diff

    for line in unified_diff(_lines(before), _lines(after), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as for the compiler."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def rewrite(name: str, before: bytes, after: bytes) -> None:
    """Put a new content in a file's place. A link stays a link, and the mode stays.

    Raises `click.UsageError` if the file can't be written or is no longer what was read; then it is as it was.
    """
    path = os.path.realpath(name)
    try:
        mode = os.stat(path).st_mode & 0o7777
        with open(path, "rb") as now:
            if now.read() != before:
                raise click.UsageError(f"{name} was changed meanwhile: nothing is written")
        _replace(path, after, mode)
    except OSError as problem:
        raise click.UsageError(f"cannot write {name}: {problem.strerror}") from None


def put(name: str, content: bytes) -> None:
    """Write a file anew, whole or not at all. Raises `click.UsageError` if that can't be done."""
    try:
        _replace(os.path.realpath(name), content, 0o644)
    except OSError as problem:
        raise click.UsageError(f"cannot write {name}: {problem.strerror}") from None


def _replace(path: str, content: bytes, mode: int) -> None:
    handle, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=f".{os.path.basename(path)[:100]}.")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
