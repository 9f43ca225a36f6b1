"""Running a flow on this machine: its plan, what it is started with, what is shown, and what came of it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from datetime import datetime

from podpipec.cli import cache, status
from podpipec.cli.colours import colours
from podpipec.cli.misused import Misused
from podpipec.cli.results import export, print_results
from podpipec.cli.views import View
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import Outcome
from podpipec_runtime.plan import codec
from podpipec_runtime.plan.types import Macro, Plan
from podpipec_runtime.tuples import NamedTuple

__all__ = ["Asked", "Misused", "run_flow"]

_STATUS = {"usage": status.USAGE, "data": status.DATA, "stage": status.STAGE, "interrupted": status.INTERRUPTED}


class Asked(NamedTuple):
    """What is to be run, and how: the options of `podpipec run` by their names, as they are if nothing is said."""

    file: str
    bind: Mapping[str, str] = {}
    window: str | None = None
    shard: str | None = None
    param: Mapping[str, str] = {}
    flow: str | None = None
    work: str = ".podpipec"
    place: Mapping[str, str] = {}
    out: str | None = None
    env: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    parallel: int | None = None
    repeat_effects: bool = False
    pods: int | None = None
    explain: bool = False
    as_json: bool = False
    quiet: bool = False


def run_flow(asked: Asked) -> int:
    """Runs a flow, prints what comes of it, and gives the exit status.

    Raises `Misused`: before anything has run, or because results cannot be copied to where they were asked for.
    """
    plan = _plan(asked)
    if plan is None:
        return status.PROGRAM
    options = RunOptions(
        work=asked.work,
        places=asked.place,
        bindings=_bindings(plan, asked.bind),
        base=os.path.dirname(os.path.abspath(asked.file)),
        window=_window(plan, asked.window),
        shard=asked.shard,
        env=asked.env,
        secrets=_secrets(plan, asked.secret),
        repeat_effects=asked.repeat_effects,
        explain=asked.explain,
        parallel=asked.parallel,
    )
    view = _view(asked.as_json, asked.quiet or asked.explain)
    gc.enable()
    try:
        outcome = _outcome(plan, options, view)
    finally:
        view.close()
    return _finish(plan, outcome, asked)


def _outcome(plan: Plan | Macro, options: RunOptions, view: View) -> Outcome:
    if isinstance(plan, Macro):
        from podpipec_runtime.across import run_across

        return run_across(plan, options, view.show)
    from podpipec_runtime.engine import run

    return run(plan, options, view.show)


def _plan(asked: Asked) -> Plan | Macro | None:
    """The plan of the flow; one that is known from before is not made again. Nothing if the program is wrong."""
    purpose = f"plan {asked.flow or ''} {asked.pods or ''} {sorted(asked.param.items())}"
    known = cache.recall(asked.file, purpose)
    if known is not None:
        return codec.decode_any(known)
    from podpipec.cli.planning import NoFlowError, compile_flow
    from podpipec.cli.reading import on_disk
    from podpipec.cli.report import report
    from podpipec.plan import plan_of

    try:
        compiled, graph, diagnostics = compile_flow(asked.file, dict(asked.param), asked.flow, asked.pods)
    except NoFlowError as problem:
        raise Misused(str(problem)) from None
    report(diagnostics, compiled)
    if graph is None:
        return None
    plan = plan_of(graph)
    cache.keep(asked.file, purpose, on_disk(compiled), codec.encode_compact(plan))
    return plan


def _bindings(plan: Plan | Macro, bind: Mapping[str, str]) -> dict[str, str]:
    """Paths by the flow's inputs; a snapshot's name binds every input that is a slice of it."""
    found: dict[str, str] = {}
    names = {name for given in plan.inputs for name in (given.parameter, given.snapshot)}
    for name, path in bind.items():
        inputs = [given.parameter for given in plan.inputs if name in (given.parameter, given.snapshot)]
        if not inputs:
            from podpipec.diagnostics import did_you_mean

            hint = did_you_mean(name, names) or (f"it is given {', '.join(sorted(names)) or 'none'}",)
            raise Misused(f"the flow `{plan.flow}` has no snapshot `{name}`: {hint[0]}")
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
            raise Misused("--secret is of the form NAME=env:VARIABLE or NAME=file:PATH")
        if name in found:
            raise Misused(f"the secret `{name}` is given twice")
        if name not in names:
            from podpipec.diagnostics import did_you_mean

            hint = did_you_mean(name, names) or (f"it asks for {', '.join(sorted(names)) or 'none'}",)
            raise Misused(f"no stage of the flow `{plan.flow}` asks for a secret `{name}`: {hint[0]}")
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
        raise Misused(str(error)) from None


def _view(as_json: bool, quiet: bool) -> View:
    if as_json:
        from podpipec.cli.views.json import Json

        return Json()
    if not quiet and colours(sys.stderr):
        from podpipec.cli.views.live import Live

        return Live()
    from podpipec.cli.views.plain import Plain, Quiet

    return Quiet() if quiet else Plain()


def _finish(plan: Plan | Macro, outcome: Outcome, asked: Asked) -> int:
    """Print what came of the run, and give the exit status."""
    failure = outcome.failure
    if failure is not None:
        _print_failure(outcome)
        return _STATUS[failure.kind]
    if asked.explain:
        for step in outcome.explained:
            name = step.step + (f"[{', '.join(step.element)}]" if step.element else "")
            sys.stdout.write(f"{step.action:<6} {name}: {step.why}\n")
        return status.OK
    if asked.out is not None:
        export(plan, outcome, asked.out)
    if not asked.as_json:
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
