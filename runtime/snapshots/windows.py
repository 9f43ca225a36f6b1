"""Which windows the slices of an input are of."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from podpipec_runtime.calendar.clock import Clock, containing, step, within
from podpipec_runtime.calendar.days import Days, named
from podpipec_runtime.calendar.written import NoWindow, require, shown
from podpipec_runtime.plan.types import At, Input, Macro, Plan, Range, Within
from podpipec_runtime.tuples import NamedTuple


class NoSlice(LookupError):  # noqa: N818 - the message is told to the user
    """There is no window as asked."""


class Moment(NamedTuple):
    """A window: its start in its zone, if the run was given one; what it is called (empty where that says nothing)."""

    start: datetime | None
    label: str


def period_zone(plan: Plan | Macro) -> tzinfo:
    """Where the run's own window is called by its name."""
    return _days(plan, plan.period.calendar if plan.period else "").zone


def zone_of(plan: Plan, given: Input) -> tzinfo:
    """Where windows of `given` are called by their names."""
    return period_zone(plan) if given.window is None else _days(plan, given.calendar).zone


def check_start(plan: Plan, start: datetime | None) -> None:
    """Raises NoWindow unless the run can be started for the window that starts at `start`."""
    if plan.period is not None and start is not None:
        require(_clock(plan, plan.period.window, plan.period.calendar), start, plan.period.calendar)


def moments(plan: Plan, given: Input, start: datetime | None) -> tuple[Moment, ...]:
    """The windows of an input in a run that is for the window that starts at `start`, the oldest first. Raises NoSlice
    where there is none or more than the plan allows, NoWindow where it takes a start to know."""
    if given.window is None:
        return (Moment(start, ""),)
    if start is None:
        if given.windows == At():
            return (Moment(None, ""),)
        raise NoWindow(f"`{given.name}` needs a window; say when it starts")
    try:
        found = _starts(plan, given, _clock(plan, given.window, given.calendar), start)
    except OverflowError:
        raise NoSlice(f"`{given.name}` reaches beyond the years that there are") from None
    local = zone_of(plan, given)
    return tuple(Moment(each.astimezone(local), shown(each, local)) for each in found)


def _starts(plan: Plan, given: Input, clock: Clock, start: datetime) -> tuple[datetime, ...]:
    if isinstance(given.windows, Within):
        assert plan.period is not None  # checked with the plan
        found = within(clock, _clock(plan, plan.period.window, plan.period.calendar), start)
        if len(found) > given.windows.most:
            raise NoSlice(f"`{given.name}` has {len(found)} windows then; the plan allows {given.windows.most}")
        return found
    now = containing(clock, start)
    if now is None:
        raise NoSlice(
            f"`{given.name}` has no window then: calendar `{given.calendar}` leaves {shown(start, clock.days.zone)} out"
        )
    match given.windows:
        case At(offset=offset):
            return (step(clock, now, offset),)
        case Range(first=first, last=last):
            latest = step(clock, now, last)
            return tuple(step(clock, latest, back) for back in range(first - last, 1))


def _clock(plan: Plan, window: int, calendar: str) -> Clock:
    return Clock(window, _days(plan, calendar))


def _days(plan: Plan | Macro, calendar: str) -> Days:
    """The days of the plan's calendar of that name; all days, in UTC, for none."""
    if not calendar:
        return Days(UTC)
    found = next(each for each in plan.calendars if each.name == calendar)
    return named(found.zone, found.days, found.excluded)
