"""No schedule breaks what is made of trees, graphs, streams, helpers, flows that are run, and copies."""

from __future__ import annotations

import pytest

from tests.oracle import shapes
from tests.oracle.playing import played
from tests.types.programs import compiled

PROGRAMS = {
    f"{what}: {name}": body
    for what, programs in (
        ("walk", shapes.WALKS),
        ("graph", shapes.GRAPHS),
        ("stream", shapes.STREAMS),
        ("helper", shapes.HELPERS),
        ("recipe", shapes.RECIPES),
        ("copy", shapes.COPIES),
        ("choice", shapes.CHOICES),
    )
    for name, body in programs.items()
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_schedule_breaks_it(name: str) -> None:
    done = compiled(shapes.HEAD + PROGRAMS[name])
    assert done.ok, done.diagnostics
    (graph,) = done.checked.graphs
    assert not played(graph, nodes=3).wrong
