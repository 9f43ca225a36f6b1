"""All that is said of a flow's cost, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.costing.anatomy import everywhere
from podpipec.costing.critical import Path, by_bytes, by_seconds, critical_path
from podpipec.costing.edges import Edge, edges
from podpipec.costing.rates import Rate
from podpipec.costing.requests import Asked, requests
from podpipec.costing.swaps import Turn, turns
from podpipec.costing.timings import Timings
from podpipec.costing.traffic import Way, ways
from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.slots import allot
from podpipec.graph.traversal import walk
from podpipec.types.declarations import PLACES, Place
from podpipec_runtime.tuples import NamedTuple


class Peak(NamedTuple):
    """The most bytes alive at once on a place of this size. Not `exact` if it may be less."""

    place: Place
    bytes: int
    size: int
    exact: bool


class Timed(NamedTuple):
    """The critical path by seconds of a run, and the calls that did not run in it and count for nothing."""

    path: Path
    missing: tuple[str, ...]


class Cost(NamedTuple):
    """What a flow costs: bytes are upper bounds, seconds are estimates."""

    flow: str
    pod: str
    edges: tuple[Edge, ...]
    slots: tuple[tuple[Turn, ...], ...]
    swaps: int
    peaks: tuple[Peak, ...]
    requests: Asked
    path: Path
    timed: Timed | None
    ways: tuple[Way, ...]
    rates: Mapping[str, Rate]
    assumptions: tuple[str, ...]


def cost(graph: Graph, rates: Mapping[str, Rate], timings: Timings | None = None) -> Cost:
    """The cost of a flow that no rule refuses. Raises ValueError for timings of another flow."""
    name = graph.flow.declared.name.text
    if timings is not None and timings.flow != name:
        raise ValueError(f"these are the events of a run of `{timings.flow}`, not of `{name}`")
    along = edges(graph)
    allotment = allot(graph)
    liveness = Liveness(graph)
    return Cost(
        flow=name,
        pod=graph.pod.name.text,
        edges=along,
        slots=turns(graph, allotment),
        swaps=allotment.swaps,
        peaks=_peaks(graph, liveness),
        requests=requests(graph, allotment, liveness),
        path=critical_path(graph, by_bytes(graph, along)),
        timed=None if timings is None else _timed(graph, timings),
        ways=ways(graph, along),
        rates=rates,
        assumptions=_assumptions(graph, along),
    )


def _peaks(graph: Graph, liveness: Liveness) -> tuple[Peak, ...]:
    found = []
    for place in PLACES:
        if place in graph.pod.places:
            peak = liveness.peak(place)
            found.append(Peak(place, peak.bytes, graph.pod.places[place], peak.exact))
    return tuple(found)


def _timed(graph: Graph, timings: Timings) -> Timed:
    calls = [node.id for node, _ in walk(graph.nodes) if isinstance(node, Call)]
    path = critical_path(graph, by_seconds(timings.seconds), elements_of(graph, timings))
    return Timed(path, tuple(sorted(call for call in calls if call not in timings.seconds)))


def elements_of(graph: Graph, timings: Timings) -> Mapping[str, int]:
    """How many elements each loop had in a run: the most that one element of the loop around it had."""
    found: dict[str, int] = {}
    for stand in everywhere(graph.nodes):
        loop = stand.anatomy.loop
        if loop is None:
            continue
        depth = len(stand.around)
        seen = {
            element[: depth + 1]
            for inner in everywhere(loop.nodes)
            for element in timings.elements.get(inner.node.id, ())
        }
        outer = [element[:depth] for element in seen]
        if seen:
            found[stand.node.id] = max(outer.count(element) for element in set(outer))
    return found


def _assumptions(graph: Graph, along: Sequence[Edge]) -> tuple[str, ...]:
    found = [
        "bytes are upper bounds: the sizes that the program declares, not what a run has moved",
        "seconds are estimates: all bytes at the rates above, one after the other; nothing starts, waits or overlaps",
        "what stages write to begin with costs the same in each way and is left out",
        "services: each stage in a pod of its own gets its inputs over HTTP and sends what is kept; nothing is cached",
        "functions: every output is put into the store once, every reader gets it again; what is kept is there already",
        "a `move` is of this pod alone: the other ways hand over what it copies, not the copy",
        "one container for each call: the requests of a pod are the sum of its containers'; "
        "a fan out counts once, so the sum is the least; the quarterback is not counted in either",
    ]
    unknown = [edge for edge in along if edge.one is not None and edge.times is None]
    if unknown:
        found.append("sums leave out what only the data knows, and say so: such edges have no total")
    lengths = [stand.anatomy.loop.times for stand in everywhere(graph.nodes) if stand.anatomy.loop is not None]
    if None in lengths:
        found.append("a list of unknown length counts once where its bound holds for all elements together")
    return tuple(found)
