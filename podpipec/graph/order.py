"""Who comes before whom among the nodes of one body."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from podpipec.graph.branches import waits
from podpipec.graph.chains import chains, piped
from podpipec.graph.nodes import Call, Node
from podpipec.graph.traversal import body_of, deep_needs, walk
from podpipec.types.origin import Origin, step_of


def predecessors(nodes: Sequence[Node]) -> list[list[int]]:
    """For each node the indexes of those that it waits for itself. Nodes stand in a topological order.

    The calls of a chain wait for all that any of them waits for, and whoever waits for one waits for all.
    """
    before = waiting_for(nodes)
    joined = chains(nodes)
    if not joined:
        return before
    merged = _merged(before, joined)
    # a chain of which one call waits for another is refused (L5); till then each waits by itself
    return merged if all(not needed or needed[-1] < index for index, needed in enumerate(merged)) else before


def waiting_for(nodes: Sequence[Node]) -> list[list[int]]:
    """The same, each call by itself; a call does not wait for the end of whom it reads a stream from."""
    index = {node.id: position for position, node in enumerate(nodes)}
    choosing = waits(nodes)
    before: list[list[int]] = []
    for position, node in enumerate(nodes):
        steps = {step_of(origin) for origin in _ends(node)}
        steps.update(_after(node), choosing.get(node.id, ()))
        found = {index[step] for step in steps if step is not None and step in index}
        before.append(sorted(found - {position}))
    return before


def _ends(node: Node) -> Iterator[Origin]:
    """What must be whole before a node begins."""
    if not isinstance(node, Call):
        yield from deep_needs(node)
        return
    pipes = frozenset(piped(node).values())
    yield from (origin for origin in deep_needs(node) if origin not in pipes) if pipes else deep_needs(node)


def _merged(before: Sequence[Sequence[int]], joined: Sequence[tuple[int, ...]]) -> list[list[int]]:
    of = {index: members for members in joined for index in members}
    merged: list[list[int]] = []
    for index in range(len(before)):
        mine = of.get(index, (index,))
        needed = {one for member in mine for wanted in before[member] for one in of.get(wanted, (wanted,))}
        merged.append(sorted(needed.difference(mine)))
    return merged


def together(nodes: Sequence[Node]) -> Sequence[Node]:
    """The nodes of a body so that each comes after what its whole chain waits for; else in the order in which they are.

    A body whose chains go in a circle stays as it is.
    """
    joined = chains(nodes)
    if not joined:
        return nodes
    missing = [set(needed) for needed in _merged(waiting_for(nodes), joined)]
    followers: dict[int, list[int]] = {}
    for index, needed in enumerate(missing):
        for one in needed:
            followers.setdefault(one, []).append(index)
    ready = [index for index, needed in enumerate(missing) if not needed]
    found: list[Node] = []
    while ready:
        index = heapq.heappop(ready)
        found.append(nodes[index])
        for follower in followers.get(index, ()):
            missing[follower].discard(index)
            if not missing[follower]:
                heapq.heappush(ready, follower)
    return found if len(found) == len(nodes) else nodes


def _after(node: Node) -> set[str]:
    after = set(node.after)
    if isinstance(node, Call):
        return after
    for inner, _ in walk(body_of(node)):
        after.update(inner.after)
    return after


def ancestors(before: Sequence[Sequence[int]]) -> list[int]:
    """For each node all nodes that have finished when it starts, as the bits of a number."""
    masks: list[int] = []
    for needed in before:
        mask = 0
        for index in needed:
            mask |= masks[index] | 1 << index
        masks.append(mask)
    return masks
