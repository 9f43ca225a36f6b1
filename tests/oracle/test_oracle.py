"""The oracle itself: small runs of which a person can tell the answer."""

from __future__ import annotations

from fractions import Fraction

import pytest

from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from tests.oracle import meaning, planned
from tests.oracle.faults import unrecoverable
from tests.oracle.gates import Spot, Turns, Ways
from tests.oracle.model import Builder, Leaf, Run
from tests.oracle.schedules import Slots, TooManyError, explore, explore_slots, finished_sets
from tests.oracle.worlds import ONE, World
from tests.types.programs import compiled

HEAD = """\
snapshot ticks: File { from "s3://t/{shard}" shards 3 size 6MiB }
snapshot days: File { from "s3://d" size 8MiB }
pod bench { slots 2 cpu 4 memory 4GiB ram 1GiB node 1GiB volume 1GiB }
stage one(a: File) -> out: File { run ["one", a, out] }
stage two(a: File, b: File) -> out: File { run ["two", a, b, out] size out 1MiB }
stage split(a: File) -> parts: File[] { run ["split", a, parts] }
stage many(parts: File[]) -> out: File { run ["many", out, parts] }
"""
MIB = 2**20


def reading(body: str, world: World = ONE) -> meaning.Reading:
    return meaning.read(HEAD + body, world)


