"""The places in the compiler's source that make a diagnostic, and which of them a run has passed through."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import podpipec

SOURCE = Path(podpipec.__file__).parent

#: What makes a diagnostic, and the functions that only hand one on: the place that calls them is the one that counts.
_MAKERS = frozenset(("error", "say", "_say", "_no", "no"))


class Site(NamedTuple):
    """A call in the source that makes a diagnostic."""

    file: str
    first: int
    last: int


def sites() -> list[Site]:
    """Every place in the compiler that makes a diagnostic."""
    return [site for path in sorted(SOURCE.rglob("*.py")) for site in _sites_in(path)]


def _sites_in(path: Path) -> Iterator[Site]:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name not in _MAKERS:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _called(node.func) in _MAKERS:
                    yield Site(str(path.relative_to(SOURCE)), node.lineno, node.end_lineno or node.lineno)


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def passed(work: Callable[[], None]) -> set[tuple[str, int]]:
    """The files and lines from which diagnostics were made while some work was done."""
    seen: set[tuple[str, int]] = set()
    root = str(SOURCE)

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name in _MAKERS and frame.f_code.co_filename.startswith(root):
            caller = frame.f_back
            if caller is not None:
                seen.add((str(Path(caller.f_code.co_filename).relative_to(root)), caller.f_lineno))

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen


def unseen(seen: set[tuple[str, int]]) -> list[Site]:
    """The places that no line of a run lies in."""
    return [
        site
        for site in sites()
        if not any(file == site.file and site.first <= line <= site.last for file, line in seen)
    ]
