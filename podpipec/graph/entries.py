"""What a flow is started with: each slice of a snapshot that is read, and whether a run can have it."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.data import Data
from podpipec.graph.values import Entry
from podpipec.source import Span
from podpipec.types.origin import FromInput, FromShards, FromWindows, Slice, reading
from podpipec.types.time import Clock

#: A run that reads more windows than this was not meant.
_MOST = 100_000


def entries(data: Data) -> tuple[Entry, ...]:
    """The slices that are read, parameter by parameter; of one that nobody reads its own slice."""
    found: list[Entry] = []
    for name, given in data.given.items():
        read = [origin for origin in data.read if origin.name == name and origin in data.known]
        for origin in sorted(read, key=_newest) or [FromInput(name)]:
            at = data.read.get(origin)
            span = given.parameter.span
            found.append(Entry(reading(origin), name, given.snapshot, origin, given.place, span, at))
    return tuple(found)


def _newest(origin: Slice) -> tuple[int, int]:
    """Orders the slices of one snapshot: those of the run's own window first, then back; lists last."""
    if isinstance(origin, FromWindows):
        first, last = origin.reach or (1, 1)
        return 1 - last, 1 - first
    return 0, -origin.offset


def check_entries(found: tuple[Entry, ...], data: Data) -> Iterator[Diagnostic]:
    """Every slice that a run cannot have."""
    yield from _both(found)
    period = data.period
    for entry in found:
        clock = entry.snapshot.clock
        if clock is None or period is None:
            continue
        at = entry.read or entry.span
        if (data.known[entry.origin].length or 0) > _MOST:
            message, label = f"`{entry.name}` can be more than {_MOST} slices", "out of bounds"
            yield error("V003", message, at, label, (entry.span, f"cut by windows of {clock}"))
        within = entry.origin == FromWindows(entry.parameter, None)
        if within and clock.seconds > period.seconds:
            yield _coarse(entry, at, clock, period)
        elif not within and clock.seconds < period.seconds:
            yield _fine(entry, at, clock, period)


def _both(found: tuple[Entry, ...]) -> Iterator[Diagnostic]:
    """One shard and all shards of one snapshot cannot both be what a run is for."""
    one = {each.parameter: each.read for each in reversed(found) if not isinstance(each.origin, FromShards)}
    many = {each.parameter: each.read for each in reversed(found) if isinstance(each.origin, FromShards)}
    sharded = {each.parameter for each in found if each.snapshot.shards}
    for name in sorted(sharded & one.keys() & many.keys()):
        at, all_ = one[name], many[name]
        if at is not None and all_ is not None:
            yield error(
                "T014",
                f"`{name}` is one shard here and all shards there",
                at,
                "one shard",
                (all_, "all shards"),
                help="give the stage an element: `each s in t.shards { … s … }`",
            )


def _fine(entry: Entry, at: Span, clock: Clock, period: Clock) -> Diagnostic:
    return error(
        "T014",
        f"a run is for {period}, and has several windows of `{entry.parameter}`, which are of {clock}",
        at,
        "which of them?",
        (entry.span, f"cut by windows of {clock}"),
        help=(
            f"go over all of them, `each w in {entry.parameter}.windows {{ … }}`, or give the whole list",
            f"or have a run for each: `every {clock}`",
        ),
    )


def _coarse(entry: Entry, at: Span, clock: Clock, period: Clock) -> Diagnostic:
    return error(
        "T014",
        f"a run is for {period}, and lies in one window of `{entry.parameter}`, which are of {clock}",
        at,
        "one window, not many",
        (entry.span, f"cut by windows of {clock}"),
        help=f"write `{entry.parameter}`, or say what a run is for: `every {clock}`",
    )
