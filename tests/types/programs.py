"""Small programs in memory, compiled without touching a file."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.compiler import Compiled, compile_program
from podpipec.names.loading import Unreadable


def compiled(text: str, given: Mapping[str, str] | None = None, **others: str) -> Compiled:
    """The program `main.flow`; other files by their names without the ending."""
    files = {"main.flow": text, **{f"{name}.flow": content for name, content in others.items()}}

    def read(path: str) -> bytes | Unreadable:
        content = files.get(path)
        return Unreadable("there is no such file") if content is None else content.encode()

    return compile_program("main.flow", read, dict(given or {}))


def codes(text: str, given: Mapping[str, str] | None = None, **others: str) -> list[str]:
    """The codes of all that is wrong with a program, in order."""
    return [diagnostic.code for diagnostic in compiled(text, given, **others).diagnostics]
