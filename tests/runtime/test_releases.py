# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Copies that go again, `keep … until`: in random plans with crashes and loss, and step by step."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Command
from podpipec_runtime.plan.check import check
from podpipec_runtime.plan.types import Each, InputRef, Keep, Plan, Step, StepRef
from tests.runtime.plans import call, keep, lifetime, plan, shell
from tests.runtime.plans import given as slice_of
from tests.runtime.random_plans import Maker
from tests.runtime.simulator import World

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _released(steps: tuple[Step, ...], random: Random, around: tuple[str, ...]) -> tuple[Step, ...]:
    """The steps with an `until` for most of the copies that are kept: steps of their own body, or of one around it."""
    seen = (*around, *(step.id for step in steps))
    found: list[Step] = []
    for step in steps:
        others = [name for name in seen if name != step.id]
        if isinstance(step, Keep) and step.place != "remote" and others and random.random() < 0.8:
            found.append(replace(step, until=tuple(random.sample(others, min(len(others), random.randint(1, 2))))))
        elif isinstance(step, Each):
            outer = tuple(name for name in seen if name != step.id)
            found.append(replace(step, body=_released(step.body, random, outer)))
        else:
            found.append(step)
    return tuple(found)


def _made(random: Random) -> Plan:
    made = Maker(random).make()
    released = replace(made, steps=_released(made.steps, random, ()))
    check(released)
    return released


@given(SEEDS)
@QUICK
def test_nothing_is_missed_and_nothing_left(seed: int) -> None:
    random = Random(seed)
    world = World(_made(random), random)
    world.check_end(world.run())
    assert set(world.content) <= world.kept | {loc for loc in world.content if loc.place == "node"}


@given(SEEDS)
@QUICK
def test_after_any_crash_and_loss_the_results_are_the_same(seed: int) -> None:
    random = Random(seed)
    world = World(_made(random), random, crash=0.1, lose=("ram", "node"), fail=0.05)
    for _ in range(1000):
        state = world.run()
        if world.end == "done":
            break
    world.check_end(state)


A = shell("a", "a {i} {out}", ("i",))
B = shell("b", "b {i} {out}", ("i",))


class _Watched(World):
    """Notes when copies on `node` come and go: with how many calls published."""

    def __init__(self, made: Plan, random: Random) -> None:
        super().__init__(made, random)
        self.seen: list[tuple[int, int]] = []

    def _do(self, commands: tuple[Command, ...]) -> None:
        super()._do(commands)
        self.seen.append((len(self.published), sum(loc.place == "node" for loc in self.content) - 1))


def _chain(until: str) -> Plan:
    whole = InputRef(input="whole")
    copy = Keep(id="k", value=StepRef(step="x", output="out"), place="node", until=(until,))
    steps = [call("x", A, {"i": whole}), call("y", B, {"i": "x"}, after=("k",)), call("z", A, {"i": "y"}), copy]
    ends = [lifetime("x", ("y", "k")), lifetime("y", ("z",)), lifetime("z", ()), lifetime(whole, (), place="node")]
    return plan([A, B], [*steps, keep("kept", "z", "volume")], {"r": "z"}, [slice_of("whole", ("x",))], ends)


def test_the_copy_is_there_until_it_may_go() -> None:
    for until, published in (("y", 2), ("z", 3)):
        world = _Watched(_chain(until), Random(1))
        world.check_end(world.run())
        there = [calls for calls, copies in world.seen if copies > 0]
        assert there and max(there) < published
        assert world.seen[-1][1] <= 0


def test_what_was_released_is_not_made_again() -> None:
    world = World(_chain("y"), Random(1))
    world.check_end(world.run())
    first = list(world.starts)
    world.check_end(world.run())
    assert world.starts == first
