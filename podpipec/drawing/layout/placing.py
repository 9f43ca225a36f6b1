"""How far to the right each vertex stands: near its wires' other ends, in the order of its layer, without overlap.

For one layer this is a least-squares problem with a fixed order, which pooling adjacent violators solves exactly; layer
after layer, down and up, until it has settled.
"""

from __future__ import annotations

from collections.abc import Sequence

from podpipec_runtime.tuples import NamedTuple

_SWEEPS = 10

#: What has no wires holds its place only weakly.
_LOOSE = 0.01


class Segment(NamedTuple):
    """A piece of wire from a vertex to one in the next layer, with the places on both where it begins and ends."""

    upper: int
    leaves: int
    lower: int
    enters: int
    weight: float


def placed(layers: Sequence[Sequence[int]], widths: Sequence[int], segments: Sequence[Segment], gap: int) -> list[int]:
    """The left side of each vertex; the leftmost is at 0."""
    above: list[list[tuple[int, int, float]]] = [[] for _ in widths]
    below: list[list[tuple[int, int, float]]] = [[] for _ in widths]
    for one in segments:
        above[one.lower].append((one.upper, one.leaves - one.enters, one.weight))
        below[one.upper].append((one.lower, one.enters - one.leaves, one.weight))
    lefts = [0.0] * len(widths)
    for layer in layers:
        _settle(layer, widths, lefts, [(0.0, _LOOSE)] * len(layer), gap)
    for sweep in range(_SWEEPS):
        last = sweep == _SWEEPS - 1
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wishes = []
            for vertex in layer:
                near = above[vertex] + below[vertex] if last or sweep > 2 else (above, below)[sweep % 2][vertex]
                wishes.append(_wish(lefts[vertex], near, lefts))
            _settle(layer, widths, lefts, wishes, gap)
    return _whole(layers, widths, lefts, gap)


def _wish(left: float, near: Sequence[tuple[int, int, float]], lefts: Sequence[float]) -> tuple[float, float]:
    """Where a vertex would stand by itself, and how much it matters."""
    weight = sum(weight for _, _, weight in near)
    if not near:
        return left, _LOOSE
    return sum((lefts[other] + offset) * weight for other, offset, weight in near) / weight, weight


def _settle(
    layer: Sequence[int], widths: Sequence[int], lefts: list[float], wishes: Sequence[tuple[float, float]], gap: int
) -> None:
    """The places nearest to the wishes, by weighted squares, in the order of the layer (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    shift = 0
    shifts: list[int] = []
    for vertex, (wish, weight) in zip(layer, wishes, strict=True):
        shifts.append(shift)
        mean, total, count = wish - shift, weight, 1
        while pools and pools[-1][0] > mean:
            other, heavy, many = pools.pop()
            mean = (mean * total + other * heavy) / (total + heavy)
            total, count = total + heavy, count + many
        pools.append((mean, total, count))
        shift += widths[vertex] + gap
    at = 0
    for mean, _, count in pools:
        for index in range(at, at + count):
            lefts[layer[index]] = mean + shifts[index]
        at += count


def _whole(layers: Sequence[Sequence[int]], widths: Sequence[int], lefts: Sequence[float], gap: int) -> list[int]:
    """Whole pixels, and no overlap by rounding."""
    found = [0] * len(widths)
    for layer in layers:
        free: int | None = None
        for vertex in layer:
            at = int(lefts[vertex] // 1)
            found[vertex] = at if free is None else max(at, free)
            free = found[vertex] + widths[vertex] + gap
    least = min(found, default=0)
    return [left - least for left in found]
