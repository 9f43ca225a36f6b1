"""Groups and folds written out element by element: no schedule is over what the plan says, or reads what is gone."""

from __future__ import annotations

import pytest

from podpipec.compiler import compile_program
from podpipec.plan import lower
from tests.oracle import planned
from tests.oracle.schedules import explore
from tests.oracle.worlds import WORLDS

HEAD = """
snapshot ticks { from "s3://ticks/{shard}.csv"  shards SHARDS  size 1GiB }
snapshot day { from "s3://day.csv"  size 1GiB }
pod bench { slots 2  cpu 2  memory 400GiB  ram 100GiB  node 100GiB  volume 100GiB }
stage one(a: Csv) -> b: Csv { run ["one", a, b]  size b 1GiB }
stage two(a: Csv, b: Csv) -> c: Csv { run ["two", a, b, c]  size c 1GiB }
stage add(a: Csv[]) -> b: Csv { run ["add", a, b]  size b 1GiB }
stage mix(a: Csv[]) -> b: Csv { run ["mix", a, b] }
stage cut(a: Csv) -> b: Csv[] { run ["cut", a, b] }
"""

PROGRAMS = {
    "tumbling": "l = each s in t.shards { one(s) }  r = each g in l by 2 { add(g) }",
    "rolling": "l = each s in t.shards { one(s) }  r = each g in l by 2 step 1 { x = add(g)  two(x, b: x) }",
    "groups of groups": "r = each g in t.shards by 2 { x = each s in g { one(s) }  add(x) }",
    "fold": "l = each s in t.shards { one(s) }  f = fold g in l by 2 { add(g) }  r = one(f)",
    "fold in steps": "l = each s in t.shards { one(s) }  r = fold g in l by 2 { x = add(g)  two(x, b: x) }",
    "fold of four": "l = each s in t.shards { one(s) }  r = fold g in l by 4 { add(g) }",
    "fold in an each": "r = each c in [1, 2] { l = each s in t.shards { one(s) }  fold g in l by 2 { add(g) } }",
    "groups of unknown number": "p = cut(d)  r = each g in p by 2 { mix(g) }",
    "rolling groups of unknown number": "p = cut(d)  r = each g in p by 2 step 1 { x = one(d)  mix(g) }",
}


@pytest.mark.parametrize("shards", [1, 2, 3, 5])
@pytest.mark.parametrize("name", PROGRAMS)
def test_no_schedule_is_over_what_the_plan_says(name: str, shards: int) -> None:
    body = f"flow main(t: ticks, d: day) on bench {{ {PROGRAMS[name]}  keep r in volume }}"
    text = HEAD.replace("SHARDS", str(shards)) + body.replace("  ", "\n")
    done = compile_program("main.flow", lambda _: text.encode(), {})
    if "T016" in {one.code for one in done.diagnostics}:
        return  # too few for one group
    assert done.ok, done.diagnostics
    (graph,) = done.checked.graphs
    whole = lower(graph)
    said = planned.peaks_of(whole)
    for world in WORLDS[:3]:
        found = explore(planned.run_of(whole, world), 60_000)
        assert not found.wrong
        assert all(size <= said[place] for place, size in found.peaks.items() if place != "remote")
