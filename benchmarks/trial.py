"""Trials in rounds: each round takes every trial once, so that a busy moment of the machine hits all tools alike.

Every trial has a folder and a home of its own, made empty for it. Tools remember across runs (podpipec keeps what it
knows of a program in the user's cache folder), and a remembered outcome must never pass for a computed one: whoever
wants to measure remembering makes a trial of two commands, under two keys.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.process import Sample, WentWrongError, clean_environment, measure

#: Looks at what a command printed and at its folder; raises WentWrongError if the work was not done.
Check = Callable[[str, Path], None]


@dataclass(frozen=True)
class Command:
    """A command to measure, under a key that is unique in its section; `environment` is added to the clean one."""

    key: str
    argv: tuple[str, ...]
    check: Check
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """Files in a fresh folder, and the commands run there one after the other.

    `rounds` is the most rounds that it takes part in, `limit` the most seconds of one command.
    """

    files: Mapping[str, str]
    commands: tuple[Command, ...]
    rounds: int = 1_000
    limit: float = 300.0


@dataclass(frozen=True)
class Figure:
    """The medians of a command's samples, and the spread of its wall times. Seconds and bytes."""

    wall: float
    cpu: float
    rss: int
    least: float
    most: float
    samples: int
    stopped: bool


Figures = dict[str, Figure]


def take(trials: Sequence[Trial], rounds: int, folder: Path, told: Callable[[str], None]) -> Figures:
    """Measures every trial. Raises WentWrongError as soon as one command goes wrong."""
    samples: dict[str, list[Sample]] = {}
    for number in range(rounds):
        told(f"round {number + 1} of {rounds}")
        first = number * len(trials) // rounds
        for trial in (*trials[first:], *trials[:first]):
            if number < trial.rounds:
                for key, sample in _one(trial, folder).items():
                    samples.setdefault(key, []).append(sample)
                    told(f"  {key}: {sample.wall:.3f} s")
    return {key: figure(found) for key, found in samples.items()}


def _one(trial: Trial, root: Path) -> dict[str, Sample]:
    shutil.rmtree(root, ignore_errors=True)
    folder, home = root / "trial", root / "home"
    folder.mkdir(parents=True)
    home.mkdir()
    for name, text in trial.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    found = {}
    for command in trial.commands:
        environment = {**clean_environment(home), **command.environment}
        sample, printed = measure(command.argv, folder, environment, trial.limit)
        if not sample.stopped:
            command.check(printed, folder)
        found[command.key] = sample
    shutil.rmtree(root)
    return found


def figure(samples: Sequence[Sample]) -> Figure:
    """The medians of at least one sample."""
    walls = [sample.wall for sample in samples]
    return Figure(
        wall=median(walls),
        cpu=median(sample.cpu for sample in samples),
        rss=int(median(sample.rss for sample in samples)),
        least=min(walls),
        most=max(walls),
        samples=len(samples),
        stopped=any(sample.stopped for sample in samples),
    )


def prints(text: str) -> Check:
    """The check that `text` was printed."""

    def check(printed: str, _: Path) -> None:
        if text not in printed:
            raise WentWrongError(f"`{text}` was not printed, but\n{printed[-2000:]}")

    return check


def anything(_: str, __: Path) -> None:
    """No check but the exit status."""


def leaves(name: str, at_least: int) -> Check:
    """The check that a file of that name is there, of at least so many bytes."""

    def check(_: str, folder: Path) -> None:
        path = folder / name
        if not path.is_file() or path.stat().st_size < at_least:
            raise WentWrongError(f"{name} was not written, or is shorter than {at_least} bytes")

    return check


def repeats(line: str, times: int) -> Check:
    """The check that a line was printed so many times."""

    def check(printed: str, _: Path) -> None:
        found = printed.splitlines().count(line)
        if found != times:
            raise WentWrongError(f"`{line}` was printed {found} times instead of {times}\n{printed[-2000:]}")

    return check


def every(*checks: Check) -> Check:
    """All of these checks."""

    def check(printed: str, folder: Path) -> None:
        for one in checks:
            one(printed, folder)

    return check
