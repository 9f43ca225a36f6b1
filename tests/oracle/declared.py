"""The bounds of outputs as the program has them, for the stages that a flow uses."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Call, Graph
from podpipec.graph.traversal import walk
from podpipec.syntax import tree
from podpipec_runtime.plan import types as plan


def declared(graph: Graph, whole: plan.Plan) -> Mapping[str, Mapping[str, tree.Expression]]:
    """By the names of stages in the plan. Stages that share a name, and are told apart by a number, are left out."""
    found = {
        one.stage.name.text: one.stage
        for node, _ in walk(graph.nodes)
        for one in (node.attempts if isinstance(node, Call) else ())
    }
    clear = {one.name for one in whole.stages if f"{one.name}_2" not in {other.name for other in whole.stages}}
    return {name: stage.sizes for name, stage in found.items() if name in clear}
