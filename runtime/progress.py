"""What a user interface is told while a plan runs.

Each event is a frozen value with a tag, and one line of JSON (`line`). Times are wall-clock seconds since
the epoch and live here alone: never in state, in keys or in records. Bytes are bytes.
"""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Something happened at `time`."""

    time: float


class RunStarted(Event, frozen=True, kw_only=True, tag="run started"):
    """`places` tells the folder of each place; `slots` how many stages can be active at once."""

    flow: str
    work: str
    slots: int
    places: dict[str, str]
    sizes: dict[str, int]


class Warned(Event, frozen=True, kw_only=True, tag="warned"):
    """Something that the user should know and that stops nothing."""

    message: str


class SnapshotPulled(Event, frozen=True, kw_only=True, tag="snapshot pulled"):
    """A slice was copied to its place; `shard` is empty for one without shards, `window` for one without windows."""

    input: str
    shard: str
    window: str = ""
    source: str
    bytes: int


class SnapshotReused(Event, frozen=True, kw_only=True, tag="snapshot reused"):
    """A slice is unchanged since it was read, so it was not read again."""

    input: str
    shard: str
    window: str = ""
    source: str
    bytes: int


class StepStarted(Event, frozen=True, kw_only=True, tag="step started"):
    """A call began. `element` names the elements of the loops around it, outermost first."""

    step: str
    element: tuple[str, ...]
    stage: str
    slot: int
    attempt: int
    why: str


class StepPublished(Event, frozen=True, kw_only=True, tag="step published"):
    """A call's outputs are there, whole. `outputs` gives each one's content hash, `captured` the texts of those
    that are scalars."""

    step: str
    element: tuple[str, ...]
    stage: str
    seconds: float
    bytes: int
    outputs: dict[str, str]
    captured: dict[str, str] = {}


class StepReused(Event, frozen=True, kw_only=True, tag="step reused"):
    """A call did not run: what it would write is known."""

    step: str
    element: tuple[str, ...]
    stage: str
    why: str


class StepFailed(Event, frozen=True, kw_only=True, tag="step failed"):
    """An attempt failed. `final` says that no further one follows."""

    step: str
    element: tuple[str, ...]
    stage: str
    attempt: int
    message: str
    final: bool


class FellBack(Event, frozen=True, kw_only=True, tag="fell back"):
    """`stage` failed for good with `message`; `following` is called in its stead."""

    step: str
    element: tuple[str, ...]
    stage: str
    following: str
    message: str


class Chosen(Event, frozen=True, kw_only=True, tag="chosen"):
    """A choice was made. `holds` tells whether its condition does, and so which branch is taken."""

    step: str
    element: tuple[str, ...]
    holds: bool


class Kept(Event, frozen=True, kw_only=True, tag="kept"):
    """A value is safe on `place`; `path` tells where, `copied` whether bytes had to move."""

    step: str
    element: tuple[str, ...]
    place: str
    path: str
    bytes: int
    copied: bool


class Restored(Event, frozen=True, kw_only=True, tag="restored"):
    """A value was copied to `place`, where it is read, from another place."""

    place: str
    source: str
    bytes: int


class Freed(Event, frozen=True, kw_only=True, tag="freed"):
    """Nobody needs a value any more on `place`."""

    place: str
    bytes: int


class PlacesUsed(Event, frozen=True, kw_only=True, tag="places"):
    """Bytes alive on each place, now and at most so far."""

    now: dict[str, int]
    peak: dict[str, int]


class RunEnded(Event, frozen=True, kw_only=True, tag="run ended"):
    """`outcome` is `done`, or the class of the failure: usage, data, stage, interrupted."""

    outcome: str
    message: str
    ran: int
    reused: int
    restored: int
    seconds: float


Progress = (
    RunStarted
    | Warned
    | SnapshotPulled
    | SnapshotReused
    | StepStarted
    | StepPublished
    | StepReused
    | StepFailed
    | FellBack
    | Chosen
    | Kept
    | Restored
    | Freed
    | PlacesUsed
    | RunEnded
)

_encoder = msgspec.json.Encoder()


def line(event: Progress) -> str:
    """`event` as one line of JSON, without the line feed."""
    return _encoder.encode(event).decode()
