"""What is left after a fault, and what runs again.

A fault takes places along: a container's none, a pod's its `ram`, a node's its `node` too. What was kept on a place
that is left is there; a snapshot is there as long as its source is. All else is made again, from the nearest of these,
and what is unstable in any case: what lies there is what a service said before the fault.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from podpipec.graph.chains import chains_of
from podpipec.graph.consuming import owned
from podpipec.graph.liveness import total
from podpipec.graph.nodes import Call, Crossing, Cycle, Each, Execute, Graph, If, Move, Node, Open, Ordered, Pin, Walk
from podpipec.graph.places import copies_of, kept
from podpipec.graph.releases import LOST, Releases
from podpipec.graph.speakers import speakers
from podpipec.graph.stability import Stabilities, stability
from podpipec.graph.traversal import deep_needs, needs, walk
from podpipec.graph.values import Entry
from podpipec.types.declarations import FAULTS, Fault, Place
from podpipec.types.origin import Origin, Slice, step_of
from podpipec_runtime.tuples import NamedTuple


class Recovery(NamedTuple):
    """What a fault of one level costs, at the worst moment: just before the last result is kept."""

    fault: Fault
    lost: tuple[Place, ...]
    resumes_from: tuple[str, ...]  # kept values, and snapshots
    runs_again: tuple[str, ...]  # calls, flows, and units of a flow across pods, by their ids
    reads: int  # bytes that are read again to begin with
    lost_results: tuple[str, ...]  # results that lie nowhere after the fault, once the flow is over
    lost_sources: tuple[str, ...]  # snapshots whose source goes with the fault


def is_local(entry: Entry) -> bool:
    """Whether a snapshot's source is a path on the machine, without a scheme."""
    first = entry.snapshot.source[0] if entry.snapshot.source else ""
    return not (isinstance(first, str) and "://" in first)


class _Known(NamedTuple):
    """What holds in a graph whatever the fault is: what is consumed, and so nowhere but where it is kept; the nodes by
    their ids; who speaks to a helper; the chain of each call that is in one; what is stable."""

    gone: Collection[Origin]
    makers: Mapping[str, Node]
    spoken_to: Mapping[str, Sequence[Call]]
    chained: Mapping[str, Sequence[Node]]
    stabilities: Stabilities

    @classmethod
    def of(cls, graph: Graph) -> _Known:
        return cls(
            owned(graph),
            {node.id: node for node, _ in walk(graph.nodes)},
            speakers(graph),
            {call.id: chain for chain in chains_of(graph) for call in chain},
            stability(graph),
        )


def recoveries(graph: Graph) -> tuple[Recovery, ...]:
    """What happens after a fault of each level."""
    known = _Known.of(graph)
    return tuple(_recovery(graph, fault, known) for fault in FAULTS)


def recovery(graph: Graph, fault: Fault) -> Recovery:
    """What happens after a fault of that level."""
    return _recovery(graph, fault, _Known.of(graph))


def _recovery(graph: Graph, fault: Fault, known: _Known) -> Recovery:
    lost = LOST[fault]
    early = {one.keep.id for one in Releases(graph).too_early(fault)}
    copies = copies_of(graph, lambda keep: keep.id not in early)  # others are there, or nobody needs them
    held = {origin for origin, places in copies.items() if set(places) - set(lost)}
    safe = {origin for origin, places in kept(graph).items() if set(places) - set(lost)}
    results = {origin: name for name, (origin, _) in graph.results.items()}
    again, sources = _backward(graph, list(results), held - set(results), lost, known)
    read = [origin for origin in sources if origin in graph.data]
    names = [graph.data[origin].name for origin in read]
    return Recovery(
        fault,
        tuple(place for place in lost if place in graph.pod.places),
        tuple(dict.fromkeys(names)),
        tuple(
            node.id for node, _ in walk(graph.nodes) if isinstance(node, Call | Execute | Crossing) and node.id in again
        ),
        sum(total(graph.data[origin]) or 0 for origin in read),
        tuple(
            name
            for origin, name in results.items()
            if origin in graph.data and origin not in safe and graph.data[origin].place in lost
        ),
        tuple(dict.fromkeys(entry.parameter for entry in graph.entries if "node" in lost and is_local(entry))),
    )


def _backward(
    graph: Graph, wanted: Sequence[Origin], safe: set[Origin], lost: tuple[Place, ...], known: _Known
) -> tuple[set[str], list[Origin]]:
    """The steps that make the wanted values again, and the values that they begin with."""
    again: set[str] = set()
    sources: dict[Origin, None] = {}
    waiting = list(wanted)
    seen: set[Origin] = set()
    while waiting:
        origin = waiting.pop()
        if origin in seen:
            continue
        seen.add(origin)
        datum = graph.data.get(origin)
        left = origin in graph.scalars or (
            datum is not None and datum.place not in lost and origin not in wanted and origin not in known.gone
        )
        stands = origin in safe or (left and known.stabilities.of(origin) == "stable")
        if isinstance(origin, Slice) or stands:
            sources[origin] = None
            continue
        step = step_of(origin)
        maker = known.makers.get(step) if step is not None else None
        match maker:
            case Call() | Move() | Pin() | Crossing() | Execute():
                joined = known.chained.get(maker.id, (maker,))  # a chain runs again whole
                again.update(one.id for one in joined)
                waiting += (needed for one in joined for needed in deep_needs(one))
            case If():
                again.add(maker.id)
                waiting += maker.results or ()
            case Each() | Walk() | Cycle() | Ordered():
                again.add(maker.id)
                waiting += needs(maker)
            case Open():
                # what it knew is lost: all that told it, or asked it, runs again
                users = known.spoken_to.get(maker.id, ())
                again.update(node.id for node in users)
                waiting += maker.args.values()
                waiting += (needed for user in users for needed in user.given.values())
    return again, list(sources)
