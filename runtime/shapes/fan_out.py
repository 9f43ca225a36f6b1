"""Bounded fan out, ordered fan in: the elements of a list, at most so many under way at once."""

from __future__ import annotations

from typing import Self

import msgspec
from rpds import HashTrieMap

from podpipec_runtime.shapes.heap import Node, pop, push


class FanOut(msgspec.Struct, frozen=True):
    """Elements 0 … size - 1, which start in order. `again` holds those that have to be visited once more.

    Only what is under way takes room: what is before `next` and not active is done.
    """

    size: int
    width: int
    next: int = 0
    active: HashTrieMap[int, None] = HashTrieMap()
    again: Node[int] | None = None
    ended: tuple[int, ...] = ()

    def take(self, *, at_once: bool = False) -> tuple[tuple[int, ...], Self]:
        """Lets in what may start; `at_once` all that have to be visited once more, however many are under way."""
        taken: list[int] = []
        following, again, active = self.next, self.again, self.active
        while (again is not None and at_once) or (
            len(active) < self.width and (again is not None or following < self.size)
        ):
            if again is not None:
                unit, again = again.key, pop(again)
            else:
                unit, following = following, following + 1
            active = active.insert(unit, None)
            taken.append(unit)
        return tuple(taken), msgspec.structs.replace(self, next=following, again=again, active=active)

    def finish(self, unit: int) -> Self:
        return msgspec.structs.replace(self, active=self.active.remove(unit), ended=(*self.ended, unit))

    def discover(self, unit: int) -> Self:
        """An element that is done has to be visited again; it comes before those not yet begun."""
        return msgspec.structs.replace(self, again=push(self.again, unit))

    def forget(self) -> tuple[tuple[int, ...], Self]:
        return self.ended, msgspec.structs.replace(self, ended=())

    @property
    def done(self) -> bool:
        return self.next >= self.size and not self.active and self.again is None
