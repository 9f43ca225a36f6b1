"""Times as people write and read them: in a zone, with its offset where that is needed."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from podpipec_runtime.calendar.clock import Clock, containing, first, last
from podpipec_runtime.calendar.days import Days

_UNITS = (("w", 7 * 86400), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
#: How an instant is written in UTC where no format is given.
_ISO = "%Y-%m-%dT%H:%M:%SZ"


class NoWindow(ValueError):  # noqa: N818 - the message is told to the user
    """A text that is no time, no one time, or not the start of a window."""


def shown(instant: datetime, zone: tzinfo, form: str = "") -> str:
    """`instant` as it is called in `zone`: by the strftime format `form`, or else ISO 8601 with the offset."""
    local = instant.astimezone(zone)
    if form:
        return local.strftime(form)
    return local.strftime(_ISO) if zone is UTC else local.isoformat(timespec="seconds")


def length(clock: Clock) -> str:
    """The length of a clock's windows, in the largest unit that gives a whole number: `1d`, `90m`."""
    unit, size = next((unit, size) for unit, size in _UNITS if clock.seconds % size == 0)
    return f"{clock.seconds // size}{unit}"


def read(text: str, zone: tzinfo) -> datetime:
    """The instant, in UTC, that a person means who is in `zone`: a day means its beginning. Raises NoWindow."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise NoWindow(f"`{text}` is not a time: write it like 2013-07-04 or 2013-07-04T15:00") from None
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    if _is_day(text):
        return Days(zone).begin(local.date())
    return _one_time(text, local, zone)


def require(clock: Clock, instant: datetime, calendar: str) -> None:
    """Raises NoWindow unless a window of `clock`, whose calendar's name is `calendar`, starts at `instant`."""
    if containing(clock, instant) == instant:
        return
    zone = clock.days.zone
    on = f" on `{calendar}`" if calendar else ""
    raise NoWindow(
        f"no window of {length(clock)}{on} starts at {shown(instant, zone)}; the one before starts at "
        f"{shown(last(clock, instant), zone)}, the next at {shown(first(clock, instant), zone)}"
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _one_time(text: str, local: datetime, zone: tzinfo) -> datetime:
    """The instant at which clocks show `local`, if there is exactly one."""
    before, after = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if before == after:
        return before
    if before > after:
        raise NoWindow(
            f"{text} does not exist in {zone}, where clocks are put forward then; "
            f"write {_offset(after, zone)} or {_offset(before, zone)}"
        )
    raise NoWindow(
        f"{text} is there twice in {zone}, where clocks are put back then; "
        f"write {_offset(before, zone)} for the first, {_offset(after, zone)} for the second"
    )


def _offset(instant: datetime, zone: tzinfo) -> str:
    """ISO 8601 with the offset, and with no more digits than people write."""
    local = instant.astimezone(zone)
    return local.isoformat(timespec="seconds" if local.second else "minutes")
