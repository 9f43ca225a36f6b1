"""How fast the small commands are there, beside an interpreter that does nothing."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.bounds import Bound, ratio
from benchmarks.environments import Environments
from benchmarks.peers import podpipec
from benchmarks.report import Row
from benchmarks.sections import Section
from benchmarks.trial import Command, Figure, Trial, anything, prints

NOTHING = "python3 -c pass"
VERSION = "podpipec --version"
CHECK = "podpipec check, ten lines"
KNOWN = CHECK + ", again: known from before"
FIRST = ", first run after installation"


def trials(environments: Environments, quick: bool) -> list[Trial]:
    """The first runs come first, straight after the installation. A check in a new home is a check: what podpipec
    remembers of one is measured as well, by itself."""
    program = environments.program("podpipec", "podpipec")
    version = Command(VERSION, (program, "--version"), prints("podpipec "))
    check = Command(CHECK, (program, "check", "small.flow"), prints("small.flow: ok"))
    files = {"small.flow": podpipec.TEN_LINES}
    nothing = Command(NOTHING, (environments.program("podpipec", "python"), "-c", "pass"), anything)
    first = [
        Trial(files, (Command(command.key + FIRST, command.argv, command.check),), rounds=1)
        for command in (version, check)
    ]
    known = Command(KNOWN, check.argv, check.check)
    return [*first, Trial(files, (nothing,)), Trial(files, (version,)), Trial(files, (check, known))]


def bounds(figures: Mapping[str, Figure]) -> list[Bound]:
    return [
        ratio("`podpipec --version` against `python3 -c pass`", figures, VERSION, NOTHING, 3),
        ratio("`podpipec check` of ten lines against `python3 -c pass`", figures, CHECK, NOTHING, 5),
    ]


def rows(figures: Mapping[str, Figure]) -> list[Row]:
    return [
        Row(key, key, NOTHING)
        for key in (NOTHING, VERSION, CHECK, KNOWN, VERSION + FIRST, CHECK + FIRST)
        if key in figures
    ]


SECTION = Section("start", "Start", "Beside: `python3 -c pass`.", (), 4, trials, bounds, rows)
