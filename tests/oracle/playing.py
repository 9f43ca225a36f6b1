"""All schedules of the plan of a checked flow, in small worlds: what of it they break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

import msgspec

from podpipec.graph.nodes import Graph
from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import within
from tests.oracle import planned, recipes
from tests.oracle.declared import declared
from tests.oracle.faults import FAULTS, gone_too_early, unrecoverable
from tests.oracle.model import Run
from tests.oracle.schedules import Slots, TooManyError, explore, explore_slots, finished_sets
from tests.oracle.unrolling import Declared
from tests.oracle.worlds import CHOICES, WORLDS, World, graphs, trees

#: Runs with more states than this are not looked at, with and without slots.
MOST, MOST_IN_SLOTS = 30_000, 2_000


class Played(NamedTuple):
    """What was found: what is wrong, the peaks of all schedules, and how many worlds and states were seen."""

    wrong: tuple[str, ...]
    peaks: Mapping[str, int]
    worlds: int
    states: int


def played(graph: Graph) -> Played:
    """Everything that breaks a flow of one pod which the checker accepts."""
    whole = lower(graph)
    survives = graph.flow.declared.survives
    return play(whole, declared(graph, whole), survives.text if survives else None)


def play(whole: plan.Plan, sizes: Declared, survives: str | None = None, most: int = MOST) -> Played:
    """Everything that breaks a plan. Raises TooManyError."""
    said = planned.peaks_of(whole)
    capacity: Mapping[str, int] = {place.name: place.bytes for place in whole.pod.places}
    wrong = dict.fromkeys(f"the peak of {place} is over its size" for place in said if said[place] > capacity[place])
    wrong.update(dict.fromkeys(_pod(whole.pod)))
    peaks: dict[str, int] = {}
    number = states = 0
    for world in worlds(whole):
        number += 1
        try:
            run = planned.run_of(smaller(whole), world, _local(whole), sizes)
        except planned.Missing as missing:
            wrong[str(missing)] = None
            continue
        found = explore(recipes.without(run), most)
        states += found.states
        wrong.update(dict.fromkeys(found.wrong))
        for place, size in found.peaks.items():
            peaks[place] = max(size, peaks.get(place, 0))
            if place != "remote" and size > said[place]:
                wrong[f"{size} bytes on {place} at once, the plan says {said[place]}"] = None
        wrong.update(dict.fromkeys(_recipes(run, capacity, most)))
        wrong.update(dict.fromkeys(_slots(run, whole.pod)))
        wrong.update(dict.fromkeys(_faults(run, survives, most)))
    return Played(tuple(wrong), peaks, number, states)


def worlds(whole: plan.Plan) -> Iterator[World]:
    """The worlds that a plan can tell apart."""
    steps = [step for top in whole.steps for step in within(top)]
    choosing = any(isinstance(step, plan.If | plan.Fallback) for step in steps)
    parts = WORLDS if any(port.content.endswith("[]") for one in whole.stages for port in one.outputs) else WORLDS[:1]
    shapes = tuple(trees(4)) if any(isinstance(step, plan.Walk) for step in steps) else (WORLDS[0].tree,)
    nodes = tuple(graphs(3)) if any(isinstance(step, plan.Ordered) for step in steps) else (WORLDS[0].graph,)
    for world, choices, tree, graph in product(parts, CHOICES if choosing else CHOICES[:1], shapes, nodes):
        yield World(world.parts, choices, tree, graph)


def smaller(whole: plan.Plan) -> plan.Plan:
    """With two shards, or two windows: what the plan says of all of them is then more than enough."""
    inputs = tuple(
        msgspec.structs.replace(given, shards=given.shards[:2], windows=_two(given.windows)) for given in whole.inputs
    )
    return msgspec.structs.replace(whole, inputs=inputs)


def _two(windows: plan.At | plan.Range | plan.Within) -> plan.At | plan.Range | plan.Within:
    match windows:
        case plan.Within(most=most):
            return plan.Within(most=min(most, 2))
        case plan.Range(first=first, last=last):
            return plan.Range(first=max(first, last - 1), last=last)
        case plan.At():
            return windows


def _local(whole: plan.Plan) -> Iterator[str]:
    """The inputs whose sources are paths of the node."""
    for given in whole.inputs:
        first = given.source[0] if given.source else ""
        if isinstance(first, str) and "://" not in first:
            yield given.name


def _pod(pod: plan.Pod) -> Iterator[str]:
    """The containers of a pod are all there from its start to its end."""
    containers = (*pod.slots, *pod.seats)
    if sum(one.cpu for one in containers) > pod.cpu:
        yield "the slots and the helpers have more cores than the pod"
    if sum(one.memory for one in containers) > pod.memory:
        yield "the slots and the helpers have more memory than the pod"


def _recipes(run: Run, capacity: Mapping[str, int], most: int) -> Iterator[str]:
    """Flows that are written at run time may fill what is left, and no more."""
    if recipes.without(run) != run:
        for place, size in explore(run, most).peaks.items():
            if size > capacity.get(place, size):
                yield f"{size} bytes on {place} with a flow that is run, which has {capacity[place]}"


def _slots(run: Run, pod: plan.Pod) -> tuple[str, ...]:
    cpu, memory = (pod.cpu, pod.memory)
    for seat in pod.seats:
        cpu, memory = cpu - seat.cpu, memory - seat.memory
    try:
        return explore_slots(recipes.without(run), Slots(cpu, memory, len(pod.slots)), MOST_IN_SLOTS).wrong
    except TooManyError:
        return ()  # without slots there are more schedules, and all of those were seen


def _faults(run: Run, survives: str | None, most: int) -> Iterator[str]:
    """What a fault that the flow claims to survive makes impossible."""
    for fault in FAULTS[: FAULTS.index(survives) + 1] if survives else ():
        for moment in finished_sets(run, most):
            lost = unrecoverable(run, moment, fault) or gone_too_early(run, moment, fault)
            if lost:
                yield f"after a lost {fault} {lost}"
                break
