"""Every feature's example runs as the index says, gives the bytes in its golden, and then executes nothing again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.examples.cases import FEATURES, ROOT, Case, cases, podpipec


class TextExtension(SingleFileSnapshotExtension):
    """One text file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class Ended(NamedTuple):
    """How many calls a run executed, and how many it knew already."""

    ran: int
    reused: int


def run(case: Case, folder: Path) -> Ended:
    """Runs an example with all its folders below `folder`."""
    options = [re.sub(r"^remote=.*", f"remote={folder / 'remote'}", word) for word in case.options]
    if re.search(r"\bram +\d", (ROOT / case.path).read_text(encoding="utf-8")):
        options += ["--place", f"ram={folder / 'ram'}"]
    folders = ["--work", str(folder / "work"), "--out", str(folder / "out")]
    done = podpipec("run", case.path, *options, *folders, "--json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    ended = next(event for event in events if event["event"] == "run ended")
    return Ended(ended["ran"], ended["reused"])


def results(folder: Path) -> str:
    """What a run left for the user, file by file."""
    found = []
    for top in ("out", "remote"):
        for path in sorted((folder / top).rglob("*")):
            if path.is_file():
                found.append(f"== {path.relative_to(folder)}\n{path.read_bytes().decode()}")
    return "\n".join(found)


def test_the_index_has_every_example() -> None:
    indexed = [case.path for case in cases()]
    assert indexed == list(dict.fromkeys(indexed))
    assert set(indexed) == {str(path.relative_to(ROOT)) for path in FEATURES.glob("*.flow")}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_header(case: Case) -> None:
    first = (ROOT / case.path).read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    assert all(line.startswith("#") for line in first), "it says first what it shows"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_runs(case: Case, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    first = run(case, tmp_path)
    assert first.ran > 0
    text = results(tmp_path)
    assert text == snapshot(extension_class=TextExtension)
    again = run(case, tmp_path)
    assert again == Ended(0, first.ran + first.reused)
    assert results(tmp_path) == text
