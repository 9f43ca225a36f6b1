"""Runs that read several windows: ranges, the windows of a period, days that clocks and calendars change."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from podpipec_runtime.calendar.written import read
from podpipec_runtime.calendar.zones import zone
from podpipec_runtime.plan.types import (
    At,
    Calendar,
    Input,
    InputRef,
    ItemPart,
    ItemRef,
    PathPart,
    Period,
    Plan,
    Range,
    ShardPart,
    ShardsRef,
    Stage,
    TextRef,
    WindowPart,
    WindowsRef,
    Within,
)
from podpipec_runtime.progress import SnapshotPulled, SnapshotReused, StepStarted
from tests.runtime.plans import call, collected, each, given, plan, shell
from tests.runtime.runner import Runner, failure, text

HOUR, DAY = 3600, 86400
COPY = shell("copy", "cat {a} > {out}", ["a"])
ADD = shell("add", "cat {parts} > {out}", {"parts": "File[]"})
SAY = shell("say", "printf '%s ' {n} > {out}; cat {a} >> {out}", {"n": "String", "a": "File"})

NEW_YORK = zone("America/New_York")
NYSE = Calendar(
    name="nyse",
    zone="America/New_York",
    days=("mon", "tue", "wed", "thu", "fri"),
    excluded=(date(2024, 12, 25),),
)
NIGHTS = Calendar(name="nights", zone="America/New_York", days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
BY_DAY: tuple[PathPart, ...] = ("lake/", WindowPart(format="%Y-%m-%d"), ".txt")
BY_HOUR: tuple[PathPart, ...] = ("lake/", WindowPart(format="%Y-%m-%dT%H%z"), ".txt")


def write(root: Path, *names: str) -> None:
    (root / "lake").mkdir(exist_ok=True)
    for name in names:
        path = root / "lake" / f"{name}.txt"
        path.write_text(name + "\n")
        os.utime(path, (1_700_000_000, 1_700_000_000))


def daily(windows: Range | Within | At, calendar: str = "") -> Input:
    return given("t", BY_DAY, window=DAY, calendar=calendar, windows=windows)


def adding(source: Input, period: Period, *calendars: Calendar) -> Plan:
    """A stage that is given the whole list of windows."""
    used = [call("f", ADD, {"parts": WindowsRef(input=source.name)})]
    return plan([ADD], used, {"r": "f"}, inputs=[source], period=period, calendars=calendars)


def naming(source: Input, period: Period, *calendars: Calendar) -> Plan:
    """A fan out over the windows, in which each element's name is text."""
    args = {"a": ItemRef(each="e"), "n": TextRef(parts=(ItemPart(each="e"), " of ", WindowPart(format="%d.%m.")))}
    body = [call("c", SAY, args)]
    steps = [each("e", WindowsRef(input=source.name), body, "c"), call("f", ADD, {"parts": collected("e")})]
    return plan([SAY, ADD], steps, {"r": "f"}, inputs=[source], period=period, calendars=calendars)


def test_a_range_is_a_list_the_oldest_first(runner: Runner) -> None:
    write(runner.root, "2024-01-01", "2024-01-02", "2024-01-03")
    made = adding(daily(Range(first=-2, last=0)), Period(window=DAY))
    window = datetime(2024, 1, 3, tzinfo=UTC)
    assert text(runner(made, window=window)) == "2024-01-01\n2024-01-02\n2024-01-03\n"
    assert [event.window for event in runner.events if isinstance(event, SnapshotPulled)] == [
        "2024-01-01T00:00:00Z",
        "2024-01-02T00:00:00Z",
        "2024-01-03T00:00:00Z",
    ]
    assert runner(made, window=window).ran == 0 and len(runner.of(SnapshotReused)) == 3


