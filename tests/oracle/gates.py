"""What lets elements in where their order is not that of a list: so many at a time, or the ways down a tree.

An element, or node, has a task without work that it begins with: it has begun when that has passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Turns:
    """At most `width` members are under way: begun by a task, and not through with others."""

    width: int
    begins: dict[int, int] = field(default_factory=dict)  # by the task that begins a member, the tasks of it

    def lets(self, task: int, finished: int) -> bool:
        """Whether a member may begin."""
        under_way = sum(bool(finished >> begin & 1 and mask & ~finished) for begin, mask in self.begins.items())
        return under_way < self.width


@dataclass
class Spot:
    """A node of a tree, as tasks: what it begins with and its first steps; what it goes on with when its children are
    done, and its other steps; all of these and those of all nodes below it; and its parent."""

    begins: int
    early: int = 0
    goes_on: int = 0
    late: int = 0
    whole: int = 0
    parent: int = -1

    def is_at_work(self, finished: int) -> bool:
        """Whether it is at its steps."""
        first = finished & self.begins and self.early & ~finished
        return bool(first or (finished & self.goes_on and self.late & ~finished))


@dataclass
class Ways:
    """The nodes of a tree. At most `width` are at their steps at once; and where it goes depth first, no more than
    `width` ways down from the root have begun and are not done."""

    width: int
    depth_first: bool
    spots: list[Spot] = field(default_factory=list)

    def lets(self, task: int, finished: int) -> bool:
        """Whether a node may begin, or go on."""
        if sum(spot.is_at_work(finished) for spot in self.spots) >= self.width:
            return False
        begins = self.depth_first and any(spot.begins == 1 << task for spot in self.spots)
        return not begins or self._ways(finished | 1 << task) <= self.width

    def _ways(self, finished: int) -> int:
        """How many nodes have begun, are not done, and have no such child."""
        is_open = [number for number, spot in enumerate(self.spots) if self._is_open(spot, finished)]
        return len(set(is_open) - {self.spots[number].parent for number in is_open})

    def _is_open(self, spot: Spot, finished: int) -> bool:
        return bool(finished & spot.begins and spot.whole & ~finished)
