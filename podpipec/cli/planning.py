"""From a program's path to the graph of the flow that a command is about."""

from __future__ import annotations

from podpipec.cli.reading import read
from podpipec.compiler import Compiled, compile_program
from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.graph.expand import PODS
from podpipec.graph.nodes import Crossing, Graph
from podpipec.graph.traversal import units_of, walk
from podpipec.source import Span


class NoFlowError(Exception):
    """A program has no flow of that name, or several and no name is given. The message is for the user."""


def compile_flow(
    path: str, given: dict[str, str], flow: str | None, pods: int | None = None
) -> tuple[Compiled, Graph | None, tuple[Diagnostic, ...]]:
    """Compile a program and choose a flow. Without a graph, the diagnostics say why. Raises `NoFlowError`.

    A flow across pods is for sets of at most so many `pods`, if that is said.
    """
    compiled = compile_program(path, read, given, pods or PODS)
    if not compiled.ok:
        return compiled, None, compiled.diagnostics
    graph = choose(compiled, path, flow)
    if pods is not None and not graph.across:
        name = graph.flow.declared.name.text
        raise NoFlowError(f"--pods is for flows across pods, and `{name}` is on one: it has a pod for each shard")
    graphs = (graph, *(unit.graph for unit in units_of(graph)))
    nodes = [node for one in graphs for node, _ in walk(one.nodes)]
    crossing = next((node for node in nodes if isinstance(node, Crossing) and node.unit is None), None)
    if crossing is not None:
        return compiled, None, (*compiled.diagnostics, _across(graph, crossing))
    return compiled, graph, compiled.diagnostics


def choose(compiled: Compiled, path: str, flow: str | None) -> Graph:
    """The flow of that name, or the only one that can be started. Raises `NoFlowError`."""
    graphs = {graph.flow.declared.name.text: graph for graph in compiled.checked.graphs}
    own = {name: graph for name, graph in graphs.items() if graph.flow.declared.span.path == path}
    if flow is not None:
        if flow in graphs:
            return graphs[flow]
        hint = did_you_mean(flow, graphs) or (f"there is {', '.join(sorted(graphs))}",)
        raise NoFlowError(f"{path} has no flow `{flow}` that can be started: {hint[0]}")
    candidates = own or graphs
    if not candidates:
        raise NoFlowError(
            f"{path} has no flow that can be started: one `on` a pod or `across` pods, "
            "given nothing but slices of snapshots"
        )
    if len(candidates) > 1:
        raise NoFlowError(f"{path} has several flows: say which with --flow: {', '.join(sorted(candidates))}")
    return next(iter(candidates.values()))


def _across(graph: Graph, crossing: Crossing) -> Diagnostic:
    other = crossing.flow
    at: Span = crossing.span
    return error(
        "B001",
        f"`{graph.flow.declared.name.text}` calls `{other.declared.name.text}` on another pod",
        at,
        "crosses pods here",
        (other.declared.name.span, "declared here"),
        (graph.flow.declared.name.span, "on one pod"),
        note="what a flow on one pod does, one pod does alone",
        help=f"let it go across pods: `flow {graph.flow.declared.name.text}(…) … across {graph.pod.name.text}`",
    )
