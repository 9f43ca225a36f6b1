"""Chains: calls that are joined by streams, and so begin at once, end at once, and fail at once.

A chain is one step with several containers. It begins when all is there that any of its calls reads, and what they
write is published when all of them have ended well: a consumer that saw its stream end cannot know how the producer
ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.graph.nodes import Call, Graph, Node
from podpipec.graph.traversal import body_of, walk
from podpipec.types.origin import Origin


def chains_of(graph: Graph) -> list[tuple[Call, ...]]:
    """All chains of a graph, those in loops included."""
    bodies = [graph.nodes, *(body_of(node) for node, _ in walk(graph.nodes))]
    found = [[body[index] for index in members] for body in bodies for members in chains(body)]
    return [tuple(node for node in members if isinstance(node, Call)) for members in found]


def piped(call: Call) -> Mapping[str, Origin]:
    """The streams that a call reads, by its inputs."""
    return {port.name: call.args[port.name] for port in call.stage.inputs if port.content.stream}


def chains(nodes: Sequence[Node]) -> list[tuple[int, ...]]:
    """The chains of a body, each by the indexes of its calls, in order."""
    makers = {pipe.origin: index for index, node in enumerate(nodes) if isinstance(node, Call) for pipe in node.pipes}
    if not makers:
        return []
    first = list(range(len(nodes)))  # of each node the first of its chain that is known so far
    for index, node in enumerate(nodes):
        for origin in piped(node).values() if isinstance(node, Call) else ():
            if origin in makers:
                _join(first, makers[origin], index)
    found: dict[int, list[int]] = {}
    for index in range(len(nodes)):
        found.setdefault(_root(first, index), []).append(index)
    return [tuple(members) for members in found.values() if len(members) > 1]


def _root(first: Sequence[int], index: int) -> int:
    while first[index] != index:
        index = first[index]
    return index


def _join(first: list[int], one: int, other: int) -> None:
    one, other = sorted((_root(first, one), _root(first, other)))
    first[other] = one
