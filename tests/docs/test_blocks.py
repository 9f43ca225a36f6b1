"""Every program in the documentation compiles.

A block ```flow stands for itself if it declares or uses all it needs, else behind the block ```flow prelude; a block
```flow file=PATH is a file that blocks may use.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from podpipec.compiler import compile_program
from podpipec.diagnostics.terminal import render
from podpipec.names.loading import Unreadable

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```flow([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(path: str) -> list[tuple[str, str]]:
    """The info string and text of each block of a document."""
    return [(match[1].strip(), match[2]) for match in _BLOCK.finditer((ROOT / path).read_text("utf-8"))]


def programs(path: str) -> list[tuple[str, dict[str, str]]]:
    """For each block that is a program the files that it is made of."""
    found = blocks(path)
    prelude = next((text for info, text in found if info == "prelude"), "")
    files = {info.removeprefix("file="): text for info, text in found if info.startswith("file=")}
    return [(text, {**files, "main.flow": prelude + text}) for info, text in found if not info]


CASES = [
    pytest.param(files, id=f"{path}-{number}")
    for path in ("README.md", "docs/language.md")
    for number, (_, files) in enumerate(programs(path))
]


@pytest.mark.parametrize("files", CASES)
def test_block_compiles(files: dict[str, str]) -> None:
    def read(path: str) -> bytes | Unreadable:
        if path.startswith("std/"):
            return (ROOT / "stdlib" / path.removeprefix("std/")).read_bytes()
        return files[path].encode() if path in files else Unreadable("there is no such file")

    compiled = compile_program("main.flow", read, {})
    assert compiled.ok, render(compiled.diagnostics, compiled.sources)


def test_the_reference_has_programs() -> None:
    assert len(programs("docs/language.md")) >= 9
    assert programs("README.md")
