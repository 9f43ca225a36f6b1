"""A stage that consumes a value waits until the value is kept where the flow keeps it.

A `keep` has no name that `after` could say, and no other order makes sense. A `keep` that itself waits for the stage
is left as it is, for a rule to tell.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from podpipec.graph.consuming import Consuming
from podpipec.graph.nodes import Graph, Keep, Loop, Node
from podpipec.graph.order import predecessors


def keeps_first(graph: Graph) -> Graph:
    """The graph in which what consumes a value comes after every copy that is kept of it in the same body."""
    consuming = Consuming(graph)
    waits: dict[str, list[str]] = {}
    for gone in consuming.gone():
        if gone.by is not None and gone.many is None:
            body = consuming.body(gone.origin)
            keeps = [one.id for one in body if isinstance(one, Keep) and consuming.holds(one.value, gone.origin)]
            waits.setdefault(gone.by.id, []).extend(keeps)
    return graph._replace(nodes=_waiting(graph.nodes, waits)) if any(waits.values()) else graph


def _waiting(nodes: Sequence[Node], waits: Mapping[str, Sequence[str]]) -> tuple[Node, ...]:
    inner = tuple(node._replace(body=_waiting(node.body, waits)) if isinstance(node, Loop) else node for node in nodes)
    added = [node._replace(after=tuple(dict.fromkeys((*node.after, *waits.get(node.id, ()))))) for node in inner]
    order = _order(added)
    return inner if order is None else tuple(added[index] for index in order)


def _order(nodes: Sequence[Node]) -> list[int] | None:
    """The order of the source as far as each comes after what it waits for; nothing if they wait in a circle."""
    before = predecessors(nodes)
    followers: list[list[int]] = [[] for _ in nodes]
    for index, needed in enumerate(before):
        for one in needed:
            followers[one].append(index)
    missing = [len(needed) for needed in before]
    ready = [index for index, count in enumerate(missing) if not count]
    order = []
    while ready:
        index = heapq.heappop(ready)
        order.append(index)
        for follower in followers[index]:
            missing[follower] -= 1
            if not missing[follower]:
                heapq.heappush(ready, follower)
    return order if len(order) == len(nodes) else None
