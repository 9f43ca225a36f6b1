"""From the graph of a flow across pods to its macro plan."""

from __future__ import annotations

from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Each, Graph
from podpipec.graph.releases import Releases
from podpipec.graph.sets import PodSet, sets
from podpipec.graph.slots import Allotment
from podpipec.graph.traversal import walk
from podpipec.plan.inputs import calendars_of, input_of
from podpipec.plan.lower import lifetimes_of, lower_on, peaks_of, results_of
from podpipec.plan.pod import place_of, pod_of
from podpipec.plan.steps import Lowering, steps_of
from podpipec_runtime.plan import types as plan


def lower_across(graph: Graph) -> plan.Macro:
    """The macro plan of a flow across pods that no rule refuses, with the plans of what its pods do."""
    found = sets(graph)
    overs = {node.id: node.over for node, _ in walk(graph.nodes) if isinstance(node, Each)}
    work = Lowering(Allotment({}, (), 0), {}, Releases(graph), {}, {}, overs)
    calendars = calendars_of(graph)
    shared = next((one.pod for one in found if "volume" in one.pod.places), None)
    volume = graph.pod if "volume" in graph.pod.places else shared
    return plan.Macro(
        version=1,
        across=True,
        flow=graph.flow.declared.name.text,
        period=calendars.period(graph.period),
        calendars=calendars.said,
        volume=place_of(volume, "volume") if volume is not None else None,
        sets=tuple(_set(one) for one in found),
        flows=tuple(
            lower_on(
                unit.graph,
                unit.name,
                one.allotments[unit.name],
                one.charged,
                one.seatings[unit.name],
                Liveness(unit.graph),
            )
            for one in found
            for unit in one.units
        ),
        inputs=tuple(input_of(entry, graph, calendars) for entry in graph.entries),
        steps=steps_of(graph.nodes, work),
        results=results_of(graph),
        lifetimes=lifetimes_of(graph),
        peaks=peaks_of(Liveness(graph), ("volume",)) if volume is not None else (),
    )


def _set(one: PodSet) -> plan.Set:
    pod = pod_of(one.pod, one.slots, one.charged, one.seatings[one.units[0].name])
    return plan.Set(pod=pod, pods=one.pods, flows=tuple(unit.name for unit in one.units))
