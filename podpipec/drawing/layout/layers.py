"""Which layer each vertex is in: below all that it waits for, as far up as the width allows."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Literal

#: Where a vertex must be: anywhere, or on the upper or lower border.
Rank = Literal["free", "first", "last"]


def layering(ranks: Sequence[Rank], widths: Sequence[int], links: Sequence[tuple[int, int]], widest: int) -> list[int]:
    """The layer of each vertex, from 0. `links` are acyclic; no layer is wider than `widest` unless one vertex is."""
    before, after = _neighbours(len(ranks), links)
    order = topological(before, after)
    first = 1 if "first" in ranks else 0
    layer = [0] * len(ranks)
    used: dict[int, int] = {}
    for vertex in order:
        if ranks[vertex] == "free":
            at = max((layer[other] + 1 for other in before[vertex]), default=first)
            at = max(at, first)
            while used.get(at) and used[at] + widths[vertex] > widest:
                at += 1
            layer[vertex] = at
            used[at] = used.get(at, 0) + widths[vertex]
    for vertex in reversed(order):
        if ranks[vertex] == "free" and not before[vertex] and after[vertex]:
            _sink(vertex, layer, used, widths, widest, [other for other in after[vertex] if ranks[other] != "last"])
    bottom = max((layer[vertex] for vertex in order if ranks[vertex] == "free"), default=first) + 1
    return [bottom if rank == "last" else layer[vertex] for vertex, rank in enumerate(ranks)]


def _sink(
    vertex: int, layer: list[int], used: dict[int, int], widths: Sequence[int], widest: int, after: Sequence[int]
) -> None:
    """Move what waits for nothing down to just above its first reader, if there is room."""
    lowest = min((layer[other] for other in after), default=layer[vertex] + 1) - 1
    for at in range(lowest, layer[vertex], -1):
        if used.get(at, 0) + widths[vertex] <= widest:
            used[layer[vertex]] -= widths[vertex]
            used[at] = used.get(at, 0) + widths[vertex]
            layer[vertex] = at
            return


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in links:
        before[target].append(source)
        after[source].append(target)
    return before, after


def topological(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """The vertices, each after what it waits for; of those that could be next the first. Raises ValueError: a cycle."""
    waiting = [len(needed) for needed in before]
    ready = [vertex for vertex, count in enumerate(waiting) if not count]
    order: list[int] = []
    while ready:
        vertex = heapq.heappop(ready)
        order.append(vertex)
        for other in after[vertex]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, other)
    if len(order) != len(before):
        raise ValueError("a cycle cannot be layered")
    return order
