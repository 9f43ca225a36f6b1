"""What is left of a pod for flows that are written at run time, in figures."""

from __future__ import annotations

import pytest

from podpipec.graph.liveness import Liveness
from podpipec.graph.room import at_once, room
from tests.types.programs import compiled

GIB = 2**30
PROGRAM = """
snapshot cases: Csv { from "s3://lake/cases.csv"  size 1GiB }
pod bench { slots 3  cpu 3  memory 24GiB  ram 8GiB  node 10GiB }
stage plan_for(spec: Csv) -> recipe: Flow { run ["plan", spec, recipe]  size recipe 0B }
flow solve(spec: cases) on bench {
  recipe = plan_for(spec)
  BODY
}
"""


@pytest.mark.parametrize(
    ("body", "together", "ram", "node"),
    [
        ("a: Csv = run recipe(spec)", 1, 7, 9),
        ("a: Csv = run recipe(spec)  b: Csv = run recipe(spec)", 2, 3, 4.5),
        ('each x in ["p", "q"] { a: Csv = run recipe(spec) }', 2, 3, 4.5),
        ("", 0, None, None),
    ],
)
def test_what_is_left_is_parted(body: str, together: int, ram: float | None, node: float | None) -> None:
    made = compiled(PROGRAM.replace("BODY", body))
    assert made.ok, made.diagnostics
    (graph,) = made.checked.graphs
    left = room(graph, Liveness(graph))
    assert at_once(graph) == together
    assert (left.get("ram"), left.get("node")) == (ram and ram * GIB, node and node * GIB)
