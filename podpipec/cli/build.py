"""`podpipec build`: manifests for Kubernetes."""

from __future__ import annotations

import os
import sys

import click

from podpipec.cli import status
from podpipec.cli.options import Exit, flow_option, pairs, param_option, pods_option, program_argument
from podpipec.cli.planning import NoFlowError, compile_flow
from podpipec.cli.report import report
from podpipec.cli.rewriting import put
from podpipec.cli.summary import summary
from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.traversal import units_of, walk
from podpipec.plan import plan_of
from podpipec.source import Span
from podpipec.targets.manifest import Reason, Refused
from podpipec_runtime.plan.types import Macro, Plan


@click.command()
@program_argument
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="DIR|-",
    help="A folder for the manifest file, or - for standard output.",
)
@param_option
@flow_option
@click.option(
    "--secret",
    multiple=True,
    callback=pairs,
    metavar="NAME=SECRET/KEY",
    help="Which Secret of the cluster, and which key of it, a secret of the flow is.",
)
@pods_option
@click.option("--namespace", metavar="NAME", help="The namespace of all objects.")
@click.option("-q", "--quiet", is_flag=True, help="Do not say what the flow costs and survives.")
def command(
    file: str,
    output: str,
    param: dict[str, str],
    flow: str | None,
    secret: dict[str, str],
    pods: int | None,
    namespace: str | None,
    quiet: bool,
) -> None:
    """Compile a flow in FILE to the manifests of an OpenKruise Advanced StatefulSet and what goes with it."""
    try:
        compiled, graph, diagnostics = compile_flow(file, param, flow, pods)
    except NoFlowError as problem:
        raise click.UsageError(str(problem)) from None
    if graph is None:
        report(diagnostics, compiled)
        raise Exit(status.PROGRAM)
    plan = plan_of(graph)
    text, refused = _manifests(plan, graph, namespace, secret)
    report((*diagnostics, *refused), compiled)
    if text is None:
        raise Exit(status.PROGRAM)
    if not quiet:
        sys.stderr.write(summary(graph, plan))
    _write(text, output, graph.flow.declared.name.text)


def _manifests(
    plan: Plan | Macro, graph: Graph, namespace: str | None, secrets: dict[str, str]
) -> tuple[str | None, tuple[Diagnostic, ...]]:
    from podpipec.targets.kubernetes import KubernetesOptions, manifests
    from podpipec.targets.yaml import dump

    try:
        return dump(manifests(plan, KubernetesOptions(namespace=namespace, secrets=secrets))), ()
    except Refused as refused:
        return None, tuple(_refusal(reason, graph) for reason in refused.reasons)


def _refusal(reason: Reason, graph: Graph) -> Diagnostic:
    """A target's reason, at the declaration that it is about."""
    at: Span = graph.flow.declared.name.span
    graphs = [graph, *(unit.graph for unit in units_of(graph))]
    for node, _ in (pair for one in graphs for pair in walk(one.nodes)):
        if isinstance(node, Call) and reason.about == "stage" and node.stage.name.text == reason.name:
            at = node.stage.name.span
    if reason.about == "pod":
        at = next((one.pod.name.span for one in graphs if one.pod.name.text == reason.name), graph.pod.name.span)
    return error("B002", reason.message, at, help=reason.hint or ())


def _write(text: str, output: str, name: str) -> None:
    """To standard output, or whole or not at all into a file of the folder."""
    if output == "-":
        sys.stdout.write(text)
        return
    path = os.path.join(output, f"{name}.yaml")
    try:
        os.makedirs(output, exist_ok=True)
    except OSError as problem:
        raise click.UsageError(f"cannot write to {output}: {problem.strerror}") from None
    put(path, text.encode())
    sys.stdout.write(f"{path}\n")
