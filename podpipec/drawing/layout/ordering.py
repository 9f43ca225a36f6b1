"""In which order the vertices of a layer stand, so that few wires cross: sweeps by barycentres, the best one kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_SWEEPS = 12

Layers = list[list[int]]


def ordered(layers: Layers, segments: Sequence[tuple[int, int]], count: int) -> Layers:
    """The layers in a new order. Segments go from a vertex to one of the next layer."""
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for upper, lower in segments:
        below[upper].append(lower)
        above[lower].append(upper)
    best, fewest = layers, _crossings(layers, below)
    current = [list(layer) for layer in layers]
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        if sweep % 2 == 0:
            for index in range(1, len(current)):
                current[index] = _by_barycentre(current[index], current[index - 1], above)
        else:
            for index in range(len(current) - 2, -1, -1):
                current[index] = _by_barycentre(current[index], current[index + 1], below)
        crossings = _crossings(current, below)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in current], crossings
    return best


def _by_barycentre(layer: list[int], fixed: Sequence[int], neighbours: Sequence[Sequence[int]]) -> list[int]:
    """Sorted by the mean position of the neighbours; a vertex without any stays where it is."""
    position = {vertex: index for index, vertex in enumerate(fixed)}
    scale = max(1, len(layer) - 1)
    centres: dict[int, float] = {}
    for index, vertex in enumerate(layer):
        near = [position[other] for other in neighbours[vertex] if other in position]
        centres[vertex] = sum(near) / len(near) if near else index * max(1, len(fixed) - 1) / scale
    return sorted(layer, key=lambda vertex: centres[vertex])


def _crossings(layers: Layers, below: Sequence[Sequence[int]]) -> int:
    """How many pairs of segments cross."""
    return sum(_between(upper, lower, below) for upper, lower in pairwise(layers))


def _between(upper: Sequence[int], lower: Sequence[int], below: Sequence[Sequence[int]]) -> int:
    """Inversions among the lower ends in the order of the upper ones, by a binary indexed tree."""
    position = {vertex: index for index, vertex in enumerate(lower)}
    tree = [0] * (len(lower) + 1)
    found = seen = 0
    for vertex in upper:
        ends = sorted(position[other] for other in below[vertex] if other in position)
        for end in ends:
            at, not_right = end + 1, 0
            while at:
                not_right += tree[at]
                at &= at - 1
            found += seen - not_right
        for end in ends:
            at = end + 1
            while at < len(tree):
                tree[at] += 1
                at += at & -at
            seen += 1
    return found
