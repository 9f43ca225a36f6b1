# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Services and pins in the simulated world: random plans, crashes, loss, and what must not be done twice."""

from __future__ import annotations

import os
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podpipec_runtime.interpreter.state import State
from podpipec_runtime.plan.types import CarryRef, ConstantRef, Cycle, Each, ItemRef, PlaceName, Plan, Ref, Stage, Step
from tests.runtime.outside import Asking, Outside, is_sound
from tests.runtime.plans import call, collected, cycle, each, fold, pin, plan, shell

SEEDS = st.integers(0, 2**32)
QUICK = settings(
    max_examples=int(os.environ.get("PODPIPEC_EXAMPLES", "100")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def ended(world: Outside) -> State:
    """The state at the end of a run, and of the passes that it asks for."""
    for _ in range(50):
        state = world.run()
        if world.end != "again":
            return state
    raise AssertionError("it begins anew for ever")


@given(SEEDS)
@QUICK
def test_crashes_and_loss_never_mix_two_answers(seed: int) -> None:
    random = Random(seed)
    world = Outside(Asking(random, idempotent=True).make(), random, crash=0.1, lose=("ram", "node"))
    world.check_end(ended(world))


@given(SEEDS)
@QUICK
def test_what_is_lost_here_and_there_never_mixes_two_answers(seed: int) -> None:
    """Pins are lost one by one, so that one is there and not what it is made of."""
    random = Random(seed)
    made = Asking(random, idempotent=True).make()
    world = Outside(made, random, crash=0.1, lose=("ram", "node", "volume"), scatter=True)
    world.check_end(ended(world))


def cycles(place: PlaceName) -> Plan:
    """Each element asks with what came of the one before, pins that, and hands on what it makes of the pin."""
    ask = replace(shell("ask_next", "", ["sum"]), calls=("service",), idempotent=True)
    zero, onto = shell("zero", ""), shell("onto", "", ["sum", "a"])
    before = CarryRef(cycle="c", name="book")
    body = [
        call("raw", ask, {"sum": before}),
        pin("fixed", "raw", place),
        call("more", onto, {"sum": "raw", "a": collected("fixed")}),
        pin("both", "more", place),
        call("book", onto, {"sum": before, "a": collected("both")}),
    ]
    steps = [call("z", zero), cycle("c", ConstantRef(value=tuple("abcd")), body, {"book": ("z", "book")}, 2)]
    return plan([ask, zero, onto], steps, {"r": "c.book"})


@given(SEEDS, st.sampled_from(("node", "volume")))
@QUICK
def test_the_pins_of_a_cycle_are_of_one_history(seed: int, place: PlaceName) -> None:
    made = cycles(place)
    assert is_sound(made)
    world = Outside(made, Random(seed), crash=0.1, lose=("ram", "node"))
    world.check_end(ended(world))


def pins_of_pins(random: Random) -> Plan:
    """Pins in loops, one behind the other, and outside what is made of them: of an element, a group, a carry, all."""
    ask = replace(shell("ask_it", "", {"x": "String"}), calls=("service",), idempotent=True)
    more = replace(shell("ask_more", "", ["x"]), calls=("service",), idempotent=True)
    zero, both = shell("zero", ""), shell("both", "", ["x", "y"])
    join = shell("join", "", {"xs": "File[]"})
    places: list[PlaceName] = [random.choice(["node", "volume"]) for _ in range(6)]

    def loop(number: int, over: str | Ref, first: Stage, *, way: str) -> Step:
        """A loop that asks for each of its elements, or groups, or for what it hands on, and pins that."""
        raw, fixed, last = f"raw{number}", f"fixed{number}", f"last{number}"
        item = ItemRef(each=f"l{number}")
        body: list[Step]
        match way:
            case "fold" | "groups":
                body = [call(f"j{number}", join, {"xs": item}), call(raw, more, {"x": f"j{number}"})]
            case "cycle":
                carry = CarryRef(cycle=f"l{number}", name="sum")
                body = [call(f"b{number}", both, {"x": carry, "y": item}), call(raw, more, {"x": f"b{number}"})]
            case _:
                body = [call(raw, first, {"x": item})]
        body += [pin(fixed, raw, places[number])]
        if way == "cycle":  # what is handed on is made of all before, if its pins are not
            if random.random() < 0.5:
                body[1] = call(raw, more, {"x": item})
            body += [call(last, both, {"x": carry, "y": collected(fixed)})]
            return cycle(f"l{number}", over, body, {"sum": ("z", last)}, 2)
        if random.random() < 0.5:
            body += [call(f"again{number}", more, {"x": collected(fixed)})]
            body += [pin(last, f"again{number}", random.choice(["node", "volume"]))]
            fixed = last
        if way == "fold":
            return fold(f"l{number}", over, 2, body, collected(fixed))
        return each(f"l{number}", over, body, collected(fixed), group=2 if way == "groups" else 0)

    inner = loop(1, ConstantRef(value=("a", "b", "c")), ask, way="each")
    second = loop(2, collected("l1"), more, way=random.choice(["each", "groups", "fold", "cycle"]))
    end = "l2.sum" if isinstance(second, Cycle) else collected("l2")
    steps: list[Step] = [call("z", zero), inner, second]
    if isinstance(second, Each):
        steps.append(call("joined", join, {"xs": end}))
        end = "joined"
    steps += [
        call("all", join, {"xs": collected("l1")}),
        pin("P", "all", places[3]),
        call("of", more, {"x": collected("P")}),
        pin("Q", "of", places[4]),
        pin("R", end, places[5]) if random.random() < 0.5 else call("R", both, {"x": end, "y": end}),
        call("r", both, {"x": collected("Q"), "y": end}),
    ]
    return plan([ask, more, zero, both, join], steps, {"r": "r"})


@given(SEEDS)
@QUICK
def test_a_pin_goes_with_what_it_is_made_of(seed: int) -> None:
    """Of pins in loops some are lost, in crashes and between two runs; nothing that was made of them is taken."""
    random = Random(seed)
    made = pins_of_pins(random)
    assert is_sound(made)
    world = Outside(made, random, crash=0.05, lose=("ram", "node", "volume"), scatter=random.random() < 0.7)
    world.check_end(ended(world))
    asked = world.calls
    world.crash = 0
    world.check_end(ended(world))
    assert world.calls == asked, "asked again for what is pinned"
    for _ in range(2):
        for place in ("ram", "node"):
            world._lose(place)
        world.check_end(ended(world))


def test_pins_of_one_answer_that_are_recorded_apart() -> None:
    """A run that goes down between recording one and the other leaves two of two answers, and neither is taken."""
    ask = replace(shell("ask_it", "", {"x": "String"}), calls=("service",), idempotent=True)
    one, both = shell("one", "", ["x"]), shell("both", "", ["x", "y"])
    steps = [
        call("raw", ask, {"x": ConstantRef(value="a")}),
        pin("early", "raw", "node"),
        call("hot", one, {"x": "raw"}),
        pin("late", "hot"),
        call("r", both, {"x": collected("early"), "y": collected("late")}),
    ]
    for seed in range(60):
        world = Outside(plan([ask, one, both], steps, {"r": "r"}), Random(seed), crash=0.15, lose=("ram", "node"))
        for _ in range(3):
            world.check_end(ended(world))
            world._lose("node")


def cycle_of_two_pins(random: Random) -> Plan:
    """What one pin of an element is made of is another of those before, which itself is made of no other."""
    ask = replace(shell("ask_it", "", {"x": "String"}), calls=("service",), idempotent=True)
    more = replace(shell("ask_more", "", ["x"]), calls=("service",), idempotent=True)
    zero, both = shell("zero", ""), shell("both", "", ["x", "y"])
    carry = CarryRef(cycle="c", name="sum")
    places: list[PlaceName] = [random.choice(["node", "volume"]) for _ in range(2)]
    body = [
        call("raw", ask, {"x": ItemRef(each="c")}),
        pin("own", "raw", places[0]),
        call("with", both, {"x": carry, "y": collected("own")}),
        call("then", more, {"x": "with"}),
        pin("made", "then", places[1]),
        call("s", both, {"x": carry, "y": collected(random.choice(["own", "made"]))}),
    ]
    steps = [call("z", zero), cycle("c", ConstantRef(value=tuple("abcd")), body, {"sum": ("z", "s")}, 2)]
    return plan([ask, more, zero, both], steps, {"r": "c.sum", "m": "c.sum"})


@given(SEEDS)
@QUICK
def test_the_pins_of_a_cycle_go_one_by_one(seed: int) -> None:
    random = Random(seed)
    world = Outside(cycle_of_two_pins(random), random, crash=0.05, lose=("ram", "node", "volume"), scatter=True)
    for _ in range(3):
        world.check_end(ended(world))
        for place in ("ram", "node"):
            world._lose(place)


def test_only_what_is_made_of_a_lost_pin_is_asked_for_again() -> None:
    """Two lists, each of whose elements is made of one of the list before, a pin of all, and one of a carry."""
    ask = replace(shell("ask_it", "", {"x": "String"}), calls=("service",), idempotent=True)
    more = replace(shell("ask_more", "", ["x"]), calls=("service",), idempotent=True)
    zero, both, join = shell("zero", ""), shell("both", "", ["x", "y"]), shell("join", "", {"xs": "File[]"})
    item, carry = ItemRef(each="l2"), CarryRef(cycle="l3", name="sum")
    steps = [
        call("z", zero),
        each(
            "l1",
            ConstantRef(value=("a", "b", "c")),
            [call("r1", ask, {"x": ItemRef(each="l1")}), pin("p1", "r1", "node")],
            collected("p1"),
        ),
        each("l2", collected("l1"), [call("r2", more, {"x": item}), pin("p2", "r2")], collected("p2")),
        cycle(
            "l3",
            collected("l2"),
            [
                call("b", both, {"x": carry, "y": ItemRef(each="l3")}),
                call("r3", more, {"x": "b"}),
                pin("p3", "r3"),
                call("s", both, {"x": carry, "y": collected("p3")}),
            ],
            {"sum": ("z", "s")},
        ),
        call("j", join, {"xs": collected("l1")}),
        pin("all", "j"),
        call("r4", more, {"x": collected("all")}),
        pin("p4", "r4"),
    ]
    made = plan([ask, more, zero, both, join], steps, {"a": "l3.sum", "b": collected("p4")})
    assert is_sound(made)
    world = Outside(made, Random(1))
    world.check_end(ended(world))
    assert world.asked_in_all() == {"r1": 3, "r2": 3, "r3": 3, "r4": 1}
    world.forget_pin("p1\nb")
    world.check_end(ended(world))
    # of the lists one each, of the cycle from there on, and what is made of all
    assert world.asked_in_all() == {"r1": 4, "r2": 4, "r3": 5, "r4": 2}


@given(SEEDS)
@QUICK
def test_no_call_is_repeated_that_must_not_be(seed: int) -> None:
    """Each is made at most once until a run has ended, whatever goes down; then what holds up the run is told."""
    random = Random(seed)
    world = Outside(Asking(random, idempotent=False).make(), random, crash=0.02)
    state = ended(world)
    assert all(count == 1 for count in world.asked.values())
    if world.end == "failed":
        assert state.failure is not None and "--repeat-effects" in state.failure.message
        world.repeat = True
        state = ended(world)
    world.check_end(state)


@given(SEEDS)
@QUICK
def test_a_second_run_asks_only_for_what_is_not_pinned(seed: int) -> None:
    random = Random(seed)
    world = Outside(Asking(random, idempotent=random.random() < 0.5).make(), random)
    first = ended(world)
    world.check_end(first)
    before, recorded = len(world.starts), dict(world.recorded)
    state = ended(world)
    world.check_end(state)
    again = {name for name, _ in world.starts[before:]}
    assert not again & set(world.program.pins.spared), "ran what was only there for pins"
    calling = {name for name in again if any(world.stages[one.stage].calls for one in world.program.calls[name])}
    assert calling or again == set()
    if not calling:
        assert world.recorded == recorded
