"""No schedule brings a program of the examples, or the rules' accepted ones, over what its plan says, to a read of what
is not there, to a mix of snapshots, or by a fault that it survives to what cannot be made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpipec.cli.reading import read
from podpipec.compiler import compile_program
from podpipec.graph.nodes import Graph
from tests.oracle.playing import played
from tests.plan.plannable import plannable

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for folder in ("examples", "tests/rules/accepted") for path in (ROOT / folder).rglob("*.flow"))

#: Parameters without a default.
GIVEN = {"params_and_consts": {"title": "a"}}


def _graphs(path: Path) -> list[Graph]:
    done = compile_program(str(path), read, GIVEN.get(path.stem, {}))
    assert done.ok, done.diagnostics
    return [graph for graph in done.checked.graphs if plannable(graph)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_schedule_breaks_it(path: Path) -> None:
    for graph in _graphs(path):
        assert not played(graph).wrong
