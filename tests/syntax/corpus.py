"""Every `.flow` text of the repository: files, and the code blocks of its pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```flow\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FOLDERS = ("examples", "stdlib", "tests", "docs", "podpipec")


@cache
def texts() -> dict[str, str]:
    """Each text by where it stands. What is no UTF-8 is there to be refused before it is parsed."""
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".flow" and path.is_file():
                found[name] = path.read_bytes().decode("utf-8", "replace")
            elif path.suffix == ".md":
                for number, match in enumerate(_BLOCK.finditer(path.read_text()), 1):
                    found[f"{name}:block{number}"] = match[1]
    assert len(found) > 5, "the language reference alone has as many code blocks"
    return found
