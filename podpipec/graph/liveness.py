"""What is alive on a place at once, under the worst schedule that the dependencies allow.

A value is alive from the start of the step that writes it until every step that reads it has finished. Two values
can be alive together unless one is surely dead before the other is born; `antichain` finds the heaviest set of such
values. That slots are few is not counted on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from podpipec.graph.antichain import Interval, Peak, heaviest
from podpipec.graph.nodes import Call, Crossing, Datum, Each, Graph, Keep, Move, Node, deep_needs
from podpipec.graph.order import predecessors
from podpipec.graph.places import kept, outlives
from podpipec.types.typed import FromInput, FromShards, FromStep, Origin, Place

#: Count only what these calls write; nothing: count all.
Writers = frozenset[str] | None


class Life(NamedTuple):
    """How long a value occupies a place, for the plan: until these steps have finished, or to the end."""

    datum: Datum
    place: Place
    until: tuple[str, ...]
    scope: str
    copies: int


def total(datum: Datum) -> int | None:
    """The bytes of a value with all its elements; nothing where that is unknown."""
    if datum.bound is None:
        return None
    if datum.length is None:
        return datum.bound.bytes if datum.bound.share else None
    return datum.bound.bytes * datum.length


class Liveness:
    """The lives of all values of a graph. Computed once; asked for each place."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._kept = kept(graph)
        self._before: dict[int, list[list[int]]] = {}

    def peak(self, place: Place) -> Peak:
        """The worst case for a place. Values of unknown size count nothing here: they are refused elsewhere."""
        return self._peak(self._graph.nodes, place, top=True)

    def charged(self, homes: Mapping[str, tuple[int, ...]], slots: int) -> tuple[int, ...]:
        """For each slot the most bytes in memory that can be charged to it at once, given the slots of each call.

        Pages of a tmpfs are charged to the container that writes them, as long as both are there (KEP-1967).
        """
        found = []
        for slot in range(slots):
            writers = frozenset(call for call, allowed in homes.items() if slot in allowed)
            found.append(self._peak(self._graph.nodes, "ram", True, None, writers).bytes)
        return tuple(found)

    def lives(self) -> tuple[Life, ...]:
        """Every value's life on the place where it is written, and every kept copy's."""
        found: list[Life] = []
        for entry in self._graph.entries:
            readers = tuple(
                node.id for node in self._graph.nodes if any(_same(origin, entry.name) for origin in deep_needs(node))
            )
            data = self._graph.data
            datum = data.get(FromShards(entry.name)) if entry.as_many else None
            found.append(Life(datum or data[FromInput(entry.name)], entry.place, readers, "", 1))
        self._lives_in(self._graph.nodes, None, (), found)
        return tuple(found)

    # --- lives ---

    def _lives_in(
        self, nodes: Sequence[Node], each: Each | None, outer: tuple[str, ...] | None, found: list[Life]
    ) -> None:
        readers = self._readers(nodes)
        scope = each.id if each else ""
        for node in nodes:
            for datum in _written(node):
                until: tuple[str, ...] | None = readers.get(datum.origin, ())
                copies = 1
                if each is not None and each.result == datum.origin:
                    until = None if outer is None else (*(until or ()), *outer)
                    copies = each.length or 1
                elif each is not None:
                    copies = each.width
                if each is None and self._is_result_only_here(datum):
                    until = None
                found.append(Life(datum, datum.place, () if until is None else until or (node.id,), scope, copies))
            if isinstance(node, Keep) and node.place != "remote" and node.value in self._graph.data:
                found.append(
                    Life(self._graph.data[node.value], node.place, (), scope, (each.length or 1) if each else 1)
                )
            if isinstance(node, Each):
                mine: tuple[str, ...] | None = readers.get(FromStep(node.id, ""), ())
                if (node.output is not None and self._is_result_only_here(node.output)) or (
                    each is not None and each.result == FromStep(node.id, "") and outer is None
                ):
                    mine = None
                self._lives_in(node.body, node, mine if mine is None else mine or (node.id,), found)

    def _readers(self, nodes: Sequence[Node]) -> dict[Origin, tuple[str, ...]]:
        readers: dict[Origin, list[str]] = {}
        for node in nodes:
            for origin in dict.fromkeys(deep_needs(node)):
                readers.setdefault(origin, []).append(node.id)
        return {origin: tuple(ids) for origin, ids in readers.items()}

    def _is_result_only_here(self, datum: Datum) -> bool:
        """Whether a value is handed out of the flow from the very place where it was written."""
        if not any(origin == datum.origin for origin, _ in self._graph.results.values()):
            return False
        return not any(outlives(place, datum.place) for place in self._kept.get(datum.origin, {}))

    # --- peaks ---

    def _peak(
        self, nodes: Sequence[Node], place: Place, top: bool, result: Origin | None = None, writers: Writers = None
    ) -> Peak:
        before = self._before.get(id(nodes))
        if before is None:
            before = self._before[id(nodes)] = predecessors(nodes)
        return heaviest(self._intervals(nodes, place, top, result, writers), before)

    def _intervals(
        self, nodes: Sequence[Node], place: Place, top: bool, result: Origin | None, writers: Writers
    ) -> list[Interval]:
        readers: dict[Origin, list[int]] = {}
        for index, node in enumerate(nodes):
            for origin in dict.fromkeys(deep_needs(node)):
                readers.setdefault(origin, []).append(index)
        found = self._slices(readers, place) if top and writers is None else []
        for index, node in enumerate(nodes):
            for datum in _written(node):
                if datum.place == place and datum.origin != result and (writers is None or node.id in writers):
                    forever = top and self._is_result_only_here(datum)
                    ends = () if forever else tuple(readers.get(datum.origin, ())) or (index,)
                    found.append(Interval(datum.name, datum, total(datum) or 0, index, ends))
            if isinstance(node, Keep) and node.place == place and writers is None:
                datum_ = self._graph.data.get(node.value)
                if datum_ is not None:
                    found.append(Interval(f"{datum_.name} (kept)", datum_, total(datum_) or 0, index, ()))
            if isinstance(node, Each):
                found += self._fan_out(node, index, place, readers, top, writers)
        return [interval for interval in found if interval.bytes]

    def _slices(self, readers: dict[Origin, list[int]], place: Place) -> list[Interval]:
        found = []
        for entry in self._graph.entries:
            origin: Origin = FromShards(entry.name) if entry.as_many else FromInput(entry.name)
            datum = self._graph.data[origin]
            if entry.place == place and readers.get(origin):
                found.append(Interval(entry.name, datum, total(datum) or 0, -1, tuple(readers[origin])))
        return found

    def _fan_out(
        self, each: Each, index: int, place: Place, readers: dict[Origin, list[int]], top: bool, writers: Writers
    ) -> list[Interval]:
        """What the elements under way hold, what they keep, and the list that they make."""
        found = []
        inner = self._peak(each.body, place, False, each.result, writers)
        forever = sum(interval.bytes for interval in inner.alive if not interval.readers)
        passing = inner.bytes - forever
        copies = each.width if each.length is not None else 1
        if passing:
            found.append(
                Interval(f"{each.id} ({each.width} elements under way)", None, passing * copies, index, (index,))
            )
        if forever:
            found.append(Interval(f"{each.id} (kept)", None, forever * (each.length or 1), index, ()))
        if (
            each.output is not None
            and each.output.place == place
            and any(
                datum.origin == each.result and (writers is None or not isinstance(node, Call) or node.id in writers)
                for node in each.body
                for datum in _all_written(node)
            )
        ):
            handed = top and self._is_result_only_here(each.output)
            ends = () if handed else tuple(readers.get(each.output.origin, ())) or (index,)
            found.append(Interval(each.output.name, each.output, total(each.output) or 0, index, ends))
        return found


def _same(origin: Origin, name: str) -> bool:
    return isinstance(origin, FromInput | FromShards) and origin.name == name


def _written(node: Node) -> tuple[Datum, ...]:
    """What a node itself writes on a place of the pod."""
    match node:
        case Call(outputs=outputs):
            return outputs
        case Move(output=output):
            return (output,)
        case Crossing() | Keep() | Each():
            return ()


def _all_written(node: Node) -> tuple[Datum, ...]:
    if isinstance(node, Each):
        return (node.output,) if node.output else ()
    return _written(node)
