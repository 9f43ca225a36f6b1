"""Dependency graph: a unit may start when all that it waits for is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import msgspec
from rpds import HashTrieMap


class Graph(msgspec.Struct, frozen=True):
    """The names of a body's steps, in an order that stays the plan's wherever dependencies allow.

    `waits` counts what each name still waits for. `fresh` may start and was not taken yet. `ended` is done
    and was not forgotten yet.
    """

    after: Mapping[str, tuple[str, ...]]
    waits: HashTrieMap[str, int]
    fresh: tuple[str, ...]
    left: int
    ended: tuple[str, ...] = ()

    @classmethod
    def of(cls, before: Mapping[str, tuple[str, ...]]) -> Self:
        """From what each name waits for. Names that wait in a circle never start."""
        after: dict[str, list[str]] = {name: [] for name in before}
        for name, firsts in before.items():
            for first in firsts:
                after[first].append(name)
        return cls(
            {name: tuple(names) for name, names in after.items()},
            HashTrieMap({name: len(firsts) for name, firsts in before.items() if firsts}),
            tuple(name for name, firsts in before.items() if not firsts),
            len(before),
        )

    def take(self) -> tuple[tuple[str, ...], Self]:
        return self.fresh, msgspec.structs.replace(self, fresh=())

    def finish(self, unit: str) -> Self:
        waits, fresh = self.waits, list(self.fresh)
        for name in self.after[unit]:
            count = waits[name] - 1
            waits = waits.insert(name, count) if count else waits.remove(name)
            if not count:
                fresh.append(name)
        ended = (*self.ended, unit)
        return msgspec.structs.replace(self, waits=waits, fresh=tuple(fresh), left=self.left - 1, ended=ended)

    def hold(self, unit: str) -> Self:
        """`unit`, which was not taken yet, waits for one thing more, that is none of these units."""
        waits = self.waits.insert(unit, self.waits.get(unit, 0) + 1)
        fresh = tuple(name for name in self.fresh if name != unit)
        return msgspec.structs.replace(self, waits=waits, fresh=fresh)

    def let(self, unit: str) -> Self:
        """One thing that `unit` was held for is there."""
        count = self.waits[unit] - 1
        waits = self.waits.insert(unit, count) if count else self.waits.remove(unit)
        return msgspec.structs.replace(self, waits=waits, fresh=self.fresh if count else (*self.fresh, unit))

    def discover(self, unit: str) -> Self:
        """A further unit that waits for nothing."""
        after = {**self.after, unit: ()}
        return msgspec.structs.replace(self, after=after, fresh=(*self.fresh, unit), left=self.left + 1)

    def forget(self) -> tuple[tuple[str, ...], Self]:
        """Every unit that is done: those that waited for it were told so when it ended."""
        return self.ended, msgspec.structs.replace(self, ended=())

    @property
    def done(self) -> bool:
        return not self.left
