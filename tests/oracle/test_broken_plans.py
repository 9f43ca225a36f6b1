# ruff: noqa: E501 - a program a line
"""What the oracle plays it can also see broken: plans of every construct, with one thing wrong in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import bodies
from tests.oracle.declared import declared
from tests.oracle.playing import play
from tests.types.programs import compiled

HEAD = """\
snapshot days: Csv { from "d"  size 64KiB }
snapshot hours: Csv { from "s3://h/{window:%Y-%m-%dT%H}" window 1h size 64KiB }
snapshot book: Tree<Csv> { from "s3://b" size 64KiB }
snapshot deals: Graph<Csv> { from "s3://g" size 64KiB }
pod bench { slots 3 cpu 3 memory 4GiB ram 1GiB node 1GiB volume 1GiB }
helper redis(data: Csv) { run ["redis", data]  port 6379 }
stage one(a: Csv) -> out: Csv { run ["one", a, out] }
stage two(a: Csv, b: Csv) -> out: Csv { run ["two", a, b, out] size out 1KiB }
stage big(a: Csv, b: Csv) -> out: Csv { run ["big", a, b, out] size out 1MiB }
stage like(a: Csv, b: Csv) -> out: Csv { run ["like", a, b, out] size out a }
stage add(a: Csv, parts: Csv[]) -> out: Csv { run ["add", a, parts, out] }
stage own(a: Csv, parts: Csv[]) -> out: Csv { run ["own", a, parts, out] size out a }
stage sum(parts: Csv[]) -> out: Csv { run ["sum", parts, out] }
stage pour(a: Csv) -> rows: Stream<Csv> { run ["pour", a, rows] size rows 2 * a }
stage drink(rows: Stream<Csv>) -> out: Csv { run ["drink", rows, out] }
stage ask(a: Csv, at: redis) -> out: Csv { run ["ask", at, a, out] }
stage cook(a: Csv) -> recipe: Flow { run ["cook", a, recipe] size recipe 1KiB }
"""
WALK = """flow main(b: book, d: days) -> r on bench {
  r = walk x in b depth_first width 1 depth 3 {
    down limit from d = big(limit, b: x)
    note = big(x, b: limit)
    pv = like(x, b: note)
    up sum = add(pv, children.sum)
  }
  keep r in volume
}"""
LEVELS = """flow main(b: book, d: days) -> r on bench {
  r = walk x in b breadth_first width 2 {
    seen = big(x, b: d)
    up sum = own(x, children.sum)
  }
  keep r in volume
}"""
GRAPH = "flow main(g: deals) -> r on bench { l = run x in depends_on(g) { own(x, needs) } r = sum(l) keep r in volume }"
STREAM = "flow main(d: days) -> r on bench { s = pour(d) r = drink(s) keep r in volume }"
WITH = """flow main(d: days) -> r on bench {
  x = one(d)
  r = with cache = redis(x) {
    y = ask(d, cache)
    two(y, b: y)
  }
  q = with other = redis(r) { ask(r, other) }
  keep r in volume
}"""
RECIPE = "flow main(d: days) -> r on bench { c = cook(d) x: Csv = run c(d) r = one(x) keep r in volume }"
RELEASED = "flow main(d: days) -> r on bench survives pod { x = one(d) y = one(x) r = one(y) keep y in node until r keep r in volume }"
PINNED = "flow main(d: days) -> r on bench { x = one(d) r = pin x in volume }"
CONSUMED = """stage sort(consume a: Csv) -> out: Csv { run ["sort", a, out] }
flow main(d: days) -> r on bench { x = one(d) y = one(x) z = sort(consume x) after y r = two(y, b: z) keep r in volume }"""
HOURS = (
    "flow main(h: hours) -> r on bench { x = one(h) y = one(h[-1]) r = two(x, b: x) keep r in volume keep y in volume }"
)

Break = Callable[[plan.Plan], plan.Plan]


def _with(part: Any, **more: object) -> Any:
    return msgspec.structs.replace(part, **more)


def _steps(change: Callable[[Any], Any]) -> Break:
    """Every step as `change` makes it."""

    def changed(step: Any) -> Any:
        done = change(step)
        return _with(done, body=tuple(map(changed, done.body))) if bodies(done) else done

    return lambda whole: _with(whole, steps=tuple(map(changed, whole.steps)))


def _step(name: str, **more: object) -> Break:
    return _steps(lambda step: _with(step, **more) if step.id == name else step)


def _until(name: str, *until: str) -> Break:
    """A value of a step is freed after these."""

    def changed(life: plan.Lifetime) -> plan.Lifetime:
        of = isinstance(life.value, plan.StepRef) and life.value.step == name
        return _with(life, until=until) if of else life

    return lambda whole: _with(whole, lifetimes=tuple(map(changed, whole.lifetimes)))


def _peaks(place: str) -> Break:
    """A byte less."""
    return lambda whole: _with(
        whole, peaks=tuple(_with(one, bytes=one.bytes - 1) if one.place == place else one for one in whole.peaks)
    )


def _argument(name: str, port: str, ref: plan.Ref) -> Break:
    return _steps(lambda step: _with(step, args={**step.args, port: ref}) if step.id == name else step)


def _room(whole: plan.Plan) -> plan.Plan:
    """A byte more for what is run."""
    more = _steps(
        lambda step: (
            _with(step, room=tuple(_with(one, bytes=one.bytes + 1) for one in step.room))
            if isinstance(step, plan.Execute)
            else step
        )
    )
    return more(whole)


#: The program, what is wrong with its plan, and what the oracle says.
BROKEN: dict[str, tuple[str, Break, str]] = {
    "what goes down is freed early": (WALK, _until("r/limit", "r/limit"), "after it was freed"),
    "what goes up is freed early": (WALK, _until("r/sum", "r/sum"), "after it was freed"),
    "what came up is freed early": (WALK, _until("r", "r"), "`keep-r-volume` may read"),
    "more nodes at work than said": (WALK, _step("r", width=9), "bytes on ram at once"),
    "a walk of more levels": (WALK, _step("r", depth=None), "bytes on ram at once"),
    "a walk in any order": (LEVELS, _step("r", width=9), "bytes on ram at once"),
    "what a node gives is freed early": (GRAPH, _until("l/own", "l/own"), "after it was freed"),
    "a list of nodes is freed early": (GRAPH, _until("l/own", "l"), "after it was freed"),
    "less than all nodes give": (GRAPH, _peaks("ram"), "bytes on ram at once"),
    "both ends of a stream in one slot": (
        STREAM,
        _steps(lambda s: _with(s, slots=(0,)) if hasattr(s, "slots") else s),
        "it comes to a stop",
    ),
    "a helper ends before it is asked": (WITH, _step("cache-close", after=("cache",)), "when it is not there"),
    "two helpers in one container": (
        WITH,
        _steps(
            lambda s: (
                _with(s, after=tuple(a for a in s.after if a != "cache-close"))
                if s.id.startswith(("other", "q"))
                else s
            )
        ),
        "in one container at once",
    ),
    "what a helper was given is freed early": (WITH, _until("x", "cache"), "`cache-close` may read `x.out` after"),
    "more room for a recipe": (RECIPE, _room, "with a flow that is run"),
    "a copy that goes too early": (RELEASED, _step("keep-y-node", until=("y",)), "its copy has gone"),
    "a pin without room": (PINNED, _peaks("volume"), "bytes on volume at once"),
    "what is consumed is read": (
        CONSUMED,
        _argument("r", "a", plan.StepRef(step="x", output="out")),
        "which `z` consumes",
    ),
    "two windows in one stage": (
        HOURS,
        _argument("r", "b", plan.StepRef(step="y", output="out")),
        "values of two windows",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_seen(name: str) -> None:
    body, break_, said = BROKEN[name]
    done = compiled(HEAD + body)
    assert done.ok, done.diagnostics
    (graph,) = done.checked.graphs
    whole = lower(graph)
    survives = "pod" if "survives" in body else None
    assert not play(whole, declared(graph, whole), survives).wrong
    wrong = play(break_(whole), declared(graph, whole), survives).wrong
    assert any(said in one for one in wrong), (said, wrong)
