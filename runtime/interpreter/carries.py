"""How the elements of a cycle hang together, seen from the plan alone.

What an element sees as a carry is what the one before gave. That can be what a step of the body made, a carry
again (then it is what a step made further back), or something from outside of the cycle.
"""

from __future__ import annotations

from collections.abc import Iterator

from podpipec_runtime.plan.order import refs, within
from podpipec_runtime.plan.types import CarryRef, Cycle, Step, StepRef
from podpipec_runtime.tuples import NamedTuple


class Given(NamedTuple):
    """What a step makes is seen as the carry `name` by the element `delay` after."""

    name: str
    delay: int


class Follower(NamedTuple):
    """A step of the body that waits for what another one makes `delay` elements before."""

    step: str
    delay: int


def given(cycle: Cycle) -> dict[str, tuple[Given, ...]]:
    """For each step of the body that makes a carry, all that it is seen as."""
    found: dict[str, tuple[Given, ...]] = {}
    for carry in cycle.carries:
        source = _source(cycle, carry.name)
        if source is not None:
            found[source.step] = (*found.get(source.step, ()), Given(carry.name, source.delay))
    return found


def followers(cycle: Cycle) -> dict[str, tuple[Follower, ...]]:
    """For each step of the body that makes a carry, which steps wait for that in later elements."""
    found: dict[str, dict[Follower, None]] = {}
    for step in cycle.body:
        for name in _reads(cycle, step):
            source = _source(cycle, name)
            if source is not None:
                found.setdefault(source.step, {})[Follower(step.id, source.delay)] = None
    return {name: tuple(each) for name, each in found.items()}


def _source(cycle: Cycle, name: str) -> Follower | None:
    """The step of the body that makes a carry, and how many elements before; None if that is outside."""
    carries = {carry.name: carry.gives for carry in cycle.carries}
    body = {step.id for step in cycle.body}
    for delay in range(1, len(carries) + 1):
        ref = carries[name]
        if isinstance(ref, StepRef):
            return Follower(ref.step, delay) if ref.step in body else None
        if not isinstance(ref, CarryRef) or ref.cycle != cycle.id:
            return None
        name = ref.name
    return None  # carries that only ever hand each other their starts


def _reads(cycle: Cycle, step: Step) -> Iterator[str]:
    """The carries that a step of the body sees, itself or within."""
    for inner in within(step):
        for ref in refs(inner):
            if isinstance(ref, CarryRef) and ref.cycle == cycle.id:
                yield ref.name
