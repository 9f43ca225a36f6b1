"""Which graphs of a sound program have a plan."""

from __future__ import annotations

from podpipec.graph.nodes import Crossing, Graph
from podpipec.graph.traversal import walk


def plannable(graph: Graph) -> bool:
    """Whether no flow on one pod calls one on another, which `build` refuses."""
    return not any(isinstance(node, Crossing) and node.unit is None for node, _ in walk(graph.nodes))
