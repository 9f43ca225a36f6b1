"""The heaviest set of values that can be alive at once.

Values of which one is surely dead before the other is born form chains; values of which that holds for no two form an
antichain, and the heaviest antichain weighs what the cheapest cover by chains weighs (Dilworth 1950, in its weighted
form a minimum flow). Up to `EXACT` values it is computed by a maximum flow; for more, by chains along the edges of the
graph, which can only be too many, so that the bound is never too low. Values with several readers may overlap two by
two and yet not all at once: then the heaviest set for which there is a moment is searched for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import accumulate, count

from podpipec.graph.maxflow import MaxFlow
from podpipec.graph.order import ancestors
from podpipec.graph.values import Datum
from podpipec_runtime.tuples import NamedTuple

#: Up to so many values, between two steps that everything passes through, the bound is exact.
EXACT = 220

#: Up to so many values so many ways to go on are tried to find a moment at which all of them are there.
_TRIED, _TRIES = 48, 40


class Interval(NamedTuple):
    """A value's life among the nodes of one body: born with one (or before all: -1), dead after all of its readers."""

    name: str
    datum: Datum | None
    bytes: int
    born: int
    readers: tuple[int, ...]  # none: alive to the end
    exact: bool = True  # unless its bytes may be more than it ever has


class Peak(NamedTuple):
    """The most bytes alive at once, and what makes them up, the heaviest first. `exact` unless it may be less."""

    bytes: int
    alive: tuple[Interval, ...]
    exact: bool = True


class _Segment(NamedTuple):
    """The time between two steps that everything passes through: what comes and goes, and what is there throughout."""

    number: int
    moving: list[Interval]
    constant: int


def heaviest(intervals: Sequence[Interval], before: Sequence[Sequence[int]]) -> Peak:
    """The heaviest set of intervals that can be alive at once in a body with these direct predecessors."""
    if not intervals:
        return Peak(0, ())
    masks = ancestors(before)
    cuts = _cuts(masks)
    best: tuple[int, list[Interval], int, bool] = (-1, [], 0, True)
    for segment in _segments(intervals, cuts):
        if segment.constant + sum(interval.bytes for interval in segment.moving) <= best[0]:
            continue
        weight, alive, exact = _in_segment(segment.moving, masks, before)
        if segment.constant + weight > best[0]:
            best = (segment.constant + weight, alive, segment.number, exact)
    standing = [interval for interval in intervals if _spans(interval, cuts, best[2])]
    alive = sorted((*best[1], *standing), key=lambda interval: (-interval.bytes, interval.born, interval.name))
    return Peak(best[0], tuple(alive), best[3] and all(interval.exact for interval in alive))


def _cuts(masks: Sequence[int]) -> list[int]:
    """The nodes that are ordered with all others: nothing else runs while one of them does."""
    size = len(masks)
    cuts: list[int] = []
    common = (1 << size) - 1
    for index in range(size - 1, -1, -1):
        if common >> index & 1 and masks[index].bit_count() == index:
            cuts.append(index)
        common &= masks[index]  # what comes before this node and all later ones
    return cuts[::-1]


def _bounds(interval: Interval, cuts: Sequence[int]) -> tuple[int, int]:
    """The first and last segment in which an interval can be alive. Segment 0 ends before the first cut."""
    first = bisect_right(cuts, interval.born)
    last = bisect_right(cuts, max(interval.readers)) if interval.readers else len(cuts) + 1
    return first, last


def _spans(interval: Interval, cuts: Sequence[int], segment: int) -> bool:
    first, last = _bounds(interval, cuts)
    return first < segment < last


def _segments(intervals: Sequence[Interval], cuts: Sequence[int]) -> list[_Segment]:
    size = len(cuts) + 1
    moving: list[list[Interval]] = [[] for _ in range(size)]
    change = [0] * (size + 1)
    for interval in intervals:
        first, last = _bounds(interval, cuts)
        moving[first].append(interval)
        if last > first:
            change[first + 1] += interval.bytes
            change[min(last, size)] -= interval.bytes
            if last < size:
                moving[last].append(interval)
    constants = list(accumulate(change))
    return [_Segment(index, moving[index], constants[index]) for index in range(size)]


