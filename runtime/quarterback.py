"""One unit of work as a process: a pod's quarterback, on this machine.

`python -m podpipec_runtime.quarterback` is the command of a stage that stands for a flow (`across`). It runs the flow's
plan in a folder of its own, which the next attempt at the same unit finds again: so what was kept before a fault is not
made again. What it gives it writes where it is told, as any stage does.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from hashlib import sha256

import msgspec

from podpipec_runtime.engine import run
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import Outcome, ResultValue
from podpipec_runtime.plan.codec import PlanError, decode
from podpipec_runtime.plan.types import Plan
from podpipec_runtime.progress import Progress, Warned
from podpipec_runtime.store.copying import copy_file, link_file
from podpipec_runtime.store.tree import walk

#: The variable that holds `Pods`.
PODS = "PODPIPEC_PODS"

_STATUS = {"usage": 2, "data": 3, "stage": 4, "interrupted": 5}


class Pods(msgspec.Struct, frozen=True, kw_only=True):
    """What all units of a run have in common: `root` is the folder in which each has one, and `places` those in which
    each has one for that place. The rest is as in `RunOptions`.
    """

    root: str
    places: dict[str, str]
    base: str
    remote: str
    window: datetime | None
    env: tuple[str, ...]
    secrets: dict[str, str]
    parallel: int | None
    repeat_effects: bool
    grace: float


def main(words: list[str]) -> int:
    """Runs a unit, and gives the exit status."""
    asked = _parser().parse_args(words)
    with open(asked.plan, "rb") as file:
        try:
            plan = decode(file.read())
        except PlanError as error:
            return _told(f"the plan of the unit: {error}", 2)
    pods = msgspec.json.decode(os.environ[PODS], type=Pods)
    try:
        outcome = run(plan, _options(plan, asked, pods), _listen)
        if outcome.failure is None:
            _give(plan, outcome, dict(asked.output))
    except OSError as error:
        return _told(f"{error.filename}: {error.strerror}", 3)
    return _ended(outcome)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="podpipec_runtime.quarterback", allow_abbrev=False)
    parser.add_argument("--plan", required=True)
    parser.add_argument("--shard", default="")
    parser.add_argument("--window", default="")
    parser.add_argument("--input", nargs="+", action="append", default=[])
    parser.add_argument("--text", type=_named, action="append", default=[])
    parser.add_argument("--output", nargs=2, action="append", default=[])
    return parser


def _named(word: str) -> tuple[str, str]:
    name, _, text = word.partition("=")
    return name, text


def _options(plan: Plan, asked: Namespace, pods: Pods) -> RunOptions:
    handed = {name: tuple(paths) for name, *paths in asked.input}
    asked_for = {name for stage in plan.stages for name in stage.secrets}
    window = datetime.fromisoformat(asked.window) if asked.window else pods.window
    own = _folder(plan, asked, handed, window)
    had: set[str] = {place.name for place in plan.pod.places}
    places = {name: f"{folder}/{own}" for name, folder in pods.places.items() if name in had}
    return RunOptions(
        work=f"{pods.root}/{own}",
        places={**places, **({"remote": pods.remote} if pods.remote else {})},
        handed=handed,
        texts=dict(asked.text),
        base=pods.base,
        window=window,
        shard=asked.shard or None,
        env=pods.env,
        secrets={name: source for name, source in pods.secrets.items() if name in asked_for},
        parallel=pods.parallel,
        repeat_effects=pods.repeat_effects,
        grace=pods.grace,
    )


def _folder(plan: Plan, asked: Namespace, handed: dict[str, tuple[str, ...]], window: datetime | None) -> str:
    """A name for what the unit is: its flow, and what it is given. Objects are known by what is in them."""
    given = {name: [path.rpartition("/objects/")[2] for path in paths] for name, paths in handed.items()}
    parts = (asked.shard, window.isoformat() if window else "", sorted(given.items()), sorted(asked.text))
    return f"{plan.flow}-{sha256(repr(parts).encode()).hexdigest()[:16]}"


def _give(plan: Plan, outcome: Outcome, outputs: dict[str, str]) -> None:
    """Writes results where the stage's outputs are asked for; sealed files get a further name and no copy."""
    contents = {result.name: result.content for result in plan.results}
    for result in outcome.results:
        target = outputs[result.name]
        if not result.paths and not contents[result.name].endswith("[]"):
            with open(target, "w", encoding="utf-8") as file:
                file.write(result.text)
        elif contents[result.name].endswith("[]") and not result.folder:
            _list(result, target)
        else:
            _copy(result.paths[0], target)


def _list(result: ResultValue, target: str) -> None:
    os.mkdir(target)
    width = len(str(len(result.paths)))
    for number, path in enumerate(result.paths):
        _copy(path, f"{target}/{number:0{width}}")


def _copy(source: str, target: str) -> None:
    if not os.path.isdir(source):
        if not link_file(source, target):
            copy_file(source, target)
        return
    os.mkdir(target)
    here, there = os.fsencode(source), os.fsencode(target)
    for name, _ in walk(source):
        if os.path.isdir(here + b"/" + name):
            os.mkdir(there + b"/" + name)
        elif not link_file(here + b"/" + name, there + b"/" + name):
            copy_file(here + b"/" + name, there + b"/" + name)


def _listen(event: Progress) -> None:
    if isinstance(event, Warned):
        sys.stdout.write(f"{event.message}\n")


def _ended(outcome: Outcome) -> int:
    failure = outcome.failure
    if failure is None:
        return 0
    if failure.report is None:
        return _told(failure.message, _STATUS[failure.kind])
    report = failure.report
    name = report.step + (f"[{', '.join(report.element)}]" if report.element else "")
    lines = [f"the stage `{report.stage}` failed at `{name}`: {failure.message}", f"command  {report.command}"]
    return _told("\n".join([*lines, *report.output.splitlines()]), _STATUS[failure.kind])


def _told(message: str, status: int) -> int:
    sys.stdout.write(message + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
