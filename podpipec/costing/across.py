"""What a flow across pods costs: the bytes between its pods, the pods that it asks for, and what each unit costs.

What crosses goes over the network twice: its writer sends it to the shared volume, or to `remote`, and each reader gets
it from there. A slice is brought in by each pod that is given it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.costing.anatomy import everywhere
from podpipec.costing.critical import Path, by_bytes, by_seconds, critical_path
from podpipec.costing.edges import Edge, edges, made, times
from podpipec.costing.rates import Rate
from podpipec.costing.report import Cost, Peak, cost, elements_of
from podpipec.costing.timings import Timings
from podpipec.costing.traffic import Bytes, Part, together
from podpipec.graph.liveness import Liveness, total
from podpipec.graph.nodes import Graph
from podpipec.graph.sets import sets
from podpipec.graph.traversal import units_of
from podpipec_runtime.tuples import NamedTuple


class SetCost(NamedTuple):
    """So many pods of a kind, and what each asks for."""

    pod: str
    pods: int
    cpu: int  # thousandths of a core
    memory: int  # bytes, scratch in memory included


class AcrossCost(NamedTuple):
    """The whole: bytes are upper bounds, over all elements. `volume` is nothing where no pod has one."""

    flow: str
    sets: tuple[SetCost, ...]
    edges: tuple[Edge, ...]
    traffic: tuple[Part, ...]
    volume: Peak | None
    path: Path
    timed: Path | None
    units: Mapping[str, Cost]
    rates: Mapping[str, Rate]


def cost_across(graph: Graph, rates: Mapping[str, Rate], timings: Timings | None = None) -> AcrossCost:
    """The cost of a flow across pods that no rule refuses. Raises ValueError for timings of another flow."""
    name = graph.flow.declared.name.text
    if timings is not None and timings.flow != name:
        raise ValueError(f"these are the events of a run of `{timings.flow}`, not of `{name}`")
    along = edges(graph)
    timed = None
    if timings is not None:
        timed = critical_path(graph, by_seconds(timings.seconds), elements_of(graph, timings))
    return AcrossCost(
        flow=name,
        sets=tuple(
            SetCost(
                one.pod.name.text,
                one.pods,
                sum(slot.cpu for slot in one.slots),
                sum(slot.memory for slot in one.slots) + sum(one.charged),
            )
            for one in sets(graph)
        ),
        edges=along,
        traffic=_traffic(graph, along),
        volume=_volume(graph),
        path=critical_path(graph, by_bytes(graph, along)),
        timed=timed,
        units={unit.name: cost(unit.graph, rates) for unit in units_of(graph)},
        rates=rates,
    )


def _traffic(graph: Graph, along: tuple[Edge, ...]) -> tuple[Part, ...]:
    slices = {edge.origin for edge in along if edge.source.kind == "snapshot"}
    for stand in everywhere(graph.nodes):  # and the elements of a slice's shards, the outer loops first
        if stand.anatomy.loop is not None and stand.anatomy.loop.over in slices:
            slices.add(stand.anatomy.loop.item)
    given = [edge for edge in along if edge.kind == "cross"]
    return (
        Part("slices brought in, by each pod", "get", _sum(edge for edge in given if edge.origin in slices)),
        Part("results sent where all can read", "network", _sent(graph)),
        Part("results got by their readers", "network", _sum(edge for edge in given if edge.origin not in slices)),
        Part("kept in `remote`", "network", _sum(edge for edge in along if edge.kind == "keep")),
    )


def _sum(some: Iterable[Edge]) -> Bytes:
    return together(edge.total for edge in some)


def _sent(graph: Graph) -> Bytes:
    """What units give, over all elements."""
    known = made(graph)
    found: list[int | None] = []
    for stand in everywhere(graph.nodes):
        for datum in stand.anatomy.writes if stand.anatomy.work == "cross" else ():
            one, often = total(datum), times(known[datum.origin], stand.around)
            found.append(None if one is None or often is None else one * often)
    return together(found)


def _volume(graph: Graph) -> Peak | None:
    size = next((one.pod.places["volume"] for one in sets(graph) if "volume" in one.pod.places), None)
    if size is None:
        return None
    peak = Liveness(graph).peak("volume")
    return Peak("volume", peak.bytes, graph.pod.places.get("volume", size), peak.exact)
