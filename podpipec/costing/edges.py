"""Who hands which value to whom, how large it can be, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from podpipec.costing.anatomy import Loop, Stand, Work, everywhere
from podpipec.graph.liveness import total
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.traversal import walk
from podpipec.graph.values import Datum
from podpipec.types.declarations import Place
from podpipec.types.origin import (
    FromCarry,
    FromChildren,
    FromConstant,
    FromHelper,
    FromInput,
    FromItem,
    FromNeeds,
    FromParent,
    FromShards,
    FromStep,
    FromText,
    FromWindows,
    Given,
    Item,
    Origin,
    reading,
)
from podpipec_runtime.tuples import NamedTuple


class End(NamedTuple):
    """An end of an edge: a snapshot, what a unit is given, a step, the element that a loop is at, the list that it
    makes, or a result."""

    kind: Literal["snapshot", "given", "step", "item", "list", "result"]
    name: str


#: `read` in place by a stage; copied by a `keep` or a `move`; `cross` to another pod; the others move no bytes: an
#: element of a list (`element`), a value that joins a list (`collect`), a name of a result (`result`), a text (`text`),
#: a helper that is spoken to (`live`). What goes through a `pipe` is written and read at once, and lies nowhere.
Kind = Literal["read", "keep", "move", "cross", "element", "collect", "result", "text", "live", "pipe"]


class Edge(NamedTuple):
    """A value on its way. `one` is the bytes of one hand-over, `times` how many there are, `total` all together.

    All three are upper bounds. `times` and `total` are nothing where only the data knows them, `one` where the
    value is no file. A loop whose bounds hold for all its elements together counts once.
    """

    source: End
    target: End
    origin: Origin
    value: str
    kind: Kind
    place: Place | None
    one: int | None
    times: int | None

    @property
    def total(self) -> int | None:
        """All hand-overs together, in bytes."""
        return None if self.one is None or self.times is None else self.one * self.times


class Made(NamedTuple):
    """A value, and the loops in which it is made anew each time."""

    datum: Datum
    around: tuple[Loop, ...]


def made(graph: Graph) -> Mapping[Origin, Made]:
    """Every value that occupies a place, and the loops around where it is made."""
    found: dict[Origin, Made] = {}

    def add(origin: Origin, around: tuple[Loop, ...]) -> None:
        if origin in graph.data:
            found[origin] = Made(graph.data[origin], around)

    for entry in graph.entries:
        add(entry.origin, ())
    for value in graph.handed:
        add(value.datum.origin, ())
    for stand in everywhere(graph.nodes):
        for datum in stand.anatomy.writes:
            add(datum.origin, stand.around)
        if stand.anatomy.gives is not None:
            add(stand.anatomy.gives.origin, stand.around)
        loop = stand.anatomy.loop
        if loop is not None:
            for origin in (loop.item, *loop.handed):
                add(origin, (*stand.around, loop))
            for one in loop.collected:
                add(one.outside, stand.around)
    return found


def times(value: Made, around: tuple[Loop, ...]) -> int | None:
    """How often a value is handed over to what stands in these loops; nothing where only the data knows."""
    factor = 1
    share = value.datum.bound is not None and value.datum.bound.share
    for depth, loop in enumerate(around):
        if loop.times is not None:
            factor *= loop.times
        elif not (share and depth < len(value.around)):
            return None
    return factor


def edges(graph: Graph) -> tuple[Edge, ...]:
    """Every edge once, in the order of the program; a value read twice by one step is one edge."""
    known = made(graph)
    pipes = {pipe.origin: pipe for node, _ in walk(graph.nodes) if isinstance(node, Call) for pipe in node.pipes}
    lists = {stand.node.id for stand in everywhere(graph.nodes) if stand.anatomy.loop is not None}
    given = {one.name for one in graph.handed}
    found: list[Edge] = []

    def add(origin: Origin, target: End, kind: Kind, around: tuple[Loop, ...]) -> None:
        value = known.get(origin)
        for source in _sources(origin, lists):
            if source.kind == "snapshot" and source.name in given:
                source = End("given", source.name)
            if origin in pipes:
                pipe = pipes[origin]
                one = None if pipe.bound is None else pipe.bound.bytes
                found.append(Edge(source, target, origin, pipe.name, "pipe", None, one, _how_often(around)))
            elif value is None:
                found.append(_without_bytes(source, target, origin))
            else:
                datum = value.datum
                one, often = total(datum), times(value, around)
                found.append(Edge(source, target, origin, datum.name, kind, datum.place, one, often))

    for stand in everywhere(graph.nodes):
        for origin, target, kind, around in _reads(stand, graph):
            add(origin, target, kind, around)
    for name, (origin, _) in graph.results.items():
        add(origin, End("result", name), "result", ())
    return tuple(dict.fromkeys(found))


_KINDS: Mapping[Work, Kind] = {
    "run": "read",
    "open": "read",
    "keep": "keep",
    "move": "move",
    "cross": "cross",
    "choose": "element",
}


def _reads(stand: Stand, graph: Graph) -> Iterator[tuple[Origin, End, Kind, tuple[Loop, ...]]]:
    node, parts, around = stand
    for origin in parts.reads:
        yield origin, End("step", node.id), _KINDS[parts.work], around
    loop = parts.loop
    if loop is not None:
        yield loop.over, End("item", node.id), "element", around
        for origin in loop.begins:
            yield origin, End("item", node.id), "element", around
        for one in loop.collected:
            if one.output is not None or one.outside in graph.scalars:
                yield one.inside, End("list", node.id), "collect", (*around, loop)


def _sources(origin: Origin, lists: set[str]) -> tuple[End, ...]:
    match origin:
        case FromInput() | FromShards() | FromWindows() as slice_:
            return (End("snapshot", reading(slice_)),)
        case FromStep(step=step):
            return (End("list" if step in lists else "step", step),)
        case FromItem(each=step) | FromParent(step=step) | FromChildren(step=step):
            return (End("item", step),)
        case FromCarry(step=step) | FromNeeds(step=step):
            return (End("item", step),)
        case FromText(template=template):
            items = [End("item", part.name) for part in template if isinstance(part, Item)]
            given = [end for part in template if isinstance(part, Given) for end in _sources(part.origin, lists)]
            return tuple(dict.fromkeys((*items, *given)))
        case FromHelper(step=step):
            return (End("step", step),)
        case FromConstant():
            return ()


def _how_often(around: tuple[Loop, ...]) -> int | None:
    factor = 1
    for loop in around:
        if loop.times is None:
            return None
        factor *= loop.times
    return factor


def _without_bytes(source: End, target: End, origin: Origin) -> Edge:
    if isinstance(origin, FromHelper):
        return Edge(source, target, origin, origin.step, "live", None, None, None)
    return Edge(source, target, origin, _text(origin), "text", None, None, None)


def _text(origin: Origin) -> str:
    return origin.each if isinstance(origin, FromItem) else "text"