def _in_segment(
    intervals: list[Interval], masks: Sequence[int], before: Sequence[Sequence[int]]
) -> tuple[int, list[Interval], bool]:
    if len(intervals) <= EXACT:
        return _at_one_moment(intervals, masks)
    weight = sum(interval.bytes for interval in intervals) - _credit(intervals, masks, before)
    return weight, sorted(intervals, key=lambda interval: -interval.bytes)[:EXACT], False


def _mask(interval: Interval) -> int:
    mask = 0
    for reader in interval.readers:
        mask |= 1 << reader
    return mask


def _at_one_moment(intervals: list[Interval], masks: Sequence[int]) -> tuple[int, list[Interval], bool]:
    """The heaviest set for which there is a moment, by branch and bound.

    Where each value has one reader, what overlaps two by two overlaps at one moment. So as long as the heaviest set has
    a value that what the others need has ended, each of its readers in turn is taken for the last. When that comes to
    no end soon, the bound that is left is sure, and may be too high.
    """
    numbered = [interval._replace(name=str(number)) for number, interval in enumerate(intervals)]
    weight, found = _antichain(numbered, masks)
    waiting = [(-weight, 0, numbered, found)]
    tries = _TRIES if len(intervals) <= _TRIED else 0
    for tie in count(1):
        weight, _, these, found = waiting[0]
        ended = _ended(found, masks)
        if ended is None or tie > tries:
            return -weight, [intervals[int(one.name)] for one in found], ended is None
        heappop(waiting)
        for position, reader in enumerate(ended.readers):
            last = [one._replace(readers=(reader,)) if one.name == ended.name else one for one in these]
            weight, found = _antichain(last, masks)
            heappush(waiting, (-weight, tie * len(masks) + position, last, found))
    raise AssertionError("counting has no end")


def _ended(alive: Sequence[Interval], masks: Sequence[int]) -> Interval | None:
    """A value that has ended when all others of a set have begun."""
    finished = 0
    for interval in alive:
        if interval.born >= 0:
            finished |= masks[interval.born]
    return next((one for one in alive if one.readers and not _mask(one) & ~finished), None)


def _antichain(intervals: list[Interval], masks: Sequence[int]) -> tuple[int, list[Interval]]:
    """Sum of all weights less a maximum matching of what dies to what is born later."""
    size = len(intervals)
    source, sink = 2 * size, 2 * size + 1
    flow = MaxFlow(2 * size + 2)
    readers = [_mask(interval) for interval in intervals]
    for index, interval in enumerate(intervals):
        flow.edge(source, index, interval.bytes)
        flow.edge(size + index, sink, interval.bytes)
        if not readers[index]:
            continue
        for other, later in enumerate(intervals):
            if later.born >= 0 and readers[index] & ~masks[later.born] == 0:
                flow.edge(index, size + other, interval.bytes)
    matched = flow.run(source, sink)
    reached = flow.reachable(source)
    alive = [interval for index, interval in enumerate(intervals) if reached[index] and not reached[size + index]]
    return sum(interval.bytes for interval in intervals) - matched, alive


def _credit(intervals: list[Interval], masks: Sequence[int], before: Sequence[Sequence[int]]) -> int:
    """Bytes of dead values that later values surely take over, found by handing them on from node to node."""
    dying: dict[int, list[Interval]] = {}
    born: dict[int, int] = {}
    for interval in intervals:
        if interval.readers:
            dying.setdefault(max(interval.readers), []).append(interval)
        born[interval.born] = born.get(interval.born, 0) + interval.bytes
    pending: dict[int, list[tuple[int, int]]] = {}  # at a node: bytes left, and the readers they waited for
    matched = 0
    for node, needed in enumerate(before):
        wanted = born.get(node, 0)
        kept: list[tuple[int, int]] = []
        for predecessor in needed:
            for left, readers in pending.pop(predecessor, ()):
                taken = min(left, wanted) if readers & ~masks[node] == 0 else 0
                matched += taken
                wanted -= taken
                if left > taken:
                    kept.append((left - taken, readers))
        kept += [(interval.bytes, _mask(interval)) for interval in dying.get(node, ())]
        if kept:
            pending[node] = kept
    return matched
