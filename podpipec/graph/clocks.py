"""What one run of a flow is for, and how many windows of a snapshot that holds."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, error
from podpipec.types.declarations import Snapshot
from podpipec.types.time import Clock
from podpipec.types.typed import Flow


def period_of(flow: Flow, found: list[Diagnostic]) -> Clock | None:
    """The period of a flow that is started: as its heading says, else the shortest window of its snapshots.

    Nothing where no snapshot has windows. Where snapshots that are cut alike lie on different calendars the heading
    must say it.
    """
    if flow.declared.every is not None:
        return flow.period
    cut = [(one, one.snapshot.clock) for one in flow.parameters if one.snapshot and one.snapshot.clock]
    if not cut:
        return None
    shortest = min(clock.seconds for _, clock in cut)
    finest = [(one, clock) for one, clock in cut if clock.seconds == shortest]
    first, clock = finest[0]
    other = next(((one, its) for one, its in finest if its.meaning != clock.meaning), None)
    if other is not None:
        found.append(
            error(
                "T014",
                f"is a run of `{flow.declared.name.text}` for {clock} or for {other[1]}?",
                flow.declared.name.span,
                "its period is not said",
                (first.span, f"cut by windows of {clock}"),
                (other[0].span, f"cut by windows of {other[1]}"),
                help=f"say it in its heading: `every {clock}`",
            )
        )
    return clock


def most(snapshot: Snapshot, period: Clock) -> int:
    """No period has more windows of a snapshot that is cut than this."""
    assert snapshot.clock is not None  # it is cut
    if snapshot.clock.meaning == period.meaning:
        return 1
    from podpipec_runtime.calendar.clock import Clock as Cut  # a program without lists of windows does without
    from podpipec_runtime.calendar.clock import most as at_most
    from podpipec_runtime.calendar.days import named

    def cut(clock: Clock) -> Cut:
        seconds, zone, days, excluded = clock.meaning
        return Cut(seconds, named(zone, days, excluded))

    return at_most(cut(snapshot.clock), cut(period))
