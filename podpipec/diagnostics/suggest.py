"""The nearest name: what somebody who wrote `memroy` meant."""

from __future__ import annotations

from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap of neighbours) that make one of the other; `limit + 1` if more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, above = above, row
    return above[-1]


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is nearest to the name, if one is near enough (a third of its length; a letter is near none).

    Of two that are equally near, the one that begins as the name does: `row` means `rows` rather than `raw`.
    """
    if len(name) > 60:
        return None
    limit = max(len(name) > 1, len(name) // 3)
    best: tuple[int, int, str] | None = None
    for candidate in set(candidates):
        found = 0 if candidate.lower() == name.lower() else distance(name.lower(), candidate.lower(), limit)
        rank = (found, -_alike(name, candidate), candidate)
        if candidate != name and found <= limit and (best is None or rank < best):
            best = rank
    return best[2] if best else None


def _alike(left: str, right: str) -> int:
    """With how many same characters two names begin."""
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


#: Shorter names are near to too much.
_SHORTEST_CERTAIN = 3


class DidYouMean(str):
    """A help line that names what was meant, and what an edit that writes it must know.

    `certain` where nothing else can have been meant.
    """

    __slots__ = ("certain", "near", "wrong")
    wrong: str
    near: str
    certain: bool

    def __new__(cls, wrong: str, near: str, certain: bool) -> DidYouMean:
        """The line for a word that is wrong and the one that was meant."""
        line = super().__new__(cls, f"did you mean `{near}`?")
        line.wrong, line.near, line.certain = wrong, near, certain
        return line


def did_you_mean(name: str, candidates: Iterable[str]) -> tuple[DidYouMean, ...]:
    """A help line that names the nearest candidate, or none."""
    known = set(candidates)
    near = nearest(name, known)
    return (DidYouMean(name, near, _certain(name, near, known)),) if near else ()


def _certain(name: str, near: str, known: set[str]) -> bool:
    """Whether only one candidate can be meant: the only one but for upper and lower case, or the only one near.

    Names that differ in nothing but digits are told apart on purpose: `part1` is no slip for `part2`.
    """
    if near.lower() == name.lower():
        return sum(candidate.lower() == name.lower() for candidate in known) == 1
    long_enough = len(name) >= _SHORTEST_CERTAIN and _letters(name) != _letters(near)
    return long_enough and nearest(name, known - {near}) is None


def _letters(name: str) -> str:
    return "".join(letter for letter in name if not letter.isdigit())
