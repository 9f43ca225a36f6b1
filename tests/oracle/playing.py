"""All schedules of the plan of a checked flow, in small worlds: what of it they break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeVar

import msgspec

from podpipec.graph.nodes import Graph
from podpipec.graph.traversal import units_of
from podpipec.plan import lower
from podpipec.plan.across import lower_across
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import within
from tests.oracle import planned, recipes
from tests.oracle.declared import declared
from tests.oracle.faults import FAULTS, gone_too_early, unrecoverable
from tests.oracle.model import Run
from tests.oracle.schedules import Slots, TooManyError, explore, explore_slots, finished_sets
from tests.oracle.units import run_across
from tests.oracle.unrolling import Declared
from tests.oracle.worlds import CHOICES, WORLDS, World, graphs, trees

_Plan = TypeVar("_Plan", plan.Plan, plan.Macro)

#: Runs with more states than this are not looked at, with and without slots.
MOST, MOST_IN_SLOTS = 30_000, 1_000

#: Runs of so many tasks are seen with slots, too.
FEW = 12


class Played(NamedTuple):
    """What was found: what is wrong, the peaks of all schedules, and how many worlds and states were seen."""

    wrong: tuple[str, ...]
    peaks: Mapping[str, int]
    worlds: int
    states: int


def played(graph: Graph, nodes: int = 4, most: int = MOST) -> Played:
    """Everything that breaks a flow which the checker accepts; of one across pods also what breaks its units.

    Trees have up to so many nodes. Raises TooManyError where a run of the flow has more states than `most`.
    """
    if not graph.across:
        whole = lower(graph)
        return play(whole, declared(graph, whole), _survives(graph), nodes, most)
    macro = lower_across(graph)
    flows = {flow.flow: flow for flow in macro.flows}
    sizes = {unit.name: declared(unit.graph, flows[unit.name]) for unit in units_of(graph)}
    found = [
        play(flows[unit.name], sizes[unit.name], _survives(unit.graph), nodes, lengths=_lengths(unit.graph))
        for unit in units_of(graph)
    ]
    found.append(play_across(macro, sizes, _survives(graph), most))
    wrong = dict.fromkeys(one for each in found for one in each.wrong)
    return Played(tuple(wrong), found[-1].peaks, sum(one.worlds for one in found), sum(one.states for one in found))


def _lengths(graph: Graph) -> Mapping[str, int]:
    """Of the lists that a unit is given."""
    return {one.name: one.datum.length for one in graph.handed if one.datum.content.lists and one.datum.length}


def _survives(graph: Graph) -> str | None:
    survives = graph.flow.declared.survives
    return survives.text if survives else None


def play(
    whole: plan.Plan,
    sizes: Declared,
    survives: str | None = None,
    nodes: int = 4,
    most: int = MOST,
    lengths: Mapping[str, int] | None = None,
) -> Played:
    """Everything that breaks the plan of one pod. Raises TooManyError."""
    capacity: Mapping[str, int] = {place.name: place.bytes for place in whole.pod.places}

    def broken(run: Run, world: World) -> Iterator[str]:
        yield from _pod(whole.pod)
        yield from _recipes(run, capacity, most)
        if world.tree.shares[0] == world.graph.shares[0] == 1:  # turns do not hang on bytes: once for each shape
            yield from _slots(run, whole.pod)
        yield from _faults(run, survives, most)

    def run_in(world: World) -> Run:
        return planned.run_of(smaller(whole), world, local(whole), sizes, lengths)

    steps = [step for top in whole.steps for step in within(top)]
    lists = [port for stage in whole.stages for port in stage.outputs] + [*whole.inputs]
    many = any(port.content.endswith("[]") for port in lists)
    return _play(run_in, worlds(steps, many, nodes), planned.peaks_of(whole), capacity, broken, most)


def play_across(
    whole: plan.Macro, sizes: Mapping[str, Declared], survives: str | None = None, most: int = MOST
) -> Played:
    """Everything that breaks a plan across pods, where that is not in one unit. Raises TooManyError."""
    capacity: Mapping[str, int] = {} if whole.volume is None else {"volume": whole.volume.bytes}
    inside = (step for flow in whole.flows for top in flow.steps for step in within(top))
    steps = [*(step for top in whole.steps for step in within(top)), *inside]
    return _play(
        lambda world: run_across(smaller(whole), world, sizes, local(whole)),
        worlds(
            steps, any(port.content.endswith("[]") for one in whole.flows for s in one.stages for port in s.outputs)
        ),
        planned.peaks_of(whole),
        capacity,
        lambda run, _: _faults(run, survives, most),
        most,
    )


def _play(
    run_in: Callable[[World], Run],
    worlds: Iterable[World],
    said: Mapping[str, int],
    capacity: Mapping[str, int],
    broken: Callable[[Run, World], Iterator[str]],
    most: int,
) -> Played:
    wrong = dict.fromkeys(f"the peak of {place} is over its size" for place in said if said[place] > capacity[place])
    peaks: dict[str, int] = {}
    number = states = 0
    for world in worlds:
        number += 1
        try:
            run = run_in(world)
        except planned.Missing as missing:
            wrong[str(missing)] = None
            continue
        found = explore(recipes.without(run), most)
        states += found.states
        wrong.update(dict.fromkeys(found.wrong))
        for place, size in found.peaks.items():
            peaks[place] = max(size, peaks.get(place, 0))
            if place in said and size > said[place]:
                wrong[f"{size} bytes on {place} at once, the plan says {said[place]}"] = None
        wrong.update(dict.fromkeys(broken(run, world)))
    return Played(tuple(wrong), peaks, number, states)


def worlds(steps: Sequence[plan.Step], many: bool, nodes: int = 4) -> Iterator[World]:
    """The worlds that a plan can tell apart; `many`: whether only the data knows how long some list is."""
    choosing = any(isinstance(step, plan.If | plan.Fallback) for step in steps)
    shapes = tuple(trees(nodes)) if any(isinstance(step, plan.Walk) for step in steps) else (WORLDS[0].tree,)
    dags = tuple(graphs(3)) if any(isinstance(step, plan.Ordered) for step in steps) else (WORLDS[0].graph,)
    parts, choices = WORLDS if many else WORLDS[:1], CHOICES if choosing else CHOICES[:1]
    for world, ways, tree, graph in product(parts, choices, shapes, dags):
        yield World(world.parts, ways, tree, graph)


def smaller(whole: _Plan) -> _Plan:
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


def local(whole: plan.Plan | plan.Macro) -> Iterator[str]:
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
    """What goes wrong when stages take turns in slots: what streams join must have one each."""
    if len(run.tasks) > FEW and not any(len(task.stages) > 1 for task in run.tasks):
        return ()  # nobody waits for two slots, and without slots there are more schedules: all of those are seen
    cpu, memory = pod.cpu, pod.memory
    for seat in pod.seats:
        cpu, memory = cpu - seat.cpu, memory - seat.memory
    try:
        return explore_slots(recipes.without(run), Slots(cpu, memory, len(pod.slots)), MOST_IN_SLOTS).wrong
    except TooManyError:
        return ()


def _faults(run: Run, survives: str | None, most: int) -> Iterator[str]:
    """What a fault that the flow claims to survive makes impossible."""
    faults = FAULTS[: FAULTS.index(survives) + 1] if survives else ()
    for moment in finished_sets(run, most) if faults else ():
        for fault in faults:
            lost = unrecoverable(run, moment, fault) or gone_too_early(run, moment, fault)
            if lost:
                yield f"after a lost {fault} {lost}"
                return
