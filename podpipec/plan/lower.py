"""From a checked graph to the plan that the runtime executes."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.graph.liveness import Liveness
from podpipec.graph.lives import Life, lives
from podpipec.graph.nodes import Graph
from podpipec.graph.releases import Releases
from podpipec.graph.room import room
from podpipec.graph.seats import Seating, seating
from podpipec.graph.slots import Allotment, allot
from podpipec.plan.helpers import helper_names, helpers_of
from podpipec.plan.inputs import calendars_of, handed_inputs, input_of
from podpipec.plan.pod import pod_of
from podpipec.plan.stages import stage_names, stages_of
from podpipec.plan.steps import Lowering, steps_of
from podpipec.plan.values import ref
from podpipec.types.declarations import PLACES, Place
from podpipec.types.origin import FromShards, FromWindows, Origin
from podpipec.types.sizes import LARGEST
from podpipec_runtime.plan import types as plan


def lower(graph: Graph) -> plan.Plan:
    """The plan of a flow of one pod that no rule refuses."""
    allotment = allot(graph)
    liveness = Liveness(graph)
    charged = liveness.charged(allotment.homes, len(allotment.slots))
    return lower_on(graph, graph.flow.declared.name.text, allotment, charged, seating(graph), liveness)


def lower_on(
    graph: Graph, name: str, allotment: Allotment, charged: tuple[int, ...], seats: Seating, liveness: Liveness
) -> plan.Plan:
    """The plan of a flow by that name, in the slots and the containers for helpers that it was allotted; each slot with
    what may be charged to it."""
    names = stage_names(graph)
    helpers = helper_names(graph)
    left = tuple(plan.Room(place=place, bytes=bytes_) for place, bytes_ in room(graph, liveness).items())
    work = Lowering(allotment, names, Releases(graph), seats.homes, helpers, room=left)
    calendars = calendars_of(graph)
    places = tuple(place for place in PLACES if place in graph.pod.places)
    return plan.Plan(
        version=1,
        flow=name,
        pod=pod_of(graph.pod, allotment.slots, charged, seats),
        period=calendars.period(graph.period),
        calendars=calendars.said,
        inputs=(*(input_of(entry, graph, calendars) for entry in graph.entries), *handed_inputs(graph)),
        stages=stages_of(graph, names),
        helpers=helpers_of(graph, helpers),
        steps=steps_of(graph.nodes, work),
        results=results_of(graph),
        lifetimes=lifetimes_of(graph),
        peaks=peaks_of(liveness, places),
        swaps=allotment.swaps,
    )


def results_of(graph: Graph) -> tuple[plan.Result, ...]:
    """What the flow hands out."""
    return tuple(_result(graph, name, origin) for name, (origin, _) in graph.results.items())


def lifetimes_of(graph: Graph) -> tuple[plan.Lifetime, ...]:
    """How long each value occupies its place."""
    return tuple(_lifetime(life) for life in lives(graph))


def peaks_of(liveness: Liveness, places: Sequence[Place]) -> tuple[plan.Peak, ...]:
    """The most bytes that can be alive on each of the places."""
    return tuple(plan.Peak(place=place, bytes=liveness.peak(place).bytes) for place in places)


def _result(graph: Graph, name: str, origin: Origin) -> plan.Result:
    datum = graph.data.get(origin) or graph.scalars.get(origin)
    return plan.Result(name=name, value=ref(origin), content=str(datum.content.root) if datum else "")


def _lifetime(life: Life) -> plan.Lifetime:
    bound = life.datum.bound.bytes if life.datum.bound else 0
    count = life.datum.length if life.datum.length and isinstance(life.datum.origin, FromShards | FromWindows) else 1
    return plan.Lifetime(
        value=ref(life.datum.origin),
        place=life.place,
        bytes=min(bound * count, LARGEST),
        until=life.until,
        scope=life.scope,
        copies=life.copies,
    )
