"""Fan in by groups: what each group of neighbours comes to is grouped again, until one value is left."""

from __future__ import annotations

from typing import Self

import msgspec
from rpds import HashTrieMap

from podpipec_runtime.shapes.heap import Node, pop, push
from podpipec_runtime.tuples import NamedTuple


class Group(NamedTuple):
    """Neighbours on a level. A member below the number of leaves is a leaf, else that many more than the number
    of the group that it is the value of. `parent` is the group of which this one's value is a member, or -1."""

    level: int
    position: int
    members: tuple[int, ...]
    parent: int

    @property
    def label(self) -> str:
        return f"{self.level}.{self.position}"


class FanIn(msgspec.Struct, frozen=True):
    """The groups over `size` leaves, numbered so that each comes right after all that it is made of.

    The least that can start does, so that values are used up soon. `ready` holds groups whose members are done,
    `waits` how many groups one still waits for, as soon as there is one less; `next` counts in `first`, the
    groups of leaves alone. `again` and `anew` are groups that have to be visited once more; they don't count
    against the width, for a later group under way waits for them.
    """

    size: int
    width: int
    groups: tuple[Group, ...]
    first: tuple[int, ...]
    left: int
    next: int = 0
    ready: Node[int] | None = None
    waits: HashTrieMap[int, int] = HashTrieMap()
    active: HashTrieMap[int, None] = HashTrieMap()
    again: tuple[int, ...] = ()
    anew: HashTrieMap[int, None] = HashTrieMap()
    ended: tuple[int, ...] = ()

    @classmethod
    def of(cls, size: int, by: int, width: int) -> Self:
        """For a list of `size`, in groups of `by` (at least two)."""
        groups = _groups(size, by)
        first = tuple(at for at, group in enumerate(groups) if max(group.members) < size)
        return cls(size, width, groups, first, len(groups))

    @property
    def root(self) -> int:
        """The member that everything comes to: the last group's value, or the one leaf."""
        return self.size + len(self.groups) - 1 if self.groups else 0

    def take(self) -> tuple[tuple[int, ...], Self]:
        ready, following, active, anew = self.ready, self.next, self.active, self.anew
        taken = sorted(self.again)
        for unit in taken:
            anew = anew.insert(unit, None)
        while len(active) < self.width and (ready is not None or following < len(self.first)):
            if ready is None or (following < len(self.first) and self.first[following] < ready.key):
                unit, following = self.first[following], following + 1
            else:
                unit, ready = ready.key, pop(ready)
            active = active.insert(unit, None)
            taken.append(unit)
        shape = msgspec.structs.replace(self, ready=ready, next=following, active=active, again=(), anew=anew)
        return tuple(taken), shape

    def finish(self, unit: int) -> Self:
        if unit in self.anew:
            return msgspec.structs.replace(self, anew=self.anew.remove(unit))
        ready, waits, parent = self.ready, self.waits, self.groups[unit].parent
        if parent >= 0:
            count = waits.get(parent, sum(member >= self.size for member in self.groups[parent].members)) - 1
            waits = waits.insert(parent, count) if count else waits.discard(parent)
            ready = ready if count else push(ready, parent)
        active, ended = self.active.remove(unit), (*self.ended, unit)
        return msgspec.structs.replace(self, active=active, ended=ended, ready=ready, waits=waits, left=self.left - 1)

    def discover(self, unit: int) -> Self:
        """A group that is done has to be visited again."""
        return msgspec.structs.replace(self, again=(*self.again, unit))

    def forget(self) -> tuple[tuple[int, ...], Self]:
        """The groups that ended for the first time."""
        return self.ended, msgspec.structs.replace(self, ended=())

    @property
    def done(self) -> bool:
        return not self.left and not self.anew and not self.again


class _Draft(NamedTuple):
    """A leaf, or a group whose number is not known yet: it comes to a value that covers leaves up to `last`."""

    last: int
    level: int = -1
    position: int = 0
    members: tuple[_Draft, ...] = ()


def _groups(size: int, by: int) -> tuple[Group, ...]:
    """Level by level; a member that is left over alone goes up as it is."""
    row, level = [_Draft(leaf) for leaf in range(size)], 0
    drafts: list[_Draft] = []
    while len(row) > 1:
        parts = [tuple(row[at : at + by]) for at in range(0, len(row), by)]
        row = [
            part[0] if len(part) == 1 else _Draft(part[-1].last, level, position, part)
            for position, part in enumerate(parts)
        ]
        drafts += (draft for draft in row if draft.level == level)
        level += 1
    drafts.sort(key=lambda draft: (draft.last, draft.level))
    units = {(draft.level, draft.position): at for at, draft in enumerate(drafts)}
    parents = {(m.level, m.position): at for at, draft in enumerate(drafts) for m in draft.members if m.members}
    return tuple(
        Group(
            draft.level,
            draft.position,
            tuple(size + units[m.level, m.position] if m.members else m.last for m in draft.members),
            parents.get((draft.level, draft.position), -1),
        )
        for draft in drafts
    )
