"""Who pays for scratch in memory.

Pages of an in-memory volume are charged to the container that wrote them. What stages write is part of
their slot's memory in the plan. The quarterback writes to `ram` as well: the slices that it brings in, the
copies that `move` makes, and kept values that it restores from their checkpoint when a lost container or
pod resumes.
"""

from __future__ import annotations

from collections.abc import Iterator

from podpipec_runtime.plan.order import within
from podpipec_runtime.plan.types import InputRef, Keep, Move, Plan, ShardsRef, Step, StepRef, WindowsRef


def all_steps(plan: Plan) -> Iterator[Step]:
    """Every step of the plan, those in the bodies of loops and choices included."""
    for top in plan.steps:
        yield from within(top)


def ram_bytes(plan: Plan) -> int:
    """The size of the place `ram`, 0 without one."""
    return sum(place.bytes for place in plan.pod.places if place.name == "ram")


def quarterback_scratch(plan: Plan) -> int:
    """The most bytes of `ram` that can be charged to the quarterback: never more than the place has."""
    slices = sum(entry.bytes * entry.most for entry in plan.inputs if entry.place == "ram")
    written = _written_by_quarterback(plan)
    values = sum(
        life.bytes * life.copies
        for life in plan.lifetimes
        if life.place == "ram"
        and not isinstance(life.value, InputRef | ShardsRef | WindowsRef)
        and life.value in written
    )
    return min(slices + values, ram_bytes(plan))


def _written_by_quarterback(plan: Plan) -> frozenset[object]:
    """The values that `move` makes and those that a `keep` can restore."""
    moved = {StepRef(step=step.id) for step in all_steps(plan) if isinstance(step, Move)}
    kept = {step.value for step in all_steps(plan) if isinstance(step, Keep) and isinstance(step.value, StepRef)}
    return frozenset(moved | kept)
