"""A plan, indexed once for the interpreter: who is where, who waits for whom, who ends whose life."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from podpipec_runtime.interpreter.keys import Parts, stage_digest, stage_parts
from podpipec_runtime.interpreter.values import Instance
from podpipec_runtime.plan.order import siblings
from podpipec_runtime.plan.types import (
    Call,
    Each,
    InputRef,
    ItemRef,
    Lifetime,
    Plan,
    Ref,
    ShardsRef,
    Stage,
    Step,
    StepRef,
    WindowsRef,
)
from podpipec_runtime.shapes.graph import Graph

#: The step name under which the slices of an input have their instances; ids of steps never start so.
INPUT = "<input>"
#: The instance that stands for the results at the end.
RESULTS = Instance("<results>")


class Port(NamedTuple):
    """A source of values: an output of a step, or (`step` is INPUT) the slices of an input."""

    step: str
    output: str


class Place(msgspec.Struct, frozen=True):
    """Where a step stands: the `each`es around it, outermost first, and its number in the plan."""

    step: Step
    chain: tuple[str, ...]
    order: int


class Used(msgspec.Struct, frozen=True):
    """A stage with the digests that its keys are built on."""

    stage: Stage
    parts: Parts
    digest: str


class Until(NamedTuple):
    """A step whose end brings a value's end nearer, and at how many `each`es deep."""

    step: str
    depth: int


class Program(msgspec.Struct, frozen=True):
    """`bodies` has the graph of each `each`'s body, and of the whole under the empty name.

    `until` tells what has to be over for a value to go; a port that is missing there lives to the end.
    `ends` is the same the other way round. `depths` is how deep a port's values are.
    """

    plan: Plan
    steps: dict[str, Place]
    bodies: dict[str, Graph]
    stages: dict[str, Used]
    until: dict[Port, tuple[Until, ...]]
    ends: dict[str, tuple[Port, ...]]
    depths: dict[Port, int]


def program(plan: Plan) -> Program:
    """Indexes a plan that has been checked (`plan.check`)."""
    steps, bodies = _walk(plan)
    until, depths = _lifetimes(plan, steps)
    ends: dict[str, list[Port]] = {}
    for port, anchors in until.items():
        for anchor in anchors:
            ends.setdefault(anchor.step, []).append(port)
    stages = {}
    for stage in plan.stages:
        parts = stage_parts(stage)
        stages[stage.name] = Used(stage, parts, stage_digest(parts))
    return Program(plan, steps, bodies, stages, until, {k: tuple(v) for k, v in ends.items()}, depths)


def _walk(plan: Plan) -> tuple[dict[str, Place], dict[str, Graph]]:
    steps: dict[str, Place] = {}
    bodies = {"": Graph.of(siblings(plan.steps))}
    stack: list[tuple[Step, tuple[str, ...]]] = [(step, ()) for step in reversed(plan.steps)]
    while stack:
        step, chain = stack.pop()
        steps[step.id] = Place(step, chain, len(steps))
        if isinstance(step, Each):
            bodies[step.id] = Graph.of(siblings(step.body))
            stack.extend((inner, (*chain, step.id)) for inner in reversed(step.body))
    return steps, bodies


def _lifetimes(plan: Plan, steps: dict[str, Place]) -> tuple[dict[Port, tuple[Until, ...]], dict[Port, int]]:
    """A value with several lifetimes on its place goes with the last of them."""
    chains: dict[Port, tuple[str, ...]] = {}
    names: dict[Port, set[str]] = {}
    endless: set[Port] = set()
    for lifetime in plan.lifetimes:
        for port, chain in _ports(lifetime, plan, steps):
            chains[port] = min(chain, chains.get(port, chain), key=len)
            names.setdefault(port, set()).update(lifetime.until)
            if not lifetime.until:
                endless.add(port)
    until = {
        port: tuple(sorted({_anchor(name, chains[port], steps) for name in found}))
        for port, found in names.items()
        if port not in endless
    }
    return until, {port: len(chain) for port, chain in chains.items()}


def _ports(lifetime: Lifetime, plan: Plan, steps: dict[str, Place]) -> Iterator[tuple[Port, tuple[str, ...]]]:
    """The source of a lifetime's value on that place, and the `each`es that it has one value for each of."""
    ref: Ref = lifetime.value
    while True:
        match ref:
            case StepRef():
                place = steps[ref.step]
                if isinstance(place.step, Each):
                    ref = place.step.yields
                    continue
                if _lies_on(place.step, ref.output) == lifetime.place:
                    yield Port(ref.step, ref.output), place.chain
            case ItemRef():
                place = steps[ref.each]
                assert isinstance(place.step, Each)
                over = place.step.over
                if isinstance(over, ShardsRef | WindowsRef) and not place.chain:
                    chain = (ref.each,) if lifetime.scope == ref.each else ()
                    yield Port(INPUT, over.input), chain
                    return
                ref = over
                continue
            case InputRef() | ShardsRef() | WindowsRef():
                yield Port(INPUT, ref.input), ()
            case _:
                pass
        return


def _lies_on(step: Step, output: str) -> str:
    if isinstance(step, Call):
        return next((each.place for each in step.outputs if each.name == output), "")
    return "" if isinstance(step, Each) else step.place


def _anchor(name: str, chain: tuple[str, ...], steps: dict[str, Place]) -> Until:
    """The step to wait for: `name` itself, or the outermost `each` around it that isn't around the value."""
    around = steps[name].chain
    shared = 0
    while shared < min(len(chain), len(around)) and chain[shared] == around[shared]:
        shared += 1
    return Until(name if shared == len(around) else around[shared], shared)
