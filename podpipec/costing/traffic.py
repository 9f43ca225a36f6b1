"""The bytes that a flow moves, and what it would move as services or as functions with an object store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from podpipec.costing.anatomy import everywhere
from podpipec.costing.edges import Edge, Made, made, times
from podpipec.costing.rates import Rate
from podpipec.graph.liveness import total
from podpipec.graph.nodes import Graph
from podpipec.types.origin import Origin, Slice
from podpipec_runtime.tuples import NamedTuple


class Bytes(NamedTuple):
    """A sum of upper bounds; not `whole` if there are parts of it that only the data knows, which are not in it."""

    bytes: int
    whole: bool


class Part(NamedTuple):
    """Some of the bytes of a way to run a flow, and the rate at which they go."""

    what: str
    rate: str
    amount: Bytes


class Way(NamedTuple):
    """A way to run a flow. `moved` are the parts that are copied or sent; the others are read where they lie."""

    name: str
    moved: tuple[Part, ...]
    in_place: tuple[Part, ...]

    @property
    def bytes(self) -> Bytes:
        """All that is moved."""
        return together(part.amount for part in self.moved)

    def seconds(self, rates: Mapping[str, Rate]) -> float:
        """An estimate: every part at its rate, one after the other."""
        parts = (*self.moved, *self.in_place)
        return sum(part.amount.bytes / rates[part.rate].bytes_per_second for part in parts)


def together(amounts: Iterable[Bytes | int | None]) -> Bytes:
    """The sum of what is known."""
    known, whole = 0, True
    for amount in amounts:
        if amount is None:
            whole = False
        elif isinstance(amount, Bytes):
            known, whole = known + amount.bytes, whole and amount.whole
        else:
            known += amount
    return Bytes(known, whole)


def ways(graph: Graph, along: Sequence[Edge]) -> tuple[Way, ...]:
    """This pod, services and functions, by what each moves."""
    slices = _slices(graph)
    streams = [edge for edge in along if edge.kind == "pipe"]
    reads = [*(edge for edge in along if edge.kind == "read"), *streams]
    from_source = [edge for edge in reads if edge.origin in slices]
    between = [edge for edge in reads if edge.origin not in slices]
    keeps = [edge for edge in along if edge.kind == "keep"]
    copies = [edge for edge in along if edge.kind in ("keep", "move")]
    pod = Way(
        "this pod",
        (
            Part("slices brought in, once each", "get", _brought_in(graph, along)),
            Part("copied by `keep`, `move` and `pin`", "copy", _sum(copies)),
        ),
        (Part("read where it lies", "in_place", _sum(reads)),),
    )
    services = Way(
        "services",
        (
            Part("slices, once for each reader", "get", _sum(from_source)),
            Part("handed over, once for each edge", "network", _sum([*between, *keeps])),
        ),
        (),
    )
    functions = Way(
        "functions and an object store",
        (
            Part("outputs put, once each", "put", together((_written(graph), _sum(streams)))),
            Part("inputs got, once for each reader", "get", _sum(reads)),
        ),
        (),
    )
    return pod, services, functions


def _sum(some: Sequence[Edge]) -> Bytes:
    return together(edge.total for edge in some)


def _brought_in(graph: Graph, along: Sequence[Edge]) -> Bytes:
    """The slices that are read at all, once each."""
    read = dict.fromkeys(edge.origin for edge in along if edge.source.kind == "snapshot")
    return together(total(graph.data[origin]) for origin in read)


def _written(graph: Graph) -> Bytes:
    """All that stages write, over all elements."""
    known = made(graph)
    return together(
        _over_all(known[datum.origin])
        for stand in everywhere(graph.nodes)
        if stand.anatomy.work == "run"
        for datum in stand.anatomy.writes
    )


def _over_all(value: Made) -> int | None:
    one, often = total(value.datum), times(value, value.around)
    return None if one is None or often is None else one * often


def _slices(graph: Graph) -> set[Origin]:
    """The values that are a slice as it came: elements, lists and moved copies of one, too."""
    found: set[Origin] = {origin for origin in graph.data if isinstance(origin, Slice)}
    for stand in everywhere(graph.nodes):
        parts = stand.anatomy
        if parts.work == "move" and parts.reads[0] in found:
            found.add(parts.writes[0].origin)
        if parts.loop is not None and parts.loop.over in found:
            found.add(parts.loop.item)
    for stand in reversed(list(everywhere(graph.nodes))):  # inner lists before the outer ones
        loop = stand.anatomy.loop
        if loop is not None:
            found.update(one.outside for one in loop.collected if one.inside in found)
    return found
