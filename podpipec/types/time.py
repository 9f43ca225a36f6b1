"""How time is cut: the days of a calendar, and the windows of a snapshot or the period of a flow on them."""

from __future__ import annotations

from podpipec.syntax import tree
from podpipec.types.scalars import duration_text
from podpipec_runtime.tuples import NamedTuple

#: Seconds of a day whose clocks are not changed.
DAY = 86400

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Calendar(NamedTuple):
    """Which days there are: those of the weekdays `days`, in the order of the week, but `excluded`, dates as ISO 8601
    writes them, in order; in a time zone by its IANA name."""

    name: tree.Name
    zone: str
    days: tuple[str, ...]
    excluded: tuple[str, ...]


class Clock(NamedTuple):
    """How windows are cut: a length in whole seconds, on the days of a calendar (none: all days, in UTC).

    Two clocks are one if they have one `meaning`, whatever their calendars are called.
    """

    seconds: int
    calendar: Calendar | None = None

    @property
    def meaning(self) -> tuple[int, str, tuple[str, ...], tuple[str, ...]]:
        """What two clocks that are one agree in."""
        if self.calendar is None:
            return self.seconds, "UTC", WEEKDAYS, ()
        return self.seconds, self.calendar.zone, self.calendar.days, self.calendar.excluded

    def __str__(self) -> str:
        of = f" of {self.calendar.name.text}" if self.calendar else ""
        return duration_text(self.seconds) + of