def test_the_next_window_pulls_what_is_new_alone(runner: Runner) -> None:
    write(runner.root, "2024-01-01", "2024-01-02", "2024-01-03")
    made = naming(daily(Range(first=-1, last=0)), Period(window=DAY))
    runner(made, window=datetime(2024, 1, 2, tzinfo=UTC))
    assert runner.ran() == ["c[2024-01-01T00:00:00Z]", "c[2024-01-02T00:00:00Z]", "f"]
    again = runner(made, window=datetime(2024, 1, 3, tzinfo=UTC))
    assert text(again) == ("2024-01-02T00:00:00Z of 03.01. 2024-01-02\n2024-01-03T00:00:00Z of 03.01. 2024-01-03\n")


def test_a_look_back_steps_over_what_the_calendar_leaves_out(runner: Runner) -> None:
    write(runner.root, "2024-12-24", "2024-12-26")
    source = daily(At(offset=-1), "nyse")
    steps = [call("c", COPY, {"a": InputRef(input="t[-1]")})]
    made = plan(
        [COPY],
        steps,
        {"r": "c"},
        inputs=[source],
        period=Period(window=DAY, calendar="nyse"),
        calendars=[NYSE],
    )
    assert text(runner(made, window=read("2024-12-26", NEW_YORK))) == "2024-12-24\n"
    kind, told = failure(runner(made, window=read("2024-12-25", NEW_YORK)))
    assert kind == "usage" and "no window of 1d on `nyse` starts at 2024-12-25T00:00:00-05:00" in told
    assert text(runner(made, {"t": f"{runner.root}/lake/{{window:%Y-%m-%d}}.txt"}, read("2024-12-26", NEW_YORK)))
    kind, told = failure(runner(made, {"t": runner.root / "lake" / "2024-12-24.txt"}, read("2024-12-26", NEW_YORK)))
    assert kind == "usage" and "`t[-1]` is of another window than the run or of several" in told


@pytest.mark.parametrize(("day", "hours"), [("2024-03-10", 23), ("2024-03-11", 24), ("2024-11-03", 25)])
def test_the_hours_of_a_day(runner: Runner, day: str, hours: int) -> None:
    start = read(day, NEW_YORK)
    names = [
        datetime.fromtimestamp(start.timestamp() + number * HOUR, NEW_YORK).strftime("%Y-%m-%dT%H%z")
        for number in range(hours)
    ]
    write(runner.root, *names)
    source = given("t", BY_HOUR, window=HOUR, calendar="nights", windows=Within(most=25))
    made = adding(source, Period(window=DAY, calendar="nights"), NIGHTS)
    assert text(runner(made, window=start)) == "".join(f"{name}\n" for name in names)


def test_windows_of_one_name_are_refused(runner: Runner) -> None:
    write(runner.root, *(f"2024-11-03T{hour:02}" for hour in range(24)))
    path = ("lake/", WindowPart(format="%Y-%m-%dT%H"), ".txt")
    source = given("t", path, window=HOUR, calendar="nights", windows=Within(most=25))
    made = adding(source, Period(window=DAY, calendar="nights"), NIGHTS)
    kind, told = failure(runner(made, window=read("2024-11-03", NEW_YORK)))
    assert kind == "usage"
    assert "the windows 2024-11-03T01:00:00-04:00 and 2024-11-03T01:00:00-05:00 of `t.windows` are one file" in told


def test_a_day_without_windows_has_an_empty_list(runner: Runner) -> None:
    source = given("t", BY_HOUR, window=HOUR, calendar="nyse", windows=Within(most=24))
    outcome = runner(naming(source, Period(window=DAY), NYSE), window=datetime(2024, 12, 29, tzinfo=UTC))
    assert text(outcome) == "" and runner.ran() == ["f"]


def test_a_missing_window_is_named_with_its_path(runner: Runner) -> None:
    write(runner.root, "2024-01-02", "2024-01-03")
    made = adding(daily(Range(first=-2, last=0)), Period(window=DAY))
    kind, told = failure(runner(made, window=datetime(2024, 1, 3, tzinfo=UTC)))
    assert kind == "data"
    assert f"`t[-2..0]` for the window 2024-01-01T00:00:00Z is not there: {runner.root}/lake/2024-01-01.txt" in told
    assert runner.ran() == []


