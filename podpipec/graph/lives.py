"""How long each value occupies a place, for the plan: until which steps have finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.graph.nodes import Collecting, Cycle, Graph, Keep, Loop, Node, Pin, Walk
from podpipec.graph.readers import Readers, written
from podpipec.graph.releases import Releases
from podpipec.graph.traversal import walk as nodes_in
from podpipec.graph.values import Datum
from podpipec.graph.walking import handed_on, open_at_once
from podpipec.types.declarations import Place
from podpipec.types.origin import FromStep, Origin
from podpipec_runtime.tuples import NamedTuple


class Life(NamedTuple):
    """How long a value occupies a place, for the plan: until these steps have finished, or to the end."""

    datum: Datum
    place: Place
    until: tuple[str, ...]
    scope: str
    copies: int


def lives(graph: Graph) -> tuple[Life, ...]:
    """Every value's life on the place where it is written, and every kept copy's."""
    who = Readers(graph)
    found: list[Life] = []
    readers = _readers(who, graph.nodes)
    for entry in graph.entries:
        datum = graph.data[entry.origin]
        until = () if who.is_result_only_here(datum) else readers.get(datum.origin, ())
        found.append(Life(datum, entry.place, until, "", 1))
    for one in graph.handed:
        if one.brought:
            found.append(Life(one.datum, one.datum.place, readers.get(one.datum.origin, ()), "", 1))
    _in(graph, who, Releases(graph), graph.nodes, None, (), found)
    return tuple(found)


def _in(
    graph: Graph,
    who: Readers,
    releases: Releases,
    nodes: Sequence[Node],
    loop: Loop | None,
    outer: tuple[str, ...] | None,
    found: list[Life],
) -> None:
    readers = _readers(who, nodes)
    scope = loop.id if loop else ""
    kept = (loop.length or 1) if loop else 1
    for node in nodes:
        for datum in written(node):
            until: tuple[str, ...] | None = readers.get(datum.origin, ())
            copies = loop.width if loop else 1
            if isinstance(loop, Walk):
                copies = open_at_once(loop) or loop.width
                if any(datum.origin in (one, *who.inside(one)) for one in handed_on(loop)):
                    until = (loop.id,)
            elif isinstance(loop, Collecting) and datum.origin in (loop.result, *who.inside(loop.result)):
                until = None if outer is None else (*(until or ()), *outer)
                copies = kept
            if isinstance(node, Pin):
                until, copies = None, kept
            if loop is None and who.is_result_only_here(datum):
                until = None
            found.append(Life(datum, datum.place, () if until is None else until or (node.id,), scope, copies))
        if isinstance(node, Keep) and node.place != "remote" and node.value in graph.data:
            anchors = releases.anchors(node)
            ends = (node.id, *anchors) if anchors else ()
            found.append(Life(graph.data[node.value], node.place, ends, scope, kept))
        if isinstance(node, Cycle):
            _in(graph, who, releases, node.body, node, None, found)
        elif isinstance(node, Collecting):
            _in(graph, who, releases, node.body, node, _after(node, who, readers, loop, outer), found)
        elif isinstance(node, Walk):
            _in(graph, who, releases, node.body, node, None, found)
            found += _risen(node, readers, who, scope)


def _risen(walk: Walk, readers: Mapping[Origin, tuple[str, ...]], who: Readers, scope: str) -> Iterator[Life]:
    """What came up from the root lives on outside, if it is of the walk's own making."""
    inside = {datum.origin for node, _ in nodes_in(walk.body) for datum in written(node)}
    for up in walk.ups:
        if up.output is not None and not inside.isdisjoint((up.value, *who.inside(up.value))):
            until = () if who.is_result_only_here(up.output) else readers.get(up.output.origin, ()) or (walk.id,)
            yield Life(up.output, up.output.place, until, scope, 1)


def _after(
    node: Collecting,
    who: Readers,
    readers: Mapping[Origin, tuple[str, ...]],
    loop: Loop | None,
    outer: tuple[str, ...] | None,
) -> tuple[str, ...] | None:
    """Until when what the elements of a loop give is needed; nothing if to the end. Of a `fold` until that is over."""
    if node.values:
        return (node.id,)
    list_ = FromStep(node.id, "")
    handed = node.output is not None and who.is_result_only_here(node.output)
    if handed or (isinstance(loop, Collecting) and loop.result == list_ and outer is None):
        return None
    return readers.get(list_) or (node.id,)


def _readers(who: Readers, nodes: Sequence[Node]) -> dict[Origin, tuple[str, ...]]:
    readers: dict[Origin, list[str]] = {}
    for node in nodes:
        for origin in who.reads(node):
            readers.setdefault(origin, []).append(node.id)
    return {origin: tuple(ids) for origin, ids in readers.items()}
