"""Programs to mend, and how they are mended in a test: in a folder of their own, by the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.diagnostics.programs import Case, Outcome, read_case, run

HERE = Path(__file__).parent
TESTS = HERE.parent

_CALLED = "# podpipec "


def own() -> list[Case]:
    """The programs of this folder: one for each kind of edit."""
    return [_called(read_case(path)) for path in sorted((HERE / "cases").glob("*.flow"))]


def refused() -> list[Case]:
    """Every program that the other tests hold wrong."""
    folders = (TESTS / "rules" / "refused", TESTS / "diagnostics" / "cases", HERE / "cases")
    return [read_case(path) for folder in folders for path in sorted(folder.iterdir())]


def accepted() -> Iterator[Case]:
    """Programs that are right."""
    for path in sorted((TESTS / "rules" / "accepted").glob("*.flow")):
        yield read_case(path)


def _called(case: Case) -> Case:
    (name, text), *_ = case.files.items()
    first = text.partition("\n")[0]
    line = first.removeprefix("# ") if first.startswith(_CALLED) else f"podpipec fix {name}"
    return case._replace(lines=(line,))


class Fixed(NamedTuple):
    """How the command ended, and every file of the folder afterwards."""

    outcome: Outcome
    files: dict[str, str]


def fix(case: Case, folder: Path, *options: str) -> Fixed:
    """Write a case's files and mend the one that is checked."""
    line = " ".join(("podpipec fix", entry(case), *options))
    outcome = run(case._replace(lines=(line,)), folder)
    return Fixed(outcome, after(folder))


def entry(case: Case) -> str:
    """The file of a case that is checked."""
    return "main.flow" if "main.flow" in case.files else next(iter(case.files))


def after(folder: Path) -> dict[str, str]:
    """Every file of a folder, hidden ones included."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in found}


def codes(case: Case, files: dict[str, str], folder: Path) -> list[str]:
    """The codes that are told of a program."""
    (folder / "codes").mkdir(parents=True, exist_ok=True)
    checked = Case(case.name, files, (f"podpipec check --json {entry(case)}",))
    return [found["code"] for found in json.loads(run(checked, folder / "codes").out)["diagnostics"]]
