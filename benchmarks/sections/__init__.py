"""The three things that are measured, a module each: `start`, `compilation` and `execution`.

Each says which trials to make, which bounds their figures are held against, and which rows of the table they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bounds import Bound
from benchmarks.environments import Environments
from benchmarks.report import Row
from benchmarks.trial import Figure, Trial


@dataclass(frozen=True)
class Section:
    """`times`: how many times the asked number of rounds it takes (more for what is short and noisy).

    `trials(environments, quick)`, `bounds(figures)` and `rows(figures)` are pure.
    """

    name: str
    title: str
    note: str
    peers: tuple[str, ...]
    times: int
    trials: Callable[[Environments, bool], Sequence[Trial]]
    bounds: Callable[[Mapping[str, Figure]], Sequence[Bound]]
    rows: Callable[[Mapping[str, Figure]], Sequence[Row]]
