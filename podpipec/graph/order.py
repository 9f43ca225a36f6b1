"""Who comes before whom among the nodes of one body."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.graph.branches import waits
from podpipec.graph.nodes import Node, body_of, deep_needs, step_of, walk


def predecessors(nodes: Sequence[Node]) -> list[list[int]]:
    """For each node the indexes of those that it waits for itself. Nodes stand in a topological order."""
    index = {node.id: position for position, node in enumerate(nodes)}
    choosing = waits(nodes)
    before: list[list[int]] = []
    for position, node in enumerate(nodes):
        steps = {step_of(origin) for origin in deep_needs(node)}
        steps.update(_after(node), choosing.get(node.id, ()))
        found = {index[step] for step in steps if step is not None and step in index}
        before.append(sorted(found - {position}))
    return before


def _after(node: Node) -> set[str]:
    after = set(node.after)
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
