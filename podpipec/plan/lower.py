"""From a checked graph to the plan that the runtime executes."""

from __future__ import annotations

from podpipec.graph.liveness import Liveness
from podpipec.graph.lives import Life, lives
from podpipec.graph.nodes import Graph
from podpipec.graph.releases import Releases
from podpipec.graph.seats import seating
from podpipec.graph.slots import allot
from podpipec.plan.helpers import helper_names, helpers_of
from podpipec.plan.inputs import calendars_of, input_of
from podpipec.plan.pod import pod_of
from podpipec.plan.stages import stage_names, stages_of
from podpipec.plan.steps import Lowering, steps_of
from podpipec.plan.values import ref
from podpipec.types import typed
from podpipec.types.sizes import LARGEST
from podpipec.types.typed import FromShards, FromWindows, Origin
from podpipec_runtime.plan import types as plan


def lower(graph: Graph) -> plan.Plan:
    """The plan of a flow that no rule refuses."""
    allotment = allot(graph)
    names = stage_names(graph)
    seats, helpers = seating(graph), helper_names(graph)
    work = Lowering(allotment, names, Releases(graph), seats.homes, helpers)
    liveness = Liveness(graph)
    calendars = calendars_of(graph)
    places = tuple(place for place in typed.PLACES if place in graph.pod.places)
    peaks = {place: liveness.peak(place).bytes for place in places}
    return plan.Plan(
        version=1,
        flow=graph.flow.declared.name.text,
        pod=pod_of(graph, allotment, seats, liveness),
        period=calendars.period(graph.period),
        calendars=calendars.said,
        inputs=tuple(input_of(entry, graph, calendars) for entry in graph.entries),
        stages=stages_of(graph, names),
        helpers=helpers_of(graph, helpers),
        steps=steps_of(graph.nodes, work),
        results=tuple(_result(graph, name, origin) for name, (origin, _) in graph.results.items()),
        lifetimes=tuple(_lifetime(life) for life in lives(graph)),
        peaks=tuple(plan.Peak(place=place, bytes=peak) for place, peak in peaks.items()),
        swaps=allotment.swaps,
    )


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
