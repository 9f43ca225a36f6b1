"""What only the data knows: how many elements a stage's list has, and how its bytes are spread over them."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class World(NamedTuple):
    """Each element's part of the whole list's bytes. Bounds grow in proportion, so the corners are the worst."""

    parts: tuple[Fraction, ...]


ONE = World((Fraction(1),))
WORLDS = (
    ONE,
    World((Fraction(0), Fraction(1))),
    World((Fraction(1, 2), Fraction(1, 2))),
    World((Fraction(0), Fraction(1), Fraction(0))),
)
