"""What is alive on a place at once, under the worst schedule that the dependencies allow.

A value is alive from the start of the step that writes it until every step that reads it has finished. Two values
can be alive together unless one is surely dead before the other is born; `antichain` finds the heaviest set of such
values. That slots are few is not counted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from podpipec.graph.antichain import Interval, Peak, heaviest
from podpipec.graph.branches import branches_of, opposite
from podpipec.graph.consuming import consumed_inputs
from podpipec.graph.nodes import (
    Call,
    Collecting,
    Crossing,
    Cycle,
    Execute,
    Graph,
    If,
    Keep,
    Loop,
    Move,
    Node,
    Ordered,
    Pin,
    Unit,
    Up,
    Walk,
)
from podpipec.graph.order import predecessors
from podpipec.graph.readers import Readers, written
from podpipec.graph.releases import Releases
from podpipec.graph.traversal import body_of, comes_to, walk
from podpipec.graph.values import Datum
from podpipec.graph.walking import Held, handed_on, held, together
from podpipec.types.declarations import Place
from podpipec.types.origin import FromCarry, FromChildren, FromItem, Origin, step_of
from podpipec_runtime.tuples import NamedTuple


class Counted(NamedTuple):
    """What is counted: only what these calls write, if any are named; only what is in no proportion to an element of a
    list whose length the data knows, if `constant`."""

    writers: frozenset[str] | None = None
    constant: bool = False

    def counts(self, node: Node, datum: Datum) -> bool:
        """Whether a value that a node writes, or keeps, is counted."""
        by_whom = self.writers is None or (isinstance(node, Call | Move | Pin) and node.id in self.writers)
        if isinstance(node, Execute):  # whichever slot it is written in
            by_whom = True
        if comes_to(node) and self.writers is not None:  # what it comes to was written inside of it
            by_whom = any(inner.id in self.writers for inner, _ in walk(body_of(node)))
        return by_whom and not (self.constant and datum.bound is not None and datum.bound.share)


_ALL = Counted()


class _Element(NamedTuple):
    """One element of a fan out: its peak, and what stays of it when it is over."""

    peak: Peak
    stays: tuple[Interval, ...]


def total(datum: Datum) -> int | None:
    """The bytes of a value with all its elements; nothing where that is unknown."""
    if datum.bound is None:
        return None
    if datum.length is None:
        return datum.bound.bytes if datum.bound.share or datum.whole else None
    return datum.bound.bytes * datum.length


class Liveness:
    """What can be alive at once in a graph. Asked for each place."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._readers = Readers(graph)
        self._releases = Releases(graph)
        loops = [node for node, _ in walk(graph.nodes) if isinstance(node, Loop)]
        self._over = {loop.id: loop.over for loop in loops}
        self._in_trees = {FromItem(loop.id) for loop in loops if isinstance(loop, Walk | Ordered)}
        self._before: dict[int, list[list[int]]] = {}
        self._read_by: dict[int, dict[Origin, list[int]]] = {}
        self._elements: dict[tuple[str, Place, Counted], _Element] = {}
        self._units: dict[str, Liveness] = {}
        choices = (node for node, _ in walk(graph.nodes) if isinstance(node, If))
        self._branches = branches_of(graph.nodes)
        self._either = {result for choice in choices for result in choice.results or ()}
        self._held: dict[tuple[str, Place, Counted], Held] = {}

    def peak(self, place: Place) -> Peak:
        """The worst case for a place. Values of unknown size count nothing here: they are refused elsewhere."""
        return self._peak(place, _ALL)

    def charged(self, homes: Mapping[str, tuple[int, ...]], slots: int) -> tuple[int, ...]:
        """For each slot the most bytes in memory that can be charged to it at once, given the slots of each call.

        Pages of a tmpfs are charged to the container that writes them, as long as both are there (KEP-1967).
        """
        found = []
        for slot in range(slots):
            writers = frozenset(call for call, allowed in homes.items() if slot in allowed)
            found.append(self._peak("ram", Counted(writers)).bytes)
        return tuple(found)

    def _peak(self, place: Place, counted: Counted) -> Peak:
        nodes = self._graph.nodes
        return heaviest(self._intervals(nodes, place, True, counted, frozenset()), self._predecessors(nodes))

    def _element(self, each: Collecting | Cycle, place: Place, counted: Counted) -> _Element:
        """What one element of a fan out comes to. Computed once, so that what is deep inside is not asked for again."""
        key = (each.id, place, counted)
        if key not in self._elements:
            intervals = self._intervals(each.body, place, False, counted, self._may_be(_handed(each)))
            stays = tuple(one for one in intervals if not one.readers)
            self._elements[key] = _Element(heaviest(intervals, self._predecessors(each.body)), stays)
        return self._elements[key]

    def _predecessors(self, nodes: Sequence[Node]) -> list[list[int]]:
        before = self._before.get(id(nodes))
        if before is None:
            before = self._before[id(nodes)] = predecessors(nodes)
        return before

    def _reading(self, nodes: Sequence[Node]) -> dict[Origin, list[int]]:
        """For each value the nodes of a body that read it, in order."""
        found = self._read_by.get(id(nodes))
        if found is None:
            found = self._read_by[id(nodes)] = {}
            for index, node in enumerate(nodes):
                for origin in self._readers.reads(node):
                    found.setdefault(origin, []).append(index)
        return found

    def _intervals(
        self, nodes: Sequence[Node], place: Place, top: bool, counted: Counted, stays: frozenset[Origin]
    ) -> list[Interval]:
        """All lives in a body. What is given to what is outside `stays` when the element is over, as what it keeps."""
        readers = self._reading(nodes)
        found = self._slices(readers, place) if top and counted == _ALL else []
        for index, node in enumerate(nodes):
            for datum in written(node):
                if datum.place == place and counted.counts(node, datum):
                    handed = top and self._readers.is_result_only_here(datum)
                    forever = datum.origin in stays or handed or isinstance(node, Pin)
                    ends = () if forever else tuple(readers.get(datum.origin, ())) or (index,)
                    found.append(Interval(datum.name, datum, total(datum) or 0, index, ends, self._sure(datum)))
            if isinstance(node, Call) and counted.writers is None:
                found += self._copied(node, index, place, counted)
            if isinstance(node, Keep) and node.place == place:
                datum_ = self._graph.data.get(node.value)
                if datum_ is not None and counted.counts(node, datum_):
                    ends = self._released(node, index, nodes)
                    found.append(Interval(f"{datum_.name} (kept)", datum_, total(datum_) or 0, index, ends))
            if isinstance(node, Collecting | Cycle):
                found += self._fan_out(node, index, nodes, place, readers, top, counted)
            elif isinstance(node, Crossing) and node.unit is not None:
                found += self._in_unit(node, node.unit, index, place, counted)
            elif isinstance(node, Walk):
                found += self._ways(node, index, place, counted)
                for output in (up.output for up in self._sent_up(node, place, counted) if up.output is not None):
                    forever = output.origin in stays or (top and self._readers.is_result_only_here(output))
                    ends = () if forever else tuple(readers.get(output.origin, ())) or (index,)
                    found.append(Interval(output.name, output, total(output) or 0, index, ends))
        return [interval for interval in found if interval.bytes]

    def _sure(self, datum: Datum) -> bool:
        """Whether a value is there at all: of the two that a choice can give one is."""
        return datum.origin not in self._either

    def _copied(self, call: Call, index: int, place: Place, counted: Counted) -> Iterator[Interval]:
        """What a call gets as a copy of its own to work on: an element of a list that is one folder stays in it."""
        for name in consumed_inputs(call):
            origin = call.args[name]
            datum = self._graph.data.get(origin)
            over = self._graph.data.get(self._over.get(origin.each, origin)) if isinstance(origin, FromItem) else None
            in_folder = origin in self._in_trees or (over is not None and over.whole)
            if in_folder and datum is not None and datum.place == place and counted.counts(call, datum):
                yield Interval(f"{datum.name} (a copy to work on)", datum, total(datum) or 0, index, (index,))

    def _released(self, keep: Keep, index: int, nodes: Sequence[Node]) -> tuple[int, ...]:
        """After what a copy that is made at a node of this body goes; nothing if it stays, or goes outside of it."""
        anchors = self._releases.anchors(keep)
        here = tuple(position for position, node in enumerate(nodes) if node.id in anchors)
        return (index, *here) if here else ()

    def _slices(self, readers: dict[Origin, list[int]], place: Place) -> list[Interval]:
        """The slices are there before all else; one that nobody reads is to the end. So is what a unit brings in."""
        found = []
        for one in self._graph.handed:
            if one.brought and one.datum.place == place:
                until = tuple(readers.get(one.datum.origin, ()))
                found.append(Interval(one.name, one.datum, total(one.datum) or 0, -1, until))
        for entry in self._graph.entries:
            datum = self._graph.data[entry.origin]
            if entry.place == place:
                ends = () if self._readers.is_result_only_here(datum) else tuple(readers.get(datum.origin, ()))
                found.append(Interval(entry.name, datum, total(datum) or 0, -1, ends))
        return found

    def _in_unit(self, node: Crossing, unit: Unit, index: int, place: Place, counted: Counted) -> list[Interval]:
        """What a unit has on a place that all pods share, beside its results: while it works, and what it keeps."""
        if unit.name not in self._units:
            self._units[unit.name] = Liveness(unit.graph)
        inner = self._units[unit.name]
        peak, stays = inner._peak(place, counted), inner._stays(place, counted)
        mine = [datum for datum in node.results if datum.place == place and counted.counts(node, datum)]
        results = sum(total(datum) or 0 for datum in mine)
        found = []
        if peak.bytes > stays:
            found.append(Interval(f"{node.id} (at work)", None, peak.bytes - stays, index, (index,), peak.exact))
        if stays > results:
            found.append(Interval(f"{node.id} (kept)", None, stays - results, index, ()))
        return found

    def _stays(self, place: Place, counted: Counted) -> int:
        """The bytes that are there when all is over."""
        intervals = self._intervals(self._graph.nodes, place, True, counted, frozenset())
        return sum(interval.bytes for interval in intervals if not interval.readers)

    def _fan_out(
        self,
        each: Collecting | Cycle,
        index: int,
        nodes: Sequence[Node],
        place: Place,
        readers: dict[Origin, list[int]],
        top: bool,
        counted: Counted,
    ) -> list[Interval]:
        """What the elements under way hold, what they keep, and the list that they make.

        An element that is over leaves what stays of it; one under way has that, or less, and what passes.
        """
        inner, stays = self._element(each, place, counted)
        mine = [one for one in stays if self._gives(one, each)]
        given = self._given(mine)
        going = [(one, self._released(keep, index, nodes)) for one in stays if (keep := _keep_of(one, each))]
        leaving = {id(one): ends for one, ends in going if ends}
        stay_ = sum(one.bytes for one in stays) - sum(one.bytes for one in mine)
        kept_ = stay_ - sum(one.bytes for one in stays if id(one) in leaving)
        waits = 0 if isinstance(each, Cycle) else given  # what is carried stays for the next element
        passing = (inner.bytes - stay_ - waits) * (1 if each.length is None else each.width)
        exact = inner.exact
        if each.length is None:
            # one element has all the bytes of the list, the others only what is in no proportion to theirs; that one is
            # under way, or over, and what it gave is there beside them
            others = self._element(each, place, counted._replace(constant=True)).peak
            passing = max(passing + others.bytes * (each.width - 1), others.bytes * each.width)
            exact = exact and not others.bytes  # a part of these may be in proportion all the same
        if isinstance(each, Cycle):  # the last carry is what it comes to
            passing -= sum(
                one.bytes for one in {one.datum.origin: one for one in mine if one.datum is not None}.values()
            )
        found = []
        if passing:
            name = f"{each.id} ({each.width} elements under way)"
            found.append(Interval(name, None, passing, index, (index,), exact))
        for one in stays:
            if id(one) in leaving:
                found.append(one._replace(bytes=one.bytes * (each.length or 1), born=index, readers=leaving[id(one)]))
        if kept_:
            found.append(Interval(f"{each.id} (kept)", None, kept_ * (each.length or 1), index, ()))
        if isinstance(each, Cycle):
            found += self._carried(each, index, place, counted)
            return found
        if each.by and given:  # all that groups come to, on all levels, but for the last, which is the value
            groups = max(0, (each.length or 1) - 1)
            found.append(Interval(f"{each.id} ({groups + 1} groups)", None, given * groups, index, (index,), exact))
        if each.output is not None and mine and not each.values:
            handed = top and self._readers.is_result_only_here(each.output)
            ends = () if handed else tuple(readers.get(each.output.origin, ())) or (index,)
            found.append(Interval(each.output.name, each.output, total(each.output) or 0, index, ends))
            beside = given - max(one.bytes for one in mine)
            if beside:
                name = f"{each.output.name} (not chosen)"
                found.append(Interval(name, None, beside * (each.length or 1), index, ends, exact=False))
        return found

    def _carried(self, cycle: Cycle, index: int, place: Place, counted: Counted) -> Iterator[Interval]:
        """What elements that are over handed on, and others still see: of each that is under way the one before may be
        over, if neither is the next of another. The last of all is what the cycle comes to, and counted as that.

        What is only handed on once more, or under two names, is there for each of them.
        """
        over = cycle.width if cycle.length is None else max(0, min(cycle.width, cycle.length - cycle.width))
        body = {node.id for node in cycle.body if not isinstance(node, Pin)}  # what is pinned stays anyway
        bytes_, seen = 0, set[Origin]()
        for carry in cycle.carries:
            datum = carry.output
            outside = step_of(carry.value) not in (*body, cycle.id) or isinstance(carry.value, FromItem)
            if datum is not None and datum.place == place and counted.counts(cycle, datum) and not outside:
                again = carry.value in seen or isinstance(carry.value, FromCarry)
                bytes_ += (total(datum) or 0) * (cycle.width + over if again else over)
                seen.add(carry.value)
        yield Interval(f"{cycle.id} (carried)", None, bytes_, index, (index,))

    def _given(self, mine: Sequence[Interval]) -> int:
        """The bytes of what an element may give: of values in opposite branches one is there; what was made before a
        choice stays as long as the list."""
        steps = [step_of(one.datum.origin) or "" for one in mine if one.datum is not None]
        apart = all(opposite(self._branches, one, other) for one, other in combinations(steps, 2))
        sizes = [one.bytes for one in mine]
        return max(sizes, default=0) if apart else sum(sizes)

    def _gives(self, interval: Interval, each: Collecting | Cycle) -> bool:
        """Whether it is the result of an element, and no copy that stays whoever reads it."""
        handed = _handed(each)
        written = interval.datum is not None and any(self._is_of(interval.datum.origin, one) for one in handed)
        return written and not isinstance(each.body[interval.born], Keep | Pin)

    def node(self, walk: Walk, place: Place, counted: Counted = _ALL) -> Held:
        """What one node of a tree holds on a place."""
        key = (walk.id, place, counted)
        if key not in self._held:
            handed = self._may_be(handed_on(walk))
            self._held[key] = held(walk, self._intervals(walk.body, place, False, counted, handed), handed)
        return self._held[key]

    def _ways(self, walk: Walk, index: int, place: Place, counted: Counted) -> Iterator[Interval]:
        """What the nodes that have begun hold, what came up from those that are done, what is kept of all of them."""
        one = self.node(walk, place, counted)
        bytes_ = together(walk, one, self.node(walk, place, counted._replace(constant=True)))
        risen = [self._graph.data.get(FromChildren(walk.id, up.name)) for up in self._sent_up(walk, place, counted)]
        bytes_ += sum(total(datum) or 0 for datum in risen if datum is not None)
        yield Interval(f"{walk.id} ({walk.width} nodes under way)", None, bytes_, index, (index,), False)
        yield Interval(f"{walk.id} (kept)", None, one.kept + one.late * (walk.depth or 1), index, ())

    def _sent_up(self, walk: Walk, place: Place, counted: Counted) -> list[Up]:
        """What goes up of the nodes' own making, and lies on a place."""
        made = self.node(walk, place, counted).made
        return [up for up in walk.ups if not made.isdisjoint(self._may_be((up.value,)))]

    def _may_be(self, values: Iterable[Origin]) -> frozenset[Origin]:
        """Values, and what they may be."""
        return frozenset(one for value in values for one in (value, *self._readers.inside(value)))

    def _is_of(self, origin: Origin, result: Origin | None) -> bool:
        """Whether a value is a result, or what it may be."""
        return result is not None and (origin == result or origin in self._readers.inside(result))


def _handed(loop: Collecting | Cycle) -> tuple[Origin, ...]:
    """The values of a body that outlive their element."""
    return (loop.result,) if isinstance(loop, Collecting) else tuple(carry.value for carry in loop.carries)


def _keep_of(interval: Interval, each: Collecting | Cycle) -> Keep | None:
    """The step that keeps what an interval is the copy of."""
    node = each.body[interval.born]
    return node if isinstance(node, Keep) else None
