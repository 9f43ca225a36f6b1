# ruff: noqa: E501 - a program a line
"""Flows across pods: no schedule of their units is over what the plan says, or reads what no unit has given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from podpipec.cli.reading import read
from podpipec.compiler import compile_program
from podpipec.graph.nodes import Graph
from podpipec.graph.traversal import units_of
from podpipec.plan.across import lower_across
from podpipec_runtime.plan import types as plan
from tests.oracle import crossing
from tests.oracle.declared import declared
from tests.oracle.planned import peaks_of
from tests.oracle.playing import Played, play_across, played
from tests.oracle.schedules import TooManyError

HEAD = """\
use std.shapes { tree_reduce }
snapshot ticks { from "s3://ticks/{shard}.csv"  shards SHARDS  size 64KiB }
snapshot day { from "s3://day.csv"  size 64KiB }
snapshot hours { from "s3://h/{window:%Y-%m-%dT%H}.csv" window 1h size 64KiB }
pod bench { slots 2  cpu 2  memory 4GiB  ram 1GiB  node 1GiB  volume 1GiB }
pod large { slots 1  cpu 2  memory 4GiB  node 1GiB  volume 1GiB }
stage one(a: Csv) -> b: Csv { run ["one", a, b] }
stage two(a: Csv, b: Csv) -> c: Csv { run ["two", a, b, c]  size c 1KiB }
stage add(a: Csv[]) -> b: Csv { run ["add", a, b]  size b 1KiB }
stage mix(a: Csv[]) -> b: Csv { run ["mix", a, b] }
stage cut(a: Csv) -> b: Csv[] { run ["cut", a, b] }
stage tell(a: Csv) -> n: Int { run ["tell", a, n] }
stage say(a: Csv, n: Int) -> b: Csv { run ["say", a, "{n}", b] size b 2KiB }
flow part(t: ticks) -> b on bench { x = one(t) b = one(x) keep b in volume }
flow noisy(t: ticks) -> b on bench survives node { x = one(t) y in volume = one(x) b = two(x, b: y) keep x in volume keep b in volume }
flow far(t: ticks) -> b on bench { b = one(t) keep b in remote "s3://o/{shard}.csv" }
flow fan(t: ticks) -> b on bench { l = each c in [1, 2, 3] { one(t) } b = mix(l) keep b in volume }
flow again(x: Csv) -> y on bench { z = one(x) y = two(z, b: x) keep y in volume }
flow wide(xs: Csv[]) -> y on large { y = mix(xs) keep y in volume }
flow both(x: Csv, t: ticks) -> (u, v) on bench { u = two(x, b: t) v = one(t) keep u in volume keep v in volume }
flow hour(h: hours) -> y on bench { y = one(h) keep y in volume }
flow pinned(t: ticks) -> y on bench { x = one(t) y = pin x in volume }
"""

PROGRAMS = {
    "parts": "flow main(t: ticks) -> r across bench { l = each s in t.shards { part(s) } r = add(l) }",
    "noisy": "flow main(t: ticks) -> r across bench survives node { l = each s in t.shards { noisy(s) } r = add(l) }",
    "far": "flow main(t: ticks) -> r across bench { l = each s in t.shards { far(s) } r = add(l) }",
    "fan": "flow main(t: ticks) -> r across bench { l = each s in t.shards { fan(s) } r = mix(l) }",
    "chain": "flow main(t: ticks) -> r across bench { l = each s in t.shards { x = part(s) y = again(x) again(y) } r = mix(l) }",
    "chain2": "flow main(t: ticks) -> r across bench { l = each s in t.shards { x = part(s) y = again(x) z = both(y, t: s) two(z.u, b: z.v) } r = wide(l) }",
    "tree": "flow main(t: ticks) -> r across bench { l = each s in t.shards { part(s) } r = tree_reduce(l, with: add, arity: 2) }",
    "kinds": "flow main(t: ticks) -> r across bench { l = each s in t.shards { far(s) } r = wide(l) }",
    "two": "flow main(t: ticks) -> (r, q) across bench { l = each s in t.shards { part(s) } r = add(l) m = each x in l { again(x) } q = mix(m) }",
    "stage": "flow main(d: day) -> r across bench { x = one(d) y = one(x) r = two(x, b: y) }",
    "scalar": "flow main(d: day) -> r across bench { n = tell(d) x = one(d) r = say(x, n) }",
    "hours": "flow main(h: hours) -> r across bench every 2h { l = each w in h.windows { hour(w) } r = mix(l) }",
    "pinned": "flow main(t: ticks) -> r across bench { l = each s in t.shards { pinned(s) } r = add(l) }",
    "after": "flow main(t: ticks) -> r across bench { l = each s in t.shards { part(s) } m = each s in t.shards { part(s) } after l  a = add(l) b = add(m) r = two(a, b: b) }",
    "remote": 'flow main(t: ticks) across bench { l = each s in t.shards { part(s) } r = mix(l) keep r in remote "s3://o.csv" }',
    "groups": "flow main(t: ticks) -> r across bench { l = each s in t.shards { part(s) } m = each g in l by 2 { mix(g) } r = mix(m) }",
    "cycle": "flow main(t: ticks, d: day) -> r across bench { z = one(d) c = cycle s in t.shards { x = part(s) carry y from z = two(y, b: x) } r = one(c) }",
    "choice": "flow main(t: ticks, d: day) -> r across bench { n = tell(d) l = each s in t.shards { part(s) } r = if n > 3 { mix(l) } else { one(d) } }",
}


def _graph(body: str, shards: int, pods: int) -> Graph:
    text = (HEAD + crossing.MORE + body).replace("SHARDS", str(shards))
    done = compile_program("main.flow", lambda path: text.encode() if path == "main.flow" else read(path), {}, pods)
    assert done.ok, done.diagnostics
    return next(graph for graph in done.checked.graphs if graph.across)


@pytest.mark.parametrize(("shards", "pods"), [(1, 1), (2, 1), (2, 2), (3, 2)])
@pytest.mark.parametrize("name", PROGRAMS)
def test_no_schedule_breaks_it(name: str, shards: int, pods: int) -> None:
    assert not played(_graph(PROGRAMS[name], shards, pods)).wrong


@pytest.mark.parametrize("name", ["parts", "noisy", "fan", "chain", "chain2", "two", "after"])
def test_what_the_plan_says_is_what_comes(name: str) -> None:
    graph = _graph(PROGRAMS[name], 2, 2)
    assert played(graph).peaks["volume"] == peaks_of(lower_across(graph))["volume"]


RANDOM = 40


def test_no_schedule_breaks_random_flows() -> None:
    seen = 0
    for seed in range(RANDOM):
        graph = _graph(crossing.flow(seed), 2, 1 + seed % 3)
        try:
            found = played(graph, most=500)
        except TooManyError:
            continue
        assert not found.wrong, f"seed {seed}\n{crossing.flow(seed)}\n" + "\n".join(found.wrong)
        seen += 1
    assert seen >= RANDOM / 3


# --- broken plans ---

Break = Callable[[plan.Macro], plan.Macro]


def _with(part: Any, **more: object) -> Any:
    return msgspec.structs.replace(part, **more)


def _until(name: str, *until: str) -> Break:
    def changed(life: plan.Lifetime) -> plan.Lifetime:
        of = isinstance(life.value, plan.StepRef) and life.value.step == name
        return _with(life, until=until) if of else life

    return lambda whole: _with(whole, lifetimes=tuple(map(changed, whole.lifetimes)))


def _wide(whole: plan.Macro) -> plan.Macro:
    return _with(whole, steps=tuple(_with(s, width=2) if isinstance(s, plan.Each) else s for s in whole.steps))


def _pods(whole: plan.Macro) -> plan.Macro:
    return _with(_wide(whole), sets=tuple(_with(one, pods=2) for one in whole.sets))


def _unkept(whole: plan.Macro) -> plan.Macro:
    """What units give, they keep nowhere."""
    flows = (_with(one, steps=tuple(s for s in one.steps if not isinstance(s, plan.Keep))) for one in whole.flows)
    return _with(whole, flows=tuple(flows))


def _less(whole: plan.Macro) -> plan.Macro:
    return _with(whole, peaks=tuple(_with(one, bytes=one.bytes - 1) for one in whole.peaks))


def _smaller(whole: plan.Macro) -> plan.Macro:
    """Units give more than is said."""

    def changed(step: Any) -> Any:
        if isinstance(step, plan.Unit):
            return _with(step, results=tuple(_with(one, bytes=one.bytes - 1) for one in step.results))
        return _with(step, body=tuple(map(changed, step.body))) if isinstance(step, plan.Each) else step

    return _with(whole, steps=tuple(map(changed, whole.steps)))


#: The program, how many pods it is for, what is wrong with its plan, and what the oracle says.
BROKEN: dict[str, tuple[str, int, Break, str]] = {
    "more pods than said": ("chain", 1, _pods, "bytes on volume at once"),
    "what a unit gives is freed early": ("chain", 2, _until("l/x", "l/x"), "after it was freed"),
    "a list of parts is freed early": ("parts", 2, _until("l/part", "l"), "`r begins` may read"),
    "what a unit gives is not kept": ("parts", 2, _unkept, "does not leave"),
    "a byte less of the volume": ("noisy", 2, _less, "bytes on volume at once"),
    "a byte less of a result": ("parts", 2, _smaller, "bytes, the plan says"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_seen(name: str) -> None:
    program, pods, break_, said = BROKEN[name]
    graph = _graph(PROGRAMS[program], 2, pods)
    whole = lower_across(graph)
    flows = {flow.flow: flow for flow in whole.flows}
    sizes = {unit.name: declared(unit.graph, flows[unit.name]) for unit in units_of(graph)}

    def found(of: plan.Macro) -> Played:
        return play_across(of, sizes)

    assert not found(whole).wrong
    assert any(said in one for one in found(break_(whole)).wrong), found(break_(whole)).wrong
