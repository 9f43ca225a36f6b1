"""What the engine tells the interpreter."""

from __future__ import annotations

from typing import Literal

import msgspec

from podpipec_runtime.interpreter.values import Instance, Loc, Record

#: The classes of failure, as the exit status tells them apart.
FailureKind = Literal["usage", "data", "stage", "interrupted"]


class Failure(msgspec.Struct, frozen=True):
    """Why something could not be done. `again` says that a further attempt may succeed; `instance` is the
    call that it was, if it was one."""

    kind: FailureKind
    message: str
    again: bool = False
    instance: Instance | None = None


class Published(msgspec.Struct, frozen=True):
    """A call's outputs lie on their places, whole and sealed, and its record is written."""

    instance: Instance
    record: Record


class Failed(msgspec.Struct, frozen=True):
    """An attempt at a call came to nothing."""

    instance: Instance
    failure: Failure


class Arrived(msgspec.Struct, frozen=True):
    """A copy, or the slice that `instance` stands for, is on the place."""

    loc: Loc
    bytes: int
    instance: Instance | None = None


class Sent(msgspec.Struct, frozen=True):
    """A value lies at its remote path."""

    instance: Instance


class Vanished(msgspec.Struct, frozen=True):
    """An object that was believed to be there is not. `instance` could not be started for it, if given;
    `target` could not be copied."""

    loc: Loc
    instance: Instance | None = None
    target: Loc | None = None


class Broken(msgspec.Struct, frozen=True):
    """Something other than a call failed: a copy, a slice, a remote path. Not tried again."""

    failure: Failure
    target: Loc | None = None
    instance: Instance | None = None


class Interrupted(msgspec.Struct, frozen=True):
    """Somebody asks to stop."""

    signal: str


Event = Published | Failed | Arrived | Sent | Vanished | Broken | Interrupted
