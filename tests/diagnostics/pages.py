"""The pages that `podpipec explain` prints, taken apart: each program on one is a case.

A fenced ```flow block is a program, or, with `file=NAME` in its info string, a file beside the programs. A fenced ```sh
block says how the program above it is called; without one it is checked.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from podpipec.cli.explain import pages
from tests.diagnostics.programs import Case

_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

PROGRAM = "program.flow"


class Page(NamedTuple):
    """One code's page: the program that breaks what it says, and the one that mends it."""

    code: str
    text: str
    breaks: Case
    mends: Case


def page(code: str, text: str) -> Page:
    """A page taken apart. Raises ValueError unless it has two programs."""
    files: dict[str, str] = {}
    programs: list[str] = []
    called: list[tuple[str, ...]] = []
    for match in _FENCE.finditer(text):
        language, _, name = match["info"].partition(" file=")
        if name:
            files[name] = match["text"]
        elif language == "flow":
            programs.append(match["text"])
            called.append(())
        elif language == "sh":
            called[-1] = tuple(match["text"].splitlines())
    if len(programs) != 2:
        raise ValueError(f"the page of {code} has {len(programs)} programs, not two")
    first, second = (
        Case(f"{code} {what}", {PROGRAM: program, **files}, lines or (f"podpipec check {PROGRAM}",))
        for what, program, lines in zip(("breaks", "mends"), programs, called, strict=True)
    )
    return Page(code, text, first, second)


def all_pages() -> list[Page]:
    """Every page, by code."""
    return [page(code, text) for code, text in sorted(pages().items())]
