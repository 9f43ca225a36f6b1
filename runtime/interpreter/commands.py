"""What the interpreter asks of the engine. Starts, copies, sendings and pullings are answered; the rest is not."""

from __future__ import annotations

import msgspec

from podpipec_runtime.interpreter.keys import Parts
from podpipec_runtime.interpreter.values import Instance, Loc, Pinned, Record
from podpipec_runtime.plan.types import Call, PlaceName
from podpipec_runtime.tuples import NamedTuple


class Source(NamedTuple):
    """Where a file or directory is to be read: at `inner` in an object (empty: the object itself)."""

    loc: Loc
    inner: str
    hash: str
    bytes: int


class Text(NamedTuple):
    """A scalar."""

    text: str


#: What stands for an argument: one thing, or a list of them.
Argument = Source | Text | tuple["Argument", ...]


class Command(msgspec.Struct, frozen=True):
    """Base of all commands."""


class Start(Command, frozen=True):
    """Run a call in `slot`; answered by Published, Failed or Vanished.

    `cause` says why it runs although its key has a record (empty: it has none); `last` that no further
    attempt would follow. `at` tells which of a fallback's calls it is, and `note` is a
    further record to write when it is published, with its key. `effect` is the name under which it must be known
    for good, before it starts, that it began; empty if that is no matter. Of what `call` consumes, `taken` are the
    objects that it gets themselves; of anything else it gets a copy.
    """

    instance: Instance
    call: Call
    slot: int
    attempt: int
    key: str
    parts: Parts
    args: tuple[tuple[str, Argument], ...]
    cause: str
    last: bool
    at: int = 0
    note: tuple[str, Record] | None = None
    effect: str = ""
    taken: tuple[Loc, ...] = ()


class Copy(Command, frozen=True):
    """Bring a copy of `source` to `place` as an object of its own; answered by Arrived, Vanished or Broken.

    `why` is `keep`, `move` or `restore`.
    """

    source: Source
    place: PlaceName
    why: str


class Send(Command, frozen=True):
    """Publish a value at a remote path; answered by Sent, Vanished or Broken."""

    instance: Instance
    value: Argument
    digest: str
    path: str


class Pull(Command, frozen=True):
    """Bring the slice of an input to its place; answered by Arrived or Broken."""

    instance: Instance
    input: str
    index: int
    loc: Loc


class Free(Command, frozen=True):
    """Delete an object: nobody needs it on that place."""

    loc: Loc
    bytes: int


class Retain(Command, frozen=True):
    """Remember that an object is kept for good; one that is kept for a while (`brief`) is only told."""

    loc: Loc
    bytes: int
    step: str
    path: tuple[int, ...]
    copied: bool
    brief: bool = False


class Reuse(Command, frozen=True):
    """Tell that a call of `stage` need not run; `why` tells what failed before it, in a fallback."""

    instance: Instance
    key: str
    stage: str
    why: str = ""


class FallBack(Command, frozen=True):
    """Tell that `stage` failed for good with `message`, and that `following` is called instead."""

    instance: Instance
    stage: str
    following: str
    message: str


class Choose(Command, frozen=True):
    """Tell which branch of a choice is taken."""

    instance: Instance
    holds: bool


class Note(Command, frozen=True):
    """Record which call of a fallback was taken."""

    key: str
    record: Record


class Forget(Command, frozen=True):
    """Drop a record: what it tells can't be had again."""

    key: str


class Spare(Command, frozen=True):
    """Tell that a call of `stage` need not run: all that came of it is pinned, or it was made before (`done`)."""

    instance: Instance
    stage: str
    done: bool


class Remember(Command, frozen=True):
    """Record what was pinned, under its name."""

    name: str
    pinned: Pinned


class Done(Command, frozen=True):
    """Record that a move was made, so that it is not made again for its own sake."""

    key: str


class Stop(Command, frozen=True):
    """End what is running; each is answered by Failed, or by Published if it was quicker."""


class Finish(Command, frozen=True):
    """The pass is over. `outcome` is `done`, `failed` (see the state) or `again` (records changed)."""

    outcome: str
