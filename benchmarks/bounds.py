"""Bounds: what the project promises of a figure, and whether the figure keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.trial import Figure


@dataclass(frozen=True)
class Bound:
    """A promise: `figure` may be at most `most`, both ratios. No figure: it was not measured in this run."""

    promise: str
    figure: float | None
    most: float
    #: The other figure is of a process that was stopped at its limit, so the true ratio is smaller still.
    below: bool = False

    @property
    def holds(self) -> bool | None:
        return None if self.figure is None else self.figure <= self.most


def ratio(promise: str, figures: Mapping[str, Figure], ours: str, theirs: str, most: float) -> Bound:
    """The bound on the wall time of `ours` by that of `theirs`."""
    mine, other = figures.get(ours), figures.get(theirs)
    if mine is None or other is None or mine.stopped:
        return Bound(promise, None, most)
    return Bound(promise, mine.wall / other.wall, most, below=other.stopped)
