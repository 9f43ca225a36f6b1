"""Programs with all constructs: of one the most, so that each seed has something to show."""

from __future__ import annotations

from random import Random

from tests.oracle.drawn.cycles import Cycles
from tests.oracle.drawn.lists import Folds, Groups
from tests.oracle.programs import Maker

#: The makers of each construct, by its name.
KINDS: dict[str, type[Maker]] = {"groups": Groups, "folds": Folds, "cycles": Cycles}


class _All(Folds, Groups, Cycles):
    """Everything at once."""


def program(kind: str, seed: int) -> str:
    """The program of a seed, of a kind; `all` has every kind of statement."""
    made = _All if kind == "all" else KINDS[kind]
    return made(Random(f"{kind} {seed}")).program()  # noqa: S311 - chance that can be repeated
