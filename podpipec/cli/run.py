"""`podpipec run`: a flow on this machine."""

from __future__ import annotations

import gc
import os
import sys
from datetime import datetime

import click

from podpipec.cli import cache, status
from podpipec.cli.colours import colours
from podpipec.cli.options import Exit, flow_option, pairs, param_option, pods_option, program_argument
from podpipec.cli.results import export, print_results
from podpipec.cli.views import View
from podpipec.diagnostics import did_you_mean
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import Outcome
from podpipec_runtime.plan import codec
from podpipec_runtime.plan.types import Macro, Plan

_STATUS = {"usage": status.USAGE, "data": status.DATA, "stage": status.STAGE, "interrupted": status.INTERRUPTED}


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
def command(
    file: str,
    bind: dict[str, str],
    window: str | None,
    shard: str | None,
    param: dict[str, str],
    flow: str | None,
    work: str,
    place: dict[str, str],
    out: str | None,
    env: tuple[str, ...],
    secret: tuple[str, ...],
    parallel: int | None,
    repeat_effects: bool,
    pods: int | None,
    explain: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run a flow in FILE on this machine: each slot is a process, each place a folder.

    What was published or kept before is not run again, whether the run before ended, failed or was killed. What is
    kept in the work folder stays there until you remove it; --out makes copies that are yours. The images of stages
    are not used: their commands must be on the PATH. The pods of a flow across pods are processes with folders of
    their own.
    """
    plan = _plan(file, param, flow, pods)
    options = RunOptions(
        work=work,
        places=place,
        bindings=_bindings(plan, bind),
        base=os.path.dirname(os.path.abspath(file)),
        window=_window(plan, window),
        shard=shard,
        env=env,
        secrets=_secrets(plan, secret),
        repeat_effects=repeat_effects,
        explain=explain,
        parallel=parallel,
    )
    view = _view(as_json, quiet or explain)
    gc.enable()
    try:
        outcome = _outcome(plan, options, view)
    finally:
        view.close()
    raise Exit(_finish(plan, outcome, out, explain, as_json))


def _outcome(plan: Plan | Macro, options: RunOptions, view: View) -> Outcome:
    if isinstance(plan, Macro):
        from podpipec_runtime.across import run_across

        return run_across(plan, options, view.show)
    from podpipec_runtime.engine import run

    return run(plan, options, view.show)


def _plan(file: str, param: dict[str, str], flow: str | None, pods: int | None) -> Plan | Macro:
    """The plan of the flow; one that is known from before is not made again."""
    purpose = f"plan {flow or ''} {pods or ''} {sorted(param.items())}"
    known = cache.recall(file, purpose)
    if known is not None:
        return codec.decode_any(known)
    plan, files = _compile(file, param, flow, pods)
    cache.keep(file, purpose, files, codec.encode_compact(plan))
    return plan


def _compile(
    file: str, param: dict[str, str], flow: str | None, pods: int | None
) -> tuple[Plan | Macro, tuple[str, ...]]:
    from podpipec.cli.planning import NoFlowError, compile_flow
    from podpipec.cli.reading import on_disk
    from podpipec.cli.report import report
    from podpipec.plan import plan_of

    try:
        compiled, graph, diagnostics = compile_flow(file, param, flow, pods)
    except NoFlowError as problem:
        raise click.UsageError(str(problem)) from None
    report(diagnostics, compiled)
    if graph is None:
        raise Exit(status.PROGRAM)
    return plan_of(graph), on_disk(compiled)


def _bindings(plan: Plan | Macro, bind: dict[str, str]) -> dict[str, str]:
    """Paths by the flow's inputs; a snapshot's name binds every input that is a slice of it."""
    found: dict[str, str] = {}
    names = {name for given in plan.inputs for name in (given.parameter, given.snapshot)}
    for name, path in bind.items():
        inputs = [given.parameter for given in plan.inputs if name in (given.parameter, given.snapshot)]
        if not inputs:
            hint = did_you_mean(name, names) or (f"it is given {', '.join(sorted(names)) or 'none'}",)
            raise click.UsageError(f"the flow `{plan.flow}` has no snapshot `{name}`: {hint[0]}")
        found |= dict.fromkeys(inputs, path)
    return found


def _secrets(plan: Plan | Macro, words: tuple[str, ...]) -> dict[str, str]:
    """Where the secrets come from, by their names. What stands behind the name is never shown: it may be a value."""
    found: dict[str, str] = {}
    plans = plan.flows if isinstance(plan, Macro) else (plan,)
    names = {name for one in plans for stage in one.stages for name in stage.secrets}
    for word in words:
        name, sign, source = word.partition("=")
        if not sign or not source.startswith(("env:", "file:")):
            raise click.UsageError("--secret is of the form NAME=env:VARIABLE or NAME=file:PATH")
        if name in found:
            raise click.UsageError(f"the secret `{name}` is given twice")
        if name not in names:
            hint = did_you_mean(name, names) or (f"it asks for {', '.join(sorted(names)) or 'none'}",)
            raise click.UsageError(f"no stage of the flow `{plan.flow}` asks for a secret `{name}`: {hint[0]}")
        found[name] = source
    return found


def _window(plan: Plan | Macro, text: str | None) -> datetime | None:
    """The start of the window. Without an offset it is in the zone of the calendar that the flow's period is on."""
    if text is None:
        return None
    from podpipec_runtime.calendar.written import NoWindow, read
    from podpipec_runtime.snapshots.windows import period_zone

    try:
        return read(text, period_zone(plan))
    except NoWindow as error:
        raise click.UsageError(str(error)) from None


def _view(as_json: bool, quiet: bool) -> View:
    if as_json:
        from podpipec.cli.views.json import Json

        return Json()
    if not quiet and colours(sys.stderr):
        from podpipec.cli.views.live import Live

        return Live()
    from podpipec.cli.views.plain import Plain, Quiet

    return Quiet() if quiet else Plain()


def _finish(plan: Plan | Macro, outcome: Outcome, out: str | None, explain: bool, as_json: bool) -> int:
    """Print what came of the run, and give the exit status."""
    failure = outcome.failure
    if failure is not None:
        _print_failure(outcome)
        return _STATUS[failure.kind]
    if explain:
        for step in outcome.explained:
            name = step.step + (f"[{', '.join(step.element)}]" if step.element else "")
            sys.stdout.write(f"{step.action:<6} {name}: {step.why}\n")
        return status.OK
    if out is not None:
        export(plan, outcome, out)
    if not as_json:
        print_results(outcome)
    return status.OK


def _print_failure(outcome: Outcome) -> None:
    failure = outcome.failure
    assert failure is not None
    lines = [f"error: {failure.message}"]
    if failure.report is not None:
        report_ = failure.report
        name = report_.step + (f"[{', '.join(report_.element)}]" if report_.element else "")
        lines = [f"error: the stage `{report_.stage}` failed at `{name}`: {failure.message}"]
        command = report_.command.replace("\n", "\n           ")
        lines += [f"  command  {command}"]
        if report_.output:
            lines += ["  its last output:", *(f"    {text}" for text in report_.output.splitlines())]
        if report_.log:
            lines.append(f"  log      {report_.log}")
    sys.stderr.write("\n".join(lines) + "\n")
