"""Where windows start: stepping from one to the next, the one that an instant lies in, those of a period.

Windows of whole days are counted from a Monday: windows of `7d` are weeks. Each starts with the first day in it that
the calendar has, and one that has none is left out. Windows of another length divide the hours of UTC, whatever a
zone's clocks do, and one that starts on a day that the calendar leaves out is left out itself. So the windows of a
clock stand in one line, and to step is to go along it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from podpipec_runtime.calendar.days import Days
from podpipec_runtime.calendar.zones import goes_back
from podpipec_runtime.tuples import NamedTuple

DAY = 86400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


class Clock(NamedTuple):
    """How windows are cut: their length in seconds (at least one), and on which days."""

    seconds: int
    days: Days = Days()

    @property
    def whole(self) -> int:
        """How many days a window is; 0 for one that is not of whole days."""
        return 0 if self.seconds % DAY else self.seconds // DAY


def first(clock: Clock, instant: datetime) -> datetime:
    """The first start of a window at `instant` or later. Raises OverflowError where there is no time left."""
    days = clock.days
    if clock.whole:
        day = days.day_of(instant)
        day = days.following(day if days.begin(day) == instant else day + _ONE_DAY)
        start = _first_day(clock, day)
        return days.begin(start if start == day else days.following(_next_cell(clock, day)))
    found = _grid(clock, instant, up=True)
    while not days.has(day := days.day_of(found)):
        found = _grid(clock, days.begin(days.following(day)), up=True)
    return found


def last(clock: Clock, instant: datetime) -> datetime:
    """The last start of a window before `instant`. Raises OverflowError where there is no time left."""
    days = clock.days
    if clock.whole:
        return days.begin(_first_day(clock, days.preceding(days.day_of(instant - _TICK))))
    found = _grid(clock, instant - _TICK, up=False)
    while not days.has(day := days.day_of(found)):
        found = _grid(clock, days.begin(days.preceding(day) + _ONE_DAY) - _TICK, up=False)
    return found


def step(clock: Clock, start: datetime, count: int) -> datetime:
    """The start of the window `count` windows after (if negative: before) the one that starts at `start`."""
    for _ in range(abs(count)):
        start = first(clock, start + _TICK) if count > 0 else last(clock, start)
    return start


def containing(clock: Clock, instant: datetime) -> datetime | None:
    """The start of the window that `instant` lies in; nothing where the calendar leaves it out."""
    days = clock.days
    if clock.whole:
        day = days.day_of(instant)
        return days.begin(_first_day(clock, day)) if days.has(day) else None
    found = _grid(clock, instant, up=False)
    return found if days.has(days.day_of(found)) else None


def within(clock: Clock, period: Clock, start: datetime) -> tuple[datetime, ...]:
    """The starts of all windows of `clock` that start in the window of `period` that starts at `start`: on a day with
    23 hours there are 23 of an hour, and on days that either calendar leaves out there are none."""
    found: list[datetime] = []
    for begin, end in _extents(period, start):
        at = first(clock, begin)
        while at < end:
            found.append(at)
            at = first(clock, at + _TICK)
    return tuple(found)


def most(clock: Clock, period: Clock) -> int:
    """No window of `period` has more windows of `clock` than this: 25 hours a day where clocks are ever put back."""
    if clock == period:
        return 1
    if not period.whole:
        return -(-period.seconds // clock.seconds) + (1 if clock.whole else 0)
    days = period.days.most(period.whole)
    if not clock.whole:
        longest = DAY + int(goes_back(period.days.zone).total_seconds())
        return days * -(-longest // clock.seconds)
    if clock.days.zone == period.days.zone and period.whole % clock.whole == 0:
        return min(days, clock.days.most(period.whole), period.whole // clock.whole)
    return -(-period.whole // clock.whole) + 1


def constant(clock: Clock, period: Clock) -> bool:
    """Whether every window of `period` has as many windows of `clock` as `most` says."""
    if clock == period:
        return True
    plain = Days()
    if clock.days != plain or period.days != plain:
        return False
    return period.seconds % clock.seconds == 0


def _extents(period: Clock, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times that the window is made of: its days that the calendar has, or its hours."""
    if not period.whole:
        yield start, start + timedelta(seconds=period.seconds)
        return
    day = period.days.day_of(start)
    end = _next_cell(period, day)
    while day < end:
        if period.days.has(day):
            yield period.days.begin(day), period.days.begin(day + _ONE_DAY)
        day += _ONE_DAY


def _first_day(clock: Clock, day: date) -> date:
    """The first day of the calendar in the window of whole days that `day`, which the calendar has, lies in."""
    return clock.days.following(_next_cell(clock, day) - clock.whole * _ONE_DAY)


def _next_cell(clock: Clock, day: date) -> date:
    """The day after the window of whole days that `day` lies in. The first of all days was a Monday."""
    whole = clock.whole
    return date.fromordinal(((day.toordinal() - 1) // whole + 1) * whole + 1)


def _grid(clock: Clock, instant: datetime, *, up: bool) -> datetime:
    """The instant nearest to `instant` that divides UTC into windows, not before it (`up`) or not after it."""
    length = timedelta(seconds=clock.seconds)
    since = instant - _EPOCH
    return _EPOCH + (-(-since // length) if up else since // length) * length
