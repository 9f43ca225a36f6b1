"""A circular queue: elements in order, of which each may need the one before, so many under way at most."""

from __future__ import annotations

from typing import Self

import msgspec
from rpds import HashTrieMap


class Ring(msgspec.Struct, frozen=True):
    """Elements 0 … size - 1, begun in order, at most `depth` under way.

    `again` holds those that have to be visited once more, and `anew` those that are. They don't count: a later
    element under way waits for them.
    """

    size: int
    depth: int
    next: int = 0
    active: HashTrieMap[int, None] = HashTrieMap()
    again: tuple[int, ...] = ()
    anew: HashTrieMap[int, None] = HashTrieMap()
    ended: tuple[int, ...] = ()

    def take(self) -> tuple[tuple[int, ...], Self]:
        following, active, anew = self.next, self.active, self.anew
        while len(active) < self.depth and following < self.size:
            active, following = active.insert(following, None), following + 1
        for unit in self.again:
            anew = anew.insert(unit, None)
        taken = (*sorted(self.again), *range(self.next, following))
        return taken, msgspec.structs.replace(self, next=following, active=active, again=(), anew=anew)

    def finish(self, unit: int) -> Self:
        if unit in self.anew:
            return msgspec.structs.replace(self, anew=self.anew.remove(unit))
        return msgspec.structs.replace(self, active=self.active.remove(unit), ended=(*self.ended, unit))

    def discover(self, unit: int) -> Self:
        """An element that is done has to be visited again."""
        return msgspec.structs.replace(self, again=(*self.again, unit))

    def forget(self) -> tuple[tuple[int, ...], Self]:
        """The elements that ended for the first time; what they gave is needed until the next has ended."""
        return self.ended, msgspec.structs.replace(self, ended=())

    def over(self, unit: int) -> bool:
        """Whether an element has begun and ended."""
        return unit < self.next and unit not in self.active

    @property
    def done(self) -> bool:
        return self.next >= self.size and not self.active and not self.anew and not self.again
