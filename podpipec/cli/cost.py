"""`podpipec cost`: what a flow moves and asks for, and what it would in other ways."""

from __future__ import annotations

import sys

import click

from podpipec.cli import status
from podpipec.cli.options import Exit, flow_option, json_option, pairs, param_option, pods_option, program_argument
from podpipec.cli.planning import NoFlowError, compile_flow
from podpipec.cli.report import report
from podpipec.costing.rates import DEFAULTS, Rate, rates
from podpipec.costing.timings import Timings, read
from podpipec.diagnostics import did_you_mean
from podpipec.graph.nodes import Graph
from podpipec.types.units import SIZES

#: A file of events larger than this was not meant.
_LARGEST = 256 * 2**20


@click.command()
@program_argument
@param_option
@flow_option
@pods_option
@click.option(
    "--rate",
    multiple=True,
    callback=pairs,
    metavar="NAME=SIZE",
    help=f"Bytes a second of an estimate, as in network=1GB; may be repeated. NAME: {', '.join(DEFAULTS)}.",
)
@click.option(
    "--times", metavar="FILE", help="The lines that `podpipec run --json` printed: adds the critical path in seconds."
)
@json_option
def command(
    file: str,
    param: dict[str, str],
    flow: str | None,
    pods: int | None,
    rate: dict[str, str],
    times: str | None,
    as_json: bool,
) -> None:
    """Say what a flow in FILE moves and asks for, and what it would move as services or as functions with a store.

    Bytes are upper bounds from the sizes in the program; seconds are estimates from rates that the report prints.
    """
    chosen = _rates(rate)
    timings = None if times is None else _timings(times)
    try:
        compiled, graph, diagnostics = compile_flow(file, param, flow, pods)
    except NoFlowError as problem:
        raise click.UsageError(str(problem)) from None
    if graph is None:
        report(diagnostics, compiled, as_json)
        raise Exit(status.PROGRAM)
    report(diagnostics, compiled)
    sys.stdout.write(_rendered(graph, chosen, timings, as_json))


def _rendered(graph: Graph, chosen: dict[str, Rate], timings: Timings | None, as_json: bool) -> str:
    from podpipec.costing import across_text, cost, cost_across, json, text

    try:
        if graph.across:
            whole = cost_across(graph, chosen, timings)
            return across_text.render_json(whole) if as_json else across_text.render(whole)
        found = cost(graph, chosen, timings)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
    return json.render(found) if as_json else text.render(found)


def _rates(given: dict[str, str]) -> dict[str, Rate]:
    for name in given:
        if name not in DEFAULTS:
            hint = did_you_mean(name, DEFAULTS) or (f"there is {', '.join(DEFAULTS)}",)
            raise click.UsageError(f"there is no rate `{name}`: {hint[0]}")
    return dict(rates({name: _per_second(name, words) for name, words in given.items()}))


def _per_second(name: str, words: str) -> int:
    """A size as the language writes it, of at least one byte: `1.5GB`, `800MiB`."""
    digits = words.rstrip("BKMGTPi")
    unit = words[len(digits) :]
    try:
        amount = float(digits) * float(SIZES[unit])
    except (KeyError, ValueError):
        raise click.UsageError(f"`{words}` is not a rate for `{name}`: write bytes a second, like 1.5GB") from None
    if not 1 <= amount < 2**60:
        raise click.UsageError(f"`{words}` is not a rate for `{name}`: it is too small or too large")
    return int(amount)


def _timings(path: str) -> Timings:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(_LARGEST + 1)
    except OSError as problem:
        raise click.UsageError(f"cannot read {path}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not text: give what `podpipec run --json` printed") from None
    if len(text) > _LARGEST:
        raise click.UsageError(f"{path} is larger than {_LARGEST // 2**20}MiB")
    try:
        return read(text)
    except ValueError as problem:
        raise click.UsageError(f"{path}: {problem}") from None
