"""Calendars and windows, against an oracle that looks at every quarter of an hour and knows no other rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec_runtime.calendar.clock import Clock, constant, containing, first, last, most, step, within
from podpipec_runtime.calendar.days import Days
from podpipec_runtime.calendar.written import NoWindow, read, require, shown
from podpipec_runtime.calendar.zones import NoZone, goes_back, names, zone

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
HOUR, DAY = 3600, 86400
QUARTER = timedelta(minutes=15)

#: Clocks that change at midnight, by half an hour, by two hours, twice a year and at Ramadan; a zone without a day.
ZONES = (
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "America/Havana",
    "America/St_Johns",
    "Pacific/Apia",
)
#: Around these days clocks change somewhere, or a day is missing.
DAYS = ("2024-03-10", "2024-11-03", "2018-11-04", "2018-02-18", "2011-12-30", "2010-11-07", "2024-04-07", "2024-12-25")

zones = st.sampled_from(ZONES).map(zone)
lengths = st.sampled_from((900, 1800, HOUR, 6 * HOUR, 7 * HOUR, DAY, 36 * HOUR, 2 * DAY, 7 * DAY))
dates = st.builds(
    lambda day, more: date.fromisoformat(day) + timedelta(days=more), st.sampled_from(DAYS), st.integers(-3, 3)
)
calendars = st.builds(
    Days,
    zones,
    st.frozensets(st.integers(0, 6), min_size=1) | st.just(frozenset(range(7))),
    st.frozensets(dates, max_size=4),
)
clocks = st.builds(Clock, lengths, calendars)
instants = st.builds(
    lambda day, quarters: datetime(day.year, day.month, day.day, tzinfo=UTC) + quarters * QUARTER,
    dates,
    st.integers(0, 95),
)


def starts(clock: Clock, begin: datetime, end: datetime) -> list[datetime]:
    """Every start of a window from `begin` to before `end`, found by looking at each quarter of an hour in turn."""
    found: list[datetime] = []
    seen: set[date] = set()
    cells: set[int] = set()
    at = begin - timedelta(days=2 + clock.seconds // DAY)
    at -= (at - datetime(1970, 1, 1, tzinfo=UTC)) % QUARTER
    while at < end:
        day = at.astimezone(clock.days.zone).date()
        new = bool(seen) and not any(day <= other for other in seen)
        if not seen or new:
            seen.add(day)
        day = max(seen)  # a day that has begun is not over because clocks are put back
        there = day.weekday() in clock.days.weekdays and day not in clock.days.excluded
        if clock.seconds % DAY:
            begins = there and int(at.timestamp()) % clock.seconds == 0
        else:
            cell = (day.toordinal() - 1) // (clock.seconds // DAY)
            begins = new and there and cell not in cells
            if there:
                cells.add(cell)
        if begins and at >= begin:
            found.append(at)
        at += QUARTER
    return found


def hours_of(clock: Clock, start: datetime) -> list[datetime]:
    """The quarters of an hour that lie in the window that starts at `start`."""
    end = start + timedelta(seconds=clock.seconds + 3 * DAY)
    quarters = [start + number * QUARTER for number in range(int((end - start) / QUARTER))]
    if clock.seconds % DAY:
        return [at for at in quarters if at < start + timedelta(seconds=clock.seconds)]
    whole = clock.seconds // DAY
    first_cell = (start.astimezone(clock.days.zone).date().toordinal() - 1) // whole
    found, latest = [], date.min
    for at in quarters:
        latest = max(latest, at.astimezone(clock.days.zone).date())
        there = latest.weekday() in clock.days.weekdays and latest not in clock.days.excluded
        if there and (latest.toordinal() - 1) // whole == first_cell:
            found.append(at)
    return found


@given(clocks, instants)
@SETTINGS
def test_windows_start_where_the_oracle_says(clock: Clock, instant: datetime) -> None:
    begin, end = instant - timedelta(days=10), instant + timedelta(days=10)
    wanted = starts(clock, begin, end)
    found = []
    at = first(clock, begin)
    while at < end:
        found.append(at)
        at = step(clock, at, 1)
    assert found == wanted
    assert [step(clock, one, -1) for one in found[1:]] == found[:-1]
    assert first(clock, instant) == next((one for one in wanted if one >= instant), first(clock, instant))


@given(clocks, instants, st.integers(-12, 12))
@SETTINGS
def test_a_step_back_undoes_a_step(clock: Clock, instant: datetime, count: int) -> None:
    start = first(clock, instant)
    assert step(clock, step(clock, start, count), -count) == start
    assert step(clock, step(clock, start, count), 1) == step(clock, start, count + 1)
    assert last(clock, start) < instant <= start


@given(clocks, instants)
@SETTINGS
def test_the_window_that_an_instant_lies_in(clock: Clock, instant: datetime) -> None:
    found = containing(clock, instant)
    if found is not None:
        assert found <= instant < step(clock, found, 1) and containing(clock, found) == found
        assert instant in hours_of(clock, found)
    else:
        before = last(clock, instant + timedelta(seconds=1))
        assert instant not in hours_of(clock, before)


@given(clocks, clocks, instants)
@SETTINGS
def test_the_windows_of_a_period_are_those_that_start_in_it(clock: Clock, period: Clock, instant: datetime) -> None:
    start = first(period, instant)
    found = within(clock, period, start)
    inside = set(hours_of(period, start))
    every = starts(clock, start - timedelta(days=1), start + timedelta(seconds=period.seconds + 2 * DAY))
    assert list(found) == [at for at in every if at in inside]
    assert len(found) <= most(clock, period)
    if constant(clock, period):
        assert len(found) == most(clock, period)


@given(zones, instants)
@SETTINGS
def test_hours_tile_the_days_of_a_zone(local: ZoneInfo, instant: datetime) -> None:
    hours, day = Clock(HOUR), Clock(DAY, Days(local))
    start = first(day, instant)
    found: list[datetime] = []
    for number in range(4):
        found += within(hours, day, step(day, start, number))
    assert found == [found[0] + timedelta(hours=number) for number in range(len(found))]


@pytest.mark.parametrize(
    ("day", "where", "hours"),
    [
        ("2024-03-10", "America/New_York", 23),
        ("2024-11-03", "America/New_York", 25),
        ("2024-11-04", "America/New_York", 24),
        ("2024-03-31", "Antarctica/Troll", 22),
        ("2024-10-27", "Antarctica/Troll", 26),
        ("2018-11-04", "America/Sao_Paulo", 23),
        ("2024-03-10", "UTC", 24),
    ],
)
def test_days_have_as_many_hours_as_clocks_show(day: str, where: str, hours: int) -> None:
    days = Days(zone(where))
    period = Clock(DAY, days)
    assert len(within(Clock(HOUR), period, read(day, days.zone))) == hours
    assert hours <= most(Clock(HOUR), period)


def test_excluded_days_are_stepped_over() -> None:
    nyse = Days(zone("America/New_York"), frozenset(range(5)), frozenset({date(2026, 12, 25)}))
    day, hour, week = Clock(DAY, nyse), Clock(HOUR, nyse), Clock(7 * DAY, nyse)
    monday = read("2026-12-28", nyse.zone)
    assert shown(step(day, monday, -1), nyse.zone) == "2026-12-24T00:00:00-05:00"
    assert shown(step(hour, monday, -1), nyse.zone) == "2026-12-24T23:00:00-05:00"
    assert within(hour, Clock(DAY, Days(nyse.zone)), read("2026-12-25", nyse.zone)) == ()
    assert [shown(at, nyse.zone, "%d") for at in within(day, week, read("2026-12-21", nyse.zone))] == [
        "21",
        "22",
        "23",
        "24",
    ]
    assert containing(day, read("2026-12-25T12:00", nyse.zone)) is None
    sundays = Days(weekdays=frozenset({6}))
    assert first(Clock(7 * DAY, sundays), read("2026-12-21", UTC)) == read("2026-12-27", UTC)


def test_a_day_that_a_zone_leaves_out_is_none() -> None:
    apia = Days(zone("Pacific/Apia"))
    assert not apia.has(date(2011, 12, 30)) and apia.has(date(2011, 12, 29)) and apia.has(date(2011, 12, 31))
    assert step(Clock(DAY, apia), read("2011-12-31", apia.zone), -1) == read("2011-12-29", apia.zone)


def test_a_day_may_begin_after_midnight() -> None:
    assert (
        shown(read("2018-11-04", zone("America/Sao_Paulo")), zone("America/Sao_Paulo")) == "2018-11-04T01:00:00-02:00"
    )
    toronto = Days(zone("America/Toronto"))  # on that day clocks went from 23:30 to 00:30
    assert shown(toronto.begin(date(1919, 3, 31)), toronto.zone) == "1919-03-31T00:30:00-04:00"


def test_how_times_are_read_and_shown() -> None:
    new_york = zone("America/New_York")
    assert read("2024-01-31", UTC) == datetime(2024, 1, 31, tzinfo=UTC)
    assert read("2024-01-31T05:00Z", new_york) == read("2024-01-31", new_york) == read("2024-01-31T00:00", new_york)
    instant = read("2024-01-31", new_york)
    assert shown(instant, UTC) == "2024-01-31T05:00:00Z"
    assert shown(instant, new_york) == "2024-01-31T00:00:00-05:00"
    assert shown(instant, new_york, "%Y%m%dT%H%z") == "20240131T00-0500"
    with pytest.raises(NoZone):
        zone("America/New_Yrok")
    assert "Europe/Berlin" in names()
    assert goes_back(zone("Asia/Dubai")) == timedelta(0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("soon", "`soon` is not a time: write it like 2013-07-04 or 2013-07-04T15:00"),
        (
            "2024-03-10T02:30",
            "2024-03-10T02:30 does not exist in America/New_York, where clocks are put forward then; "
            "write 2024-03-10T01:30-05:00 or 2024-03-10T03:30-04:00",
        ),
        (
            "2024-11-03T01:30",
            "2024-11-03T01:30 is there twice in America/New_York, where clocks are put back then; "
            "write 2024-11-03T01:30-04:00 for the first, 2024-11-03T01:30-05:00 for the second",
        ),
    ],
)
def test_what_is_no_one_time_is_refused(text: str, told: str) -> None:
    with pytest.raises(NoWindow) as raised:
        read(text, zone("America/New_York"))
    assert str(raised.value) == told


def test_what_starts_no_window_is_refused() -> None:
    nyse = Clock(DAY, Days(zone("America/New_York"), frozenset(range(5))))
    require(nyse, read("2024-03-08", nyse.days.zone), "nyse")
    with pytest.raises(NoWindow) as raised:
        require(nyse, read("2024-03-09", nyse.days.zone), "nyse")
    assert str(raised.value) == (
        "no window of 1d on `nyse` starts at 2024-03-09T00:00:00-05:00; the one before starts at "
        "2024-03-08T00:00:00-05:00, the next at 2024-03-11T00:00:00-04:00"
    )
    with pytest.raises(NoWindow, match="no window of 90m starts at 2024-03-09T01:00:00Z"):
        require(Clock(5400), read("2024-03-09T01:00", UTC), "")
