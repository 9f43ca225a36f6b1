"""The days of a calendar, and the instant at which each of them begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from podpipec_runtime.calendar.zones import zone
from podpipec_runtime.tuples import NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Days(NamedTuple):
    """Which days there are: those of the weekdays (Monday is 0, at least one) that are not excluded, in a time zone.

    Methods that look for a day raise OverflowError where the calendar of the world ends.
    """

    zone: tzinfo = UTC
    weekdays: frozenset[int] = frozenset(range(7))
    excluded: frozenset[date] = frozenset()

    def begin(self, day: date) -> datetime:
        """The first instant of `day`, in UTC. Where clocks go forward at midnight that is not at 00:00."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        found = local.astimezone(UTC)
        if self.zone is UTC or found.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return found
        return _jump(local)

    def day_of(self, instant: datetime) -> date:
        """The day that `instant` lies in: the last that has begun by then."""
        day = instant.astimezone(self.zone).date()
        while self.begin(day) > instant:
            day -= _DAY
        while self.begin(day + _DAY) <= instant:
            day += _DAY
        return day

    def has(self, day: date) -> bool:
        """Whether `day` is one of the calendar. A day that a zone leaves out altogether is none."""
        if day.weekday() not in self.weekdays or day in self.excluded:
            return False
        return self.zone is UTC or self.begin(day) < self.begin(day + _DAY)

    def following(self, day: date) -> date:
        """`day`, or else the next one that the calendar has."""
        while not self.has(day):
            day += _DAY
        return day

    def preceding(self, day: date) -> date:
        """`day`, or else the last one before it that the calendar has."""
        while not self.has(day):
            day -= _DAY
        return day

    def most(self, count: int) -> int:
        """No `count` days on end have more days of the calendar than this."""
        weeks, rest = divmod(count, 7)
        return weeks * len(self.weekdays) + min(rest, len(self.weekdays))


def named(zone_name: str, weekdays: Iterable[str], excluded: Iterable[str | date]) -> Days:
    """The days of a calendar from names: of a time zone, of weekdays, dates as ISO 8601 writes them. Raises NoZone."""
    dates = (each if isinstance(each, date) else date.fromisoformat(each) for each in excluded)
    return Days(zone(zone_name), frozenset(WEEKDAYS.index(day) for day in weekdays), frozenset(dates))


def _jump(local: datetime) -> datetime:
    """The instant at which clocks jump over the local time `local`, to the second."""
    after = local.replace(fold=1).utcoffset()
    early, late = local.replace(fold=1).astimezone(UTC), local.astimezone(UTC)
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(local.tzinfo).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late
