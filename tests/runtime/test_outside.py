# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Services and pins in the simulated world: random plans, crashes, loss, and what must not be done twice."""

from __future__ import annotations

import os
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podpipec_runtime.interpreter.state import State
from podpipec_runtime.plan.types import CarryRef, ConstantRef, PlaceName, Plan
from tests.runtime.outside import Asking, Outside, is_sound
from tests.runtime.plans import call, collected, cycle, pin, plan, shell

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
