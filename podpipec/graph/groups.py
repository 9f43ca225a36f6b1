"""Groups of neighbours in a list, and how many there are."""

from __future__ import annotations

from podpipec_runtime.tuples import NamedTuple


class Grouping(NamedTuple):
    """A loop over groups of neighbours: of so many, each so far behind the one before. Where they overlap there are
    full groups alone."""

    size: int
    step: int

    @property
    def overlaps(self) -> bool:
        """Whether an element is in several groups."""
        return self.step < self.size

    def count(self, length: int) -> int:
        """How many groups a list has."""
        if not self.overlaps:
            return -(-length // self.size)
        return 0 if length < self.size else (length - self.size) // self.step + 1


def folded(length: int, by: int) -> int:
    """How many groups a fold has, on all levels; what is left over alone goes up a level as it is."""
    count = 0
    while length > 1:
        whole, rest = divmod(length, by)
        count += whole + (rest > 1)
        length = whole + (rest > 0)
    return count
