"""The guide tells the truth: its programs compile or are refused as it says, and what it quotes is what is printed.

A block ```flow refused=CODE is refused with that code alone. The lines of a block ```text are among what is printed for
the program before it: the diagnostics, with `types` what `check --types` shows, with `build` what `build` sums up
(`build=2`: of the second program that compiles, counted from 0 at the top).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from podpipec.cli import listing
from podpipec.cli.summary import summary
from podpipec.compiler import Compiled, compile_program
from podpipec.diagnostics.terminal import render
from podpipec.names.loading import Unreadable
from podpipec.plan import plan_of

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(flow|text)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = [(match[1], match[2].strip(), match[3]) for match in _BLOCK.finditer((ROOT / "docs/guide.md").read_text())]
PRELUDE = next(text for _, info, text in BLOCKS if info == "prelude")
PROGRAMS = [(info, text) for kind, info, text in BLOCKS if kind == "flow" and info != "prelude"]


def compiled(text: str) -> Compiled:
    def read(path: str) -> bytes | Unreadable:
        if path.startswith("std/"):
            return (ROOT / "stdlib" / path.removeprefix("std/")).read_bytes()
        return (text + PRELUDE).encode() if path == "guide.flow" else Unreadable("there is no such file")

    return compile_program("guide.flow", read, {})


@pytest.mark.parametrize(("info", "program"), PROGRAMS)
def test_a_program_is_what_the_guide_says(info: str, program: str) -> None:
    found = {one.code for one in compiled(program).diagnostics}
    assert found == ({info.removeprefix("refused=")} if info else set())


def _quotes() -> list[tuple[str, str, str]]:
    """What each quotation is of, the program that it is about, and its text."""
    found = []
    good: list[str] = []
    last = ""
    for kind, info, text in BLOCKS:
        if kind == "text":
            word, _, number = info.partition("=")
            found.append((word, good[int(number)] if number else last, text))
        elif info != "prelude":
            last = text
            good += [] if info else [text]
    return found


@pytest.mark.parametrize(("word", "program", "quote"), _quotes())
def test_what_the_guide_quotes_is_printed(word: str, program: str, quote: str) -> None:
    done = compiled(program)
    printed = {
        "": lambda: render(done.diagnostics, done.sources),
        "types": lambda: listing.text(listing.listings(done, "guide.flow")),
        "build": lambda: summary(done.checked.graphs[0], plan_of(done.checked.graphs[0])),
    }[word]()
    for line in quote.splitlines():
        wanted = " ".join(line.split())
        assert wanted == "…" or any(wanted in " ".join(one.split()) for one in printed.splitlines()), printed
