"""What lies on the places, who needs it, and how many bytes that is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import msgspec
from rpds import HashTrieMap

from podpipec_runtime.interpreter.values import Data, Loc
from podpipec_runtime.plan.types import PLACES, PlaceName


class Stock(msgspec.Struct, frozen=True):
    """Objects by place. An object is counted as used while anybody claims or holds it.

    `content`: what is there, with its bytes. `claims`: how many live values an object stands for (several
    values can have the same bytes). `holds`: how many jobs are about to read it or reading it. `pinned`: kept
    for good. `used` and `peak`: bytes that are there and needed, now and at most so far. `strays`: bytes that are there
    and that nobody needs, or not yet, without those of `kept`, what runs keep for good.
    """

    content: HashTrieMap[Loc, int]
    claims: HashTrieMap[Loc, int] = HashTrieMap()
    holds: HashTrieMap[Loc, int] = HashTrieMap()
    pinned: HashTrieMap[Loc, None] = HashTrieMap()
    used: HashTrieMap[str, int] = HashTrieMap()
    peak: HashTrieMap[str, int] = HashTrieMap()
    strays: HashTrieMap[str, int] = HashTrieMap()
    kept: frozenset[Loc] = frozenset()

    @classmethod
    def of(cls, content: HashTrieMap[Loc, int], kept: frozenset[Loc]) -> Self:
        """What an earlier run left."""
        strays: dict[str, int] = {}
        for loc, size in content.items():
            if loc not in kept:
                strays[loc.place] = strays.get(loc.place, 0) + size
        return cls(content, strays=HashTrieMap(strays), kept=kept)

    def needed(self, loc: Loc) -> bool:
        return loc in self.claims or loc in self.holds or loc in self.pinned

    def claim(self, loc: Loc) -> Self:
        return self._more(loc, claims=_plus(self.claims, loc))

    def unclaim(self, loc: Loc) -> Self:
        return self._less(loc, claims=_minus(self.claims, loc))

    def hold(self, locs: Iterable[Loc]) -> Self:
        stock = self
        for loc in locs:
            stock = stock._more(loc, holds=_plus(stock.holds, loc))
        return stock

    def unhold(self, locs: Iterable[Loc]) -> Self:
        stock = self
        for loc in locs:
            stock = stock._less(loc, holds=_minus(stock.holds, loc))
        return stock

    def pin(self, loc: Loc) -> Self:
        return self._more(loc, pinned=self.pinned.insert(loc, None))

    def arrive(self, loc: Loc, size: int) -> Self:
        """The object is on the place now."""
        if loc in self.content:
            return self
        stock = msgspec.structs.replace(self, content=self.content.insert(loc, size))
        return stock._count(loc.place, size) if self.needed(loc) else stock._stray(loc, size)

    def leave(self, loc: Loc) -> Self:
        """The object is no longer on the place."""
        size = self.content.get(loc)
        if size is None:
            return self
        stock = msgspec.structs.replace(self, content=self.content.remove(loc))
        return stock._count(loc.place, -size) if self.needed(loc) else stock._stray(loc, -size)

    def take(self, loc: Loc) -> Self:
        """The object is handed over to a call, and on the place no more; its bytes count until the call is over."""
        return msgspec.structs.replace(self, content=self.content.remove(loc))

    def taken_gone(self, loc: Loc, size: int) -> Self:
        """The call that was handed an object is over."""
        return self._count(loc.place, -size)

    def idle(self, loc: Loc) -> bool:
        """It is there, and nobody needs it."""
        return loc in self.content and not self.needed(loc)

    def locate(self, data: Data) -> tuple[Loc, str] | None:
        """Where `data` can be read on its own place, and at what path inside the object."""
        return self._find(data, data.place)

    def anywhere(self, data: Data) -> tuple[Loc, str] | None:
        """Where `data` can be read at all, its own place first."""
        found = self._find(data, data.place)
        for place in PLACES:
            if found is not None:
                return found
            found = self._find(data, place)
        return found

    def _find(self, data: Data, place: PlaceName) -> tuple[Loc, str] | None:
        content = self.content
        whole = Loc(place, data.object)
        if whole in content:
            return whole, data.inner
        if data.inner:
            own = Loc(whole.place, data.hash)
            if own in content:
                return own, ""
        return None

    def _more(self, loc: Loc, **changes: HashTrieMap[Loc, int] | HashTrieMap[Loc, None]) -> Self:
        stock = msgspec.structs.replace(self, **changes)
        if loc in self.content and not self.needed(loc):
            return stock._stray(loc, -self.content[loc])._count(loc.place, self.content[loc])
        return stock

    def _less(self, loc: Loc, **changes: HashTrieMap[Loc, int] | HashTrieMap[Loc, None]) -> Self:
        stock = msgspec.structs.replace(self, **changes)
        if loc in self.content and not stock.needed(loc):
            return stock._count(loc.place, -self.content[loc])._stray(loc, self.content[loc])
        return stock

    def _stray(self, loc: Loc, size: int) -> Self:
        if loc in self.kept:
            return self
        strays = self.strays.insert(loc.place, self.strays.get(loc.place, 0) + size)
        return msgspec.structs.replace(self, strays=strays)

    def _count(self, place: str, size: int) -> Self:
        used = self.used.get(place, 0) + size
        changed = msgspec.structs.replace(self, used=self.used.insert(place, used))
        if used > self.peak.get(place, 0):
            return msgspec.structs.replace(changed, peak=self.peak.insert(place, used))
        return changed


def _plus(counts: HashTrieMap[Loc, int], loc: Loc) -> HashTrieMap[Loc, int]:
    return counts.insert(loc, counts.get(loc, 0) + 1)


def _minus(counts: HashTrieMap[Loc, int], loc: Loc) -> HashTrieMap[Loc, int]:
    left = counts[loc] - 1
    return counts.insert(loc, left) if left else counts.remove(loc)
