"""What only the data knows: how many elements a stage's list has, and how its bytes are spread over them."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class World(NamedTuple):
    """Each element's part of the whole list's bytes. Bounds grow in proportion, so the corners are the worst.

    `choices`: whether the conditions hold, of one choice after the other, over and over.
    """

    parts: tuple[Fraction, ...]
    choices: tuple[bool, ...] = (True,)


ONE = World((Fraction(1),))
#: How several choices can go.
CHOICES = ((True,), (False,), (True, False), (False, True))
WORLDS = (
    ONE,
    World((Fraction(0), Fraction(1))),
    World((Fraction(1, 2), Fraction(1, 2))),
    World((Fraction(0), Fraction(1), Fraction(0))),
)
