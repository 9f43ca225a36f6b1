# ruff: noqa: E501 - a program a line
"""Groups, folds and cycles written out: no schedule is over what the plan says, or reads what is gone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from podpipec.compiler import compile_program
from podpipec.plan import lower
from tests.oracle import planned
from tests.oracle.schedules import explore
from tests.oracle.worlds import WORLDS, World

HEAD = """
snapshot ticks { from "s3://ticks/{shard}.csv"  shards SHARDS  size 1GiB }
snapshot day { from "s3://day.csv"  size 1GiB }
pod bench { slots 2  cpu 2  memory 400GiB  ram 100GiB  node 100GiB  volume 100GiB }
stage one(a: Csv) -> b: Csv { run ["one", a, b]  size b 1GiB }
stage two(a: Csv, b: Csv) -> c: Csv { run ["two", a, b, c]  size c 1GiB }
stage add(a: Csv[]) -> b: Csv { run ["add", a, b]  size b 1GiB }
stage mix(a: Csv[]) -> b: Csv { run ["mix", a, b] }
stage gen() -> z: Csv { run ["gen", z]  size z 1GiB }
stage tell(a: Csv, b: Csv) { run ["tell", a, b] }
stage mix1(a: Csv) -> b: Csv { run ["mix", a, b] }
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
    "cycle": "z = gen()  r = cycle s in t.shards { x = one(s)  carry y from z = two(y, b: x) }",
    "cycle of three": "z = gen()  r = cycle s in t.shards depth 3 { x = one(s)  w = one(x)  carry y from z = two(y, b: w) }",
    "cycle that keeps": "z = gen()  r = cycle s in t.shards depth 2 { carry y from z = one(y)  keep y in volume }",
    "slow elements": "z = gen()  r = cycle s in t.shards depth 2 { x = one(s)  carry y from z = one(y)  tell(y, b: x) }",
    "two carries": "z = gen()  c = cycle s in t.shards depth 2 { carry y from z = one(y)  carry o from z = y }  r = two(c.y, b: c.o)",
    "one before": "z = gen()  l = each s in t.shards { one(s) }  r = cycle s in l depth 2 { carry o from z = s  x = one(o)  tell(x, b: s) }",
    "back and forth": "z = gen()  c = cycle s in t.shards { carry y from z = one(y)  carry o from z = one(o)  two(y, b: o) }  r = one(c.o)",
    "cycle in a cycle": "z = gen()  r = cycle s in t.shards { carry y from z = cycle c in [1, 2] { carry q from y = one(q) } }",
    "fold in a cycle": "z = gen()  r = cycle s in t.shards { l = each c in [1, 2, 3] { one(s) }  f = fold g in l by 2 { add(g) }  carry y from z = two(y, b: f) }",
    "cycle of unknown number": "z = gen()  p = cut(d)  r = cycle s in p depth 2 { x = mix1(s)  carry y from z = two(y, b: x) }",
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
    for world in (*WORLDS[:3], World((Fraction(1, 4),) * 4)):
        found = explore(planned.run_of(whole, world), 60_000)
        assert not found.wrong
        assert all(size <= said[place] for place, size in found.peaks.items() if place != "remote")
