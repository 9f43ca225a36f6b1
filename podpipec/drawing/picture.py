"""The picture of a flow: boxes, groups and arrows, before any format."""

from __future__ import annotations

from typing import Literal

from podpipec.costing.anatomy import Loop, Stand, everywhere
from podpipec.costing.edges import Edge, End, edges
from podpipec.costing.swaps import Turn, swapped, turns
from podpipec.drawing.portrait import Portrait, portrait
from podpipec.graph.liveness import Liveness, total
from podpipec.graph.nodes import Graph
from podpipec.graph.places import kept
from podpipec.graph.slots import Allotment, SlotSize, allot
from podpipec.graph.values import Datum, Entry
from podpipec.types.declarations import PLACES, Place
from podpipec.types.origin import FromConstant, FromInput, FromShards, FromWindows, Origin, reading
from podpipec.types.units import size_text
from podpipec_runtime.tuples import NamedTuple

BoxKind = Literal["snapshot", "call", "keep", "move", "pod", "item", "list", "result"]


class Tag(NamedTuple):
    """A value that comes out of a box: where it lies and how large it can be."""

    origin: Origin
    text: str
    place: Place


class Box(NamedTuple):
    """A box. `key` is safe in every format; all texts are not. `full` is the name that a title may shorten."""

    key: str
    kind: BoxKind
    full: str
    title: str
    lines: tuple[str, ...]
    tags: tuple[Tag, ...]
    place: Place | None
    group: str
    swaps: bool = False


class Group(NamedTuple):
    """A loop's body, drawn once. `group` is the one around it, or empty."""

    key: str
    full: str
    title: str
    group: str


class Arrow(NamedTuple):
    """From a box or group to another. `tag` is the place of the value among the source's; nothing for mere order."""

    source: str
    target: str
    label: str
    place: Place | None
    tag: int | None
    order: bool = False


class Slot(NamedTuple):
    """A slot and the turns of its calls."""

    size: SlotSize
    turns: tuple[Turn, ...]


class Room(NamedTuple):
    """A place of the pod, its size, and the most bytes alive on it at once."""

    place: Place
    size: int
    peak: int


class Picture(NamedTuple):
    """All that is to be drawn, in the order of the program."""

    flow: str
    pod: str
    swaps: int
    boxes: tuple[Box, ...]
    groups: tuple[Group, ...]
    arrows: tuple[Arrow, ...]
    slots: tuple[Slot, ...]
    rooms: tuple[Room, ...]


def picture(graph: Graph) -> Picture:
    """The picture of a flow that no rule refuses."""
    return _Drawing(graph).picture()


