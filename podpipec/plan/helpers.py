"""The helpers of a plan, each once, with their commands."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Graph, Open
from podpipec.graph.traversal import walk
from podpipec.plan.stages import command_of, numbered
from podpipec.syntax import tree
from podpipec.types.declarations import Helper
from podpipec_runtime.plan import types as plan


def helper_names(graph: Graph) -> dict[tree.Name, str]:
    """A name for each helper of a graph."""
    return numbered({helper.name for helper in _helpers(graph)})


def helpers_of(graph: Graph, names: Mapping[tree.Name, str]) -> tuple[plan.Helper, ...]:
    """Every helper that the graph starts, by its name in the plan."""
    helpers = {helper.name: helper for helper in _helpers(graph)}
    return tuple(sorted((_helper(one, names[name]) for name, one in helpers.items()), key=lambda helper: helper.name))


def _helpers(graph: Graph) -> list[Helper]:
    return [node.helper for node, _ in walk(graph.nodes) if isinstance(node, Open)]


def _helper(helper: Helper, name: str) -> plan.Helper:
    return plan.Helper(
        name=name,
        command=command_of(helper.command),
        inputs=tuple(plan.Port(name=port.name, content=str(port.content)) for port in helper.inputs),
        image=helper.image,
        code=None if helper.code is None else plan.Code(name=helper.code[0], text=helper.code[1]),
        cpu=helper.cpu,
        memory=helper.memory,
        port=helper.port,
        calls=tuple(service.name.text for service in helper.calls),
        secrets=tuple(secret.name.text for secret in helper.secrets),
    )
