"""Whether calls that run at once can each have a slot of its own, of those that it may run in (Kuhn 1955)."""

from __future__ import annotations

from collections.abc import Sequence


def distinct(homes: Sequence[Sequence[int]]) -> bool:
    """Whether from each of these sets one can be chosen so that no two are the same."""
    taken: dict[int, int] = {}
    return all(_place(index, homes, taken, set()) for index in range(len(homes)))


def _place(index: int, homes: Sequence[Sequence[int]], taken: dict[int, int], tried: set[int]) -> bool:
    for slot in homes[index]:
        if slot not in tried:
            tried.add(slot)
            if slot not in taken or _place(taken[slot], homes, taken, tried):
                taken[slot] = index
                return True
    return False