def test_a_list_of_windows_of_one_shard(runner: Runner) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        for shard in ("x", "y"):
            (runner.root / "lake" / day).mkdir(parents=True, exist_ok=True)
            (runner.root / "lake" / day / shard).write_text(f"{day}{shard}\n")
    path = ("lake/", WindowPart(format="%Y-%m-%d"), "/", ShardPart())
    source = given("t", path, ["x", "y"], one=True, window=DAY, windows=Range(first=-1, last=0))
    made = adding(source, Period(window=DAY))
    assert text(runner(made, window=datetime(2024, 1, 2, tzinfo=UTC), shard="y")) == "2024-01-01y\n2024-01-02y\n"
    back = given("t", path, ["x", "y"], window=DAY, windows=At(offset=-1))
    used = [call("f", ADD, {"parts": ShardsRef(input="t[-1]")})]
    made = plan([ADD], used, {"r": "f"}, inputs=[back], period=Period(window=DAY))
    assert text(runner(made, window=datetime(2024, 1, 2, tzinfo=UTC))) == "2024-01-01x\n2024-01-01y\n"


def both(used: Stage = COPY) -> Plan:
    """One snapshot read at two offsets, and a coarser one."""
    steps = [
        call("now", used, {"a": InputRef(input="t")}),
        call("before", used, {"a": InputRef(input="t[-1]")}),
        call("week", used, {"a": InputRef(input="w")}),
    ]
    week = given("w", ("lake/", WindowPart(format="w%Y-%m-%d"), ".txt"), window=7 * DAY)
    inputs = [daily(At()), daily(At(offset=-1)), week]
    return plan([used], steps, {"r": "now", "s": "before", "w": "week"}, inputs=inputs, period=Period(window=DAY))


def test_one_snapshot_is_read_in_several_ways(runner: Runner) -> None:
    write(runner.root, "2024-01-02", "2024-01-03", "w2024-01-01")
    outcome = runner(both(), window=datetime(2024, 1, 3, tzinfo=UTC))
    found = [text(outcome, name) for name in "rsw"]
    assert found == ["2024-01-03\n", "2024-01-02\n", "w2024-01-01\n"]
    assert [event.why for event in runner.events if isinstance(event, StepStarted)]
    assert runner(both(), window=datetime(2024, 1, 3, tzinfo=UTC)).ran == 0


def test_what_the_run_lacks_is_told(runner: Runner) -> None:
    write(runner.root, "2024-01-02", "2024-01-03")
    assert "`t` needs a window; say when it starts" in failure(runner(both()))[1]
    ranged = adding(daily(Range(first=-1, last=0)), Period(window=DAY))
    assert failure(runner(ranged)) == ("usage", "`t[-1..0]` needs a window; say when it starts")
    kind, told = failure(runner(ranged, window=datetime(2024, 1, 3, 5, tzinfo=UTC)))
    assert kind == "usage" and "no window of 1d starts at 2024-01-03T05:00:00Z" in told
    few = given("t", BY_HOUR, window=HOUR, windows=Within(most=23))
    kind, told = failure(runner(adding(few, Period(window=DAY)), window=datetime(2024, 1, 3, tzinfo=UTC)))
    assert kind == "data" and "`t.windows` has 24 windows then; the plan allows 23" in told
    closed = daily(At(), "nyse")
    steps = [call("c", COPY, {"a": InputRef(input="t")})]
    made = plan([COPY], steps, {"r": "c"}, inputs=[closed], period=Period(window=DAY), calendars=[NYSE])
    kind, told = failure(runner(made, window=datetime(2024, 12, 26, tzinfo=UTC)))
    assert kind == "data"
    assert "`t` has no window then: calendar `nyse` leaves 2024-12-25T19:00:00-05:00 out" in told
    far = daily(Range(first=-800_000, last=0))
    kind, told = failure(runner(adding(far, Period(window=DAY)), window=datetime(2024, 1, 3, tzinfo=UTC)))
    assert (kind, told) == ("data", f"`{far.name}` reaches beyond the years that there are")
