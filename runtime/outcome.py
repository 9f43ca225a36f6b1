"""What came of a run."""

from __future__ import annotations

from typing import Literal

import msgspec

from podpipec_runtime.interpreter.events import FailureKind

Action = Literal["reuse", "run", "copy", "wait", "skip"]


class ResultValue(msgspec.Struct, frozen=True, kw_only=True):
    """A result: the paths of its files and folders in order (read-only), what it hashes to, and its bytes.

    A result that is text has no path and no place, and its text as `text`. `folder`: it is a list that lies in one
    folder, and has no paths of its elements.
    """

    name: str
    paths: tuple[str, ...]
    hash: str
    bytes: int
    place: str
    text: str = ""
    folder: bool = False


class StageReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a stage failed: the command as run, its exit, the end of its output, and where the rest is."""

    step: str
    element: tuple[str, ...]
    stage: str
    command: str
    status: str
    output: str
    log: str


class RunFailure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a run came to nothing. `report` is there if it was a stage."""

    kind: FailureKind
    message: str
    report: StageReport | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What would be done with a step, and why. `element` names the elements of the loops around it.

    `reuse`: its result is known. `run`: it would run. `copy`: a copy would be made. `wait`: it depends on
    what others write first. `skip`: it is in a branch that is not taken.
    """

    step: str
    element: tuple[str, ...]
    action: Action
    why: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The whole: results by name, how many calls ran, were known already and copies were brought back, and
    the most bytes that were alive on each place at once. `explained` is there for `explain` alone."""

    results: tuple[ResultValue, ...] = ()
    ran: int = 0
    reused: int = 0
    restored: int = 0
    peak: dict[str, int] = {}
    failure: RunFailure | None = None
    explained: tuple[Explanation, ...] = ()