def peaks(body: str, world: World = ONE) -> dict[str, int]:
    """In MiB."""
    return {place: size // MIB for place, size in explore(reading(body, world).run).peaks.items()}


def chain(*sizes: int) -> Run:
    """Tasks one after the other, each reading what the one before wrote."""
    builder = Builder()
    before: int | None = None
    for number, size in enumerate(sizes):
        needs = 0 if before is None else 1 << before
        task = builder.task(f"t{number}", (), needs, [] if before is None else [before])
        before = builder.leaf(Leaf(f"v{number}", "ram", size, task), ())
    return builder.run({}, {"ram": 100}, ())


def test_a_chain_holds_two_values_at_a_time() -> None:
    found = explore(chain(1, 10, 4, 7))
    assert found.peaks == {"ram": 14} and not found.wrong


def test_all_orders_of_what_is_independent_are_seen() -> None:
    builder = Builder()
    for number in range(5):
        builder.leaf(Leaf(f"v{number}", "ram", 2**number, builder.task(f"t{number}", (), 0, ())), ())
    found = explore(builder.run({}, {}, ()))
    assert found.states == 32 and found.peaks == {"ram": 31}


def test_slices_are_there_from_the_start_and_results_to_the_end() -> None:
    assert peaks("flow main(d: days) -> r on bench { x = one(d) r = one(x) }") == {"node": 8, "ram": 16}
    assert peaks("flow main(d: days, t: ticks) on bench { x = one(d) }") == {"node": 14, "ram": 8}


def test_an_outer_value_stays_until_the_fan_out_is_over() -> None:
    body = "flow main(d: days) on bench { x = one(d) l = each c in [1, 2, 3] { y = two(x, b: x) two(y, b: y) } }"
    assert peaks(body) == {"node": 8, "ram": 8 + 2 * 2 + 1}


def test_as_many_elements_are_under_way_as_there_are_slots() -> None:
    assert peaks("flow main(t: ticks) on bench { l = each s in t.shards { x = one(s) y = one(x) two(y, b: y) } }") == {
        "node": 18,
        "ram": 2 * 12 + 1,
    }


def test_the_spread_of_a_list_matters() -> None:
    body = "flow main(d: days) on bench { l = split(d) r = each p in l { x = one(p) two(x, b: x) } }"
    assert peaks(body, World((Fraction(0), Fraction(1)))) == {"node": 8, "ram": 8 + 8 + 2}
    assert not reading(body).bounded


def test_a_list_of_outer_values_keeps_them() -> None:
    run = reading("flow main(d: days) on bench { x = one(d) l = each c in [1, 2] { x } r = many(l) }").run
    assert not explore(run).wrong and explore(run).peaks["ram"] // MIB == 8 + 2 * 8


@pytest.mark.parametrize(
    ("code", "flow"),
    [
        ("S2", "flow main(t: ticks) on bench { l = each a in t.shards { one(a) } m = each b in l { two(b, b: b) } }"),
        ("S2", "flow main(t: ticks) on bench { l = each a in t.shards { k = each b in t.shards { two(a, b: b) } } }"),
        ("L1", "flow main(d: days) -> r on bench { r = one(d) }"),
        ("L1", "flow main(d: days) -> r on bench { r = one(d) keep r in node }"),
        ("L4", "flow main(d: days) on bench { x = one(d) y in node = x }"),
        ("L4", "flow main(d: days) on bench { x = one(d) y in node = x keep x in node }"),
    ],
)
def test_what_breaks_a_rule_is_seen(code: str, flow: str) -> None:
    harmless = ("keep r in node", "l = each a in t.shards { one(a) }")
    assert (code in reading(flow).broken) is not any(part in flow for part in harmless)


def test_a_lost_node_takes_what_is_only_there() -> None:
    flow = "flow main(d: days) -> r on bench survives node { x = one(d) r = one(x) keep r in node }"
    run = reading(flow).run
    found = {unrecoverable(run, moment, "node") for moment in finished_sets(run, 100)}
    assert found == {None, "the result `r` is gone"}
    assert {unrecoverable(run, moment, "pod") for moment in finished_sets(run, 100)} == {None}
    kept = reading(flow.replace("keep r in node", "keep r in volume")).run
    assert {unrecoverable(kept, moment, "node") for moment in finished_sets(kept, 100)} == {None}


def test_a_source_on_the_node_is_lost_with_it() -> None:
    text = (HEAD + "flow main(d: days) on bench survives node { x = one(d) y = one(x) }").replace("s3://d", "d")
    run = meaning.read(text, ONE).run
    found = [unrecoverable(run, moment, "node") for moment in finished_sets(run, 100)]
    assert found[0] == "`d` cannot be made again" and found[-1] is None


def test_too_many_states_are_not_looked_at() -> None:
    with pytest.raises(TooManyError):
        explore(chain(*range(1, 30)), 10)


def _plan(body: str) -> plan.Plan:
    done = compiled(HEAD + body)
    assert done.ok, done.diagnostics
    return lower(done.checked.graphs[0])


def _broken(whole: plan.Plan, **more: object) -> plan.Plan:
    return plan.Plan(**{name: getattr(whole, name) for name in whole.__struct_fields__} | more)


def test_a_life_that_ends_too_early_is_seen() -> None:
    whole = _plan("flow main(d: days) on bench { x = one(d) y = one(d) z = two(x, b: y) }")
    assert not explore(planned.run_of(whole, ONE)).wrong
    early = tuple(
        plan.Lifetime(**{name: getattr(life, name) for name in life.__struct_fields__} | {"until": ("y",)})
        if isinstance(life.value, plan.StepRef) and life.value.step == "x"
        else life
        for life in whole.lifetimes
    )
    assert (
        "`z` may read `x.out` after it was freed" in explore(planned.run_of(_broken(whole, lifetimes=early), ONE)).wrong
    )


def test_a_step_that_comes_too_early_is_seen() -> None:
    whole = _plan("flow main(d: days) on bench { x = one(d) z = one(x) }")
    with pytest.raises(planned.Missing):
        planned.run_of(_broken(whole, steps=whole.steps[::-1]), ONE)


def test_slots_that_are_too_large_for_the_pod_are_seen() -> None:
    whole = _plan("flow main(d: days) on bench { x = one(d) y = one(d) z = two(x, b: y) }")
    run = planned.run_of(whole, ONE)
    assert not explore_slots(run, Slots(whole.pod.cpu, whole.pod.memory, 2)).wrong
    assert any("cores" in one for one in explore_slots(run, Slots(1000, whole.pod.memory, 2)).wrong)
    assert any("memory" in one for one in explore_slots(run, Slots(4000, 512 * MIB, 2)).wrong)
    assert any("slots" in one for one in explore_slots(run, Slots(4000, whole.pod.memory, 1)).wrong)


def test_so_many_are_under_way_at_once() -> None:
    turns = Turns(1, {0: 0b10, 2: 0b1000})
    assert turns.lets(2, 0b0) and not turns.lets(2, 0b1) and turns.lets(2, 0b11)


def test_a_walk_goes_so_many_ways_down() -> None:
    root, child = Spot(0b1, 0b10, whole=0b111111), Spot(0b100, 0b1000, whole=0b1100, parent=0)
    other = Spot(0b10000, 0b100000, whole=0b110000, parent=0)
    for width, both in ((1, False), (2, True)):
        ways = Ways(width, True, [root, child, other])
        assert ways.lets(2, 0b11) and ways.lets(4, 0b1111)
        assert ways.lets(4, 0b111) is both  # while the first child is at its steps
