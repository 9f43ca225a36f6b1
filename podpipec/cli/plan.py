"""`podpipec plan`: what one pod would do, as the runtime reads it."""

from __future__ import annotations

import sys

import click

from podpipec.cli import status
from podpipec.cli.options import Exit, flow_option, param_option, pods_option, program_argument
from podpipec.cli.planning import NoFlowError, compile_flow
from podpipec.cli.report import report


@click.command()
@program_argument
@param_option
@flow_option
@pods_option
def command(file: str, param: dict[str, str], flow: str | None, pods: int | None) -> None:
    """Print the plan of a flow in FILE as JSON: what the quarterback of a pod interprets.

    That of a flow across pods is its macro plan, with the plan of each unit of work in it.
    """
    try:
        compiled, graph, diagnostics = compile_flow(file, param, flow, pods)
    except NoFlowError as problem:
        raise click.UsageError(str(problem)) from None
    report(diagnostics, compiled)
    if graph is None:
        raise Exit(status.PROGRAM)
    from podpipec.plan import plan_of
    from podpipec_runtime.plan.codec import encode

    sys.stdout.write(encode(plan_of(graph)).decode())
