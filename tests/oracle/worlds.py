"""What only the data knows: how many elements a stage's list has, what trees and graphs look like, and how bytes are
spread over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product
from typing import NamedTuple

#: Of each part of a whole its part of the bytes.
Shares = tuple[Fraction, ...]


class Tree(NamedTuple):
    """The parent of each node but the root, which is the first: nodes come after their parents."""

    parents: tuple[int, ...] = ()
    shares: Shares = (Fraction(1),)

    def level(self, node: int) -> int:
        """How deep a node lies; the root's is 1."""
        return 1 if node == 0 else self.level(self.parents[node - 1]) + 1


class Graph(NamedTuple):
    """Of each node those that it depends on, all of which come before it."""

    needs: tuple[tuple[int, ...], ...] = ((),)
    shares: Shares = (Fraction(1),)


class World(NamedTuple):
    """Each element's part of the whole list's bytes. Bounds grow in proportion, so the corners are the worst.

    `choices`: whether the conditions hold, of one choice after the other, over and over.
    """

    parts: Shares
    choices: tuple[bool, ...] = (True,)
    tree: Tree = Tree()
    graph: Graph = Graph()


ONE = World((Fraction(1),))
#: How several choices can go.
CHOICES = ((True,), (False,), (True, False), (False, True))
WORLDS = (
    ONE,
    World((Fraction(0), Fraction(1))),
    World((Fraction(1, 2), Fraction(1, 2))),
    World((Fraction(0), Fraction(1), Fraction(0))),
)


def spread(count: int) -> Iterator[Shares]:
    """The corners of how bytes can be spread: all in one of so many, or evenly."""
    for one in range(count):
        yield tuple(Fraction(int(index == one)) for index in range(count))
    if count > 1:
        yield (Fraction(1, count),) * count


def trees(most: int) -> Iterator[Tree]:
    """Every shape of a tree of up to so many nodes, each once, with bytes spread in every way over each."""
    seen: set[object] = set()
    for count in range(1, most + 1):
        for parents in product(*(range(node + 1) for node in range(count - 1))):
            shape = _shape(parents, 0)
            if shape not in seen:
                seen.add(shape)
                yield from (Tree(parents, shares) for shares in spread(count))


def _shape(parents: tuple[int, ...], node: int) -> object:
    """The same for trees that differ only in the order of children."""
    below = (child for child, parent in enumerate(parents, 1) if parent == node)
    return tuple(sorted((_shape(parents, child) for child in below), key=repr))


def graphs(most: int) -> Iterator[Graph]:
    """Every graph of up to so many nodes, in the order of one of their ways through, with bytes spread over each."""
    for count in range(1, most + 1):
        before = ([way for size in range(node + 1) for way in combinations(range(node), size)] for node in range(count))
        for needs in product(*before):
            yield from (Graph(needs, shares) for shares in spread(count))