class _Drawing:
    """One picture in the making."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.allotment: Allotment = allot(graph)
        self.rows = turns(graph, self.allotment)
        self.swapped = swapped(self.rows)
        self.kept = kept(graph)
        self.edges = edges(graph)
        self.keys: dict[End, str] = {}
        self.bodies: dict[str, str] = {}  # the group of a loop, by its node
        self.boxes: dict[str, Box] = {}
        self.groups: list[Group] = []

    def picture(self) -> Picture:
        for entry in self.graph.entries:
            self._entry(entry)
        for stand in everywhere(self.graph.nodes):
            self._node(stand)
        for name, (origin, _) in self.graph.results.items():
            self._result(name, origin)
        flow, pod = self.graph.flow.declared.name.text, self.graph.pod.name.text
        slots = tuple(Slot(size, row) for size, row in zip(self.allotment.slots, self.rows, strict=True))
        boxes, groups = tuple(self.boxes.values()), tuple(self.groups)
        return Picture(flow, pod, self.allotment.swaps, boxes, groups, self._arrows(), slots, self._rooms())

    def _rooms(self) -> tuple[Room, ...]:
        liveness, places = Liveness(self.graph), self.graph.pod.places
        shown = ("volume",) if self.graph.across else PLACES  # the other places are each pod's own
        return tuple(Room(place, places[place], liveness.peak(place).bytes) for place in shown if place in places)

    # --- boxes ---

    def _add(self, end: End, kind: BoxKind, look: Portrait, group: str, tags: tuple[Tag, ...] = ()) -> None:
        key = f"n{len(self.boxes)}"
        self.keys[end] = key
        title = look.title.removeprefix(self._prefix(group))
        self.boxes[key] = Box(key, kind, look.title, title, look.lines, tags, look.place, group, look.swaps)

    def _prefix(self, group: str) -> str:
        return next((f"{known.full}/" for known in self.groups if known.key == group), "")

    def _tag(self, datum: Datum, name: str = "") -> Tag:
        copies = [place for place in PLACES if place in self.kept.get(datum.origin, {})]
        words = [name, _bytes(datum), f"in {datum.place}", f"kept in {' and '.join(copies)}" if copies else ""]
        return Tag(datum.origin, " · ".join(word for word in words if word), datum.place)

    def _entry(self, entry: Entry) -> None:
        snapshot = entry.snapshot
        look = Portrait(entry.name, (f"snapshot {snapshot.name.text}{_parts(entry)}",), entry.place)
        self._add(End("snapshot", entry.name), "snapshot", look, "", (self._tag(self.graph.data[entry.origin]),))

    def _node(self, stand: Stand) -> None:
        node, parts, around = stand
        group = self._group_of(around)
        if parts.loop is not None:
            self._loop(node.id, parts.loop, group)
            return
        writes = parts.writes if parts.gives is None else (parts.gives,)
        tags = tuple(self._tag(datum, _port(datum) if len(writes) > 1 else "") for datum in writes)
        look = portrait(node, self.allotment.homes.get(node.id, ()), self.swapped.get(node.id, ()))
        self._add(End("step", node.id), look.kind, look, group, tags)

    def _group_of(self, around: tuple[Loop, ...]) -> str:
        return self.bodies[around[-1].item.each] if around else ""

    def _loop(self, name: str, loop: Loop, group: str) -> None:
        key = f"g{len(self.groups)}"
        often = "as many as the data hold" if loop.times is None else f"{loop.times} {loop.words.units}"
        ways = {"walk": "walk through a tree", "run": "run a graph, each node after those it depends on"}
        what = ways.get(loop.word) or f"{loop.words.head} {_over(loop.over)}"
        title = f"{what}: {often}, {loop.width} at once"
        self.groups.append(Group(key, name, title, group))
        self.bodies[name] = key
        data = self.graph.data
        tags = tuple(self._tag(data[one], data[one].name) for one in loop.handed if one in data)
        tags = (self._tag(data[loop.item]), *tags) if loop.item in data else tags
        place = data[loop.item].place if loop.item in data else None
        self._add(End("item", name), "item", Portrait(loop.called, (), place), key, tags)
        outputs = [one.output for one in loop.collected if one.output is not None]
        if outputs:
            whole = Portrait(f"{name}{loop.words.mark}", (loop.words.gives,), outputs[0].place)
            look = whole if loop.word != "walk" else Portrait(name, ("what came up from the root",), outputs[0].place)
            several = len(outputs) > 1
            tags = tuple(self._tag(one, _port(one) if several else "") for one in outputs)
            self._add(End("list", name), "list", look, key, tags)
        elif any(one.outside in self.graph.scalars for one in loop.collected):
            self._add(End("list", name), "list", Portrait(f"{name}[]", ("all texts, in order",), None), key)

    def _result(self, name: str, origin: Origin) -> None:
        datum = self.graph.data.get(origin)
        copies = [place for place in PLACES if place in self.kept.get(origin, {})]
        where = f"kept in {' and '.join(copies)}" if copies else f"left in {datum.place}" if datum else ""
        place = copies[-1] if copies else datum.place if datum else None
        look = Portrait(name, (f"result, {where}" if where else "result",), place)
        self._add(End("result", name), "result", look, "")

    # --- arrows ---

    def _arrows(self) -> tuple[Arrow, ...]:
        found = [self._arrow(edge) for edge in self.edges]
        for stand in everywhere(self.graph.nodes):
            target = self._step(stand.node.id)
            found += [Arrow(self._step(name), target, "", None, None, True) for name in stand.node.after]
        return tuple(dict.fromkeys(found))

    def _step(self, name: str) -> str:
        return self.keys.get(End("step", name)) or self.bodies[name]

    def _arrow(self, edge: Edge) -> Arrow:
        source = self.boxes[self.keys[edge.source]]
        tag = next((index for index, tag in enumerate(source.tags) if tag.origin == edge.origin), None)
        size = "" if edge.one is None else f" · ≤ {size_text(edge.one)}"
        nothing = {"live": "asks", "pipe": f"{edge.value}{size} · streamed"}.get(edge.kind, "text")
        label = nothing if tag is None else source.tags[tag].text
        return Arrow(source.key, self.keys[edge.target], label, edge.place, tag)


def _port(datum: Datum) -> str:
    """The name of a value among several of one step."""
    return datum.name.rpartition(".")[2]


def _parts(entry: Entry) -> str:
    """Which shards of a snapshot a slice is, and of which windows, unless it is as usual."""
    found = []
    if entry.snapshot.shards:
        many = isinstance(entry.origin, FromShards)
        found.append(f"{len(entry.snapshot.shards)} shards" if many else "one shard")
    match entry.origin:
        case FromInput(offset=offset) | FromShards(offset=offset) if offset:
            found.append("the window before" if offset == -1 else f"{-offset} windows back")
        case FromWindows(reach=(first, last)):
            found.append(f"{last - first + 1} windows")
        case FromWindows():
            found.append("all windows of the period")
    return "".join(f", {part}" for part in found)


def _over(origin: Origin) -> str:
    match origin:
        case FromInput() | FromShards() as slice_:
            return f"{reading(slice_)}.shards"
        case FromWindows() as slice_:
            return reading(slice_)
        case FromConstant(value=value):
            words = [value] if isinstance(value, str) else list(value)
            return ", ".join([*words[:3], *(["…"] if len(words) > 3 else [])])
    return "a list"


def _bytes(datum: Datum) -> str:
    """A value's bound: `≤ 2GiB`, `3 of ≤ 2GiB` for a list."""
    if datum.bound is None:
        return ""
    if datum.length is not None and datum.length != 1:
        return f"{datum.length} of ≤ {size_text(datum.bound.bytes)}"
    whole = total(datum)
    return f"≤ {size_text(datum.bound.bytes if whole is None else whole)}"
