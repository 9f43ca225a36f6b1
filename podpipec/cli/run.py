"""`podpipec run`: a flow on this machine, as the command line asks for it. What is done is in `running`."""

from __future__ import annotations

from typing import Any

import click

from podpipec.cli.options import Exit, flow_option, pairs, param_option, pods_option, program_argument
from podpipec.cli.running import Asked, Misused, run_flow


@click.command()
@program_argument
@click.option(
    "--bind", multiple=True, callback=pairs, metavar="NAME=PATH", help="Where a snapshot's slices are; may be repeated."
)
@click.option(
    "--window",
    metavar="TIME",
    help="The start of the window, as in 2013-07-04 or 2013-07-04T15:00: in UTC, or the zone of the flow's calendar.",
)
@click.option("--shard", metavar="NAME", help="Which shard, for a flow that works on one.")
@param_option
@flow_option
@click.option(
    "--work",
    default=".podpipec",
    metavar="DIR",
    show_default=True,
    help="The folder of journal, logs, node and volume.",
)
@click.option(
    "--place", multiple=True, callback=pairs, metavar="PLACE=DIR", help="The folder of a place, `remote` included."
)
@click.option("--out", metavar="DIR", help="Copy the results into this folder, by their names.")
@click.option("--env", multiple=True, metavar="NAME", help="Pass this environment variable to the stages.")
@click.option(
    "--secret",
    multiple=True,
    metavar="NAME=env:VARIABLE|file:PATH",
    help="Where a secret that stages ask for comes from.",
)
@click.option("-j", "--parallel", type=click.IntRange(min=1), metavar="N", help="At most N stages at once.")
@click.option(
    "--repeat-effects",
    is_flag=True,
    help="Call services again where a run that did not come to its end began to, or had.",
)
@pods_option
@click.option("--explain", is_flag=True, help="Say what would run and why, and run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print events as lines of JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print only results and failures.")
def command(**words: Any) -> None:  # noqa: ANN401 - the fields of `Asked`, one for each option above
    """Run a flow in FILE on this machine: each slot is a process, each place a folder.

    What was published or kept before is not run again, whether the run before ended, failed or was killed. What is
    kept in the work folder stays there until you remove it; --out makes copies that are yours. The images of stages
    are not used: their commands must be on the PATH. The pods of a flow across pods are processes with folders of
    their own.
    """
    try:
        raise Exit(run_flow(Asked(**words)))
    except Misused as problem:
        raise click.UsageError(str(problem)) from None
