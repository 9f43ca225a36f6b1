"""Which windows a value is of, as it is printed, and what the plan says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpipec.compiler import compile_program
from podpipec.names.loading import Unreadable
from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from tests.types.test_shown import shown

_PROGRAM = """
calendar nyse { zone "America/New_York"  days ["fri", "mon"]  except ["2026-12-25", "2026-01-01"] }
snapshot ticks  { from "s3://lake/{window}/{shard}.csv"  window 1h of nyse  shards 2  size 1MiB }
snapshot prices { from "s3://lake/{window:%Y-%m-%d}.csv"  window 1d of nyse  size 1MiB }
snapshot weeks  { from "s3://lake/w{window:%Y-%m-%d}.csv"  window 1w  size 1MiB }
pod bench { slots 2  cpu 4  memory 8GiB  node 1GiB }
stage clean(raw: Csv) -> book: Csv { run ["clean", raw, book] }
stage add(parts: Csv[]) -> sum: Csv { run ["add", parts, sum] }
stage say(text: String, raw: Csv) -> note: Csv { run ["say", text, raw, note] }
flow tidy(p: prices) -> book { book = clean(p) }
flow older(p: prices) -> book { book = tidy(p[-2]) }

flow daily(t: ticks, p: prices, w: weeks) on bench every 1d of nyse {
  hours = each h in t.windows { say("{h:%H}", h) }
  sum   = add(hours)
  early = p[-1]
  old   = tidy(early)
  older = older(early)
  back  = add(p[-3..-1])
  each_ = each day in p[-1..0] {
    twice = clean(day)
    clean(twice)
  }
  week  = clean(w)
  weeks = add(w[-1..0])
}
"""


def compiled(text: str) -> plan.Plan:
    done = compile_program("main.flow", lambda path: text.encode() if path == "main.flow" else Unreadable("no"), {})
    assert not done.diagnostics, done.diagnostics
    return lower(done.checked.graphs[0])


def test_origins_are_written_as_a_person_would(tmp_path: Path) -> None:
    names = {}
    for line in shown(tmp_path, _PROGRAM).split("flow daily")[1].splitlines()[1:]:
        name, _, rest = line.strip().partition(":")
        names.setdefault(name, rest.partition("# ")[2].partition(",")[0])
    assert names == {
        "t.windows": "ticks@w.windows/shard",
        "p[-1]": "prices@w-1",
        "p[-3]": "prices@w-3",
        "p[-1..0]": "prices@w-1..w",
        "p[-3..-1]": "prices@w-3..w-1",
        "w": "weeks@w",
        "w[-1..0]": "weeks@w-1..w",
        "hours": "ticks@w.windows/shard",
        "h": "ticks@[h]/shard",
        "say": "ticks@[h]/shard",
        "sum": "ticks@w.windows/shard",
        "early": "prices@w-1",
        "old": "prices@w-1",
        "book": "prices@w-1",
        "older": "prices@w-3",
        "back": "prices@w-3..w-1",
        "each_": "prices@w-1..w",
        "day": "prices@[day]",
        "twice": "prices@[day]",
        "clean": "prices@[day]",
        "week": "weeks@w",
        "weeks": "weeks@w-1..w",
    }


def test_the_plan_reads_each_as_it_is_written() -> None:
    made = compiled(_PROGRAM)
    assert made.period == plan.Period(window=86400, calendar="nyse")
    (calendar,) = made.calendars
    assert (calendar.name, calendar.zone, calendar.days) == ("nyse", "America/New_York", ("mon", "fri"))
    assert [str(day) for day in calendar.excluded] == ["2026-01-01", "2026-12-25"]
    read = {given.name: (given.parameter, given.calendar, given.windows, given.slice) for given in made.inputs}
    assert read == {
        "t.windows": ("t", "nyse", plan.Within(most=25), "shard"),
        "p[-1]": ("p", "nyse", plan.At(offset=-1), "whole"),
        "p[-3]": ("p", "nyse", plan.At(offset=-3), "whole"),
        "p[-1..0]": ("p", "nyse", plan.Range(first=-1, last=0), "whole"),
        "p[-3..-1]": ("p", "nyse", plan.Range(first=-3, last=-1), "whole"),
        "w": ("w", "", plan.At(offset=0), "whole"),
        "w[-1..0]": ("w", "", plan.Range(first=-1, last=0), "whole"),
    }


@pytest.mark.parametrize(
    ("windows", "every", "most"),
    [
        ("1h", "1d", 24),
        ("1h", "1d of nights", 25),
        ("1h", "1d of days", 24),
        ("1h of days", "1d of nights", 25),
        ("15m", "1d of nights", 100),
        ("7h", "1d", 4),
        ("1h", "1w of nyse", 125),
        ("1d of nyse", "1w of nyse", 5),
        ("1d of nyse", "1w", 8),
        ("1d", "1d", 1),
        ("1h", "6h", 6),
    ],
)
def test_how_many_windows_a_period_can_have(windows: str, every: str, most: int) -> None:
    text = f"""
calendar nights {{ zone "America/New_York" }}
calendar days {{ zone "Asia/Dubai" }}
calendar nyse {{ zone "America/New_York"  days ["mon", "tue", "wed", "thu", "fri"] }}
snapshot ticks {{ from "s3://lake/{{window}}.csv"  window {windows}  size 1MiB }}
pod bench {{ slots 2  cpu 4  memory 8GiB  node 1GiB }}
stage add(parts: Csv[]) -> sum: Csv {{ run ["add", parts, sum] }}
flow daily(t: ticks) on bench every {every} {{ x = add(t.windows) }}
"""
    made = compiled(text)
    assert made.inputs[0].windows == plan.Within(most=most)
    bound = next(peak.bytes for peak in made.peaks)
    assert bound == 2 * most * 2**20


def test_calendars_of_one_name_keep_apart(tmp_path: Path) -> None:
    (tmp_path / "lib.flow").write_text(
        'calendar days { zone "Europe/Paris" }\n'
        'snapshot far { from "s3://lake/f{window}.csv"  window 1d of days  size 1MiB }\n'
    )
    text = (
        "use lib { far }\n"
        'calendar days { zone "Asia/Tokyo" }\n'
        'snapshot near { from "s3://lake/n{window}.csv"  window 1d of days  size 1MiB }\n'
        "pod bench { slots 2  cpu 4  memory 8GiB  node 1GiB }\n"
        'stage clean(raw: Csv) -> book: Csv { run ["clean", raw, book] }\n'
        "flow g(n: near, f: far) on bench every 1d of days {\n  a = clean(n)\n  b = clean(f)\n}\n"
    )
    (tmp_path / "main.flow").write_text(text)

    def load(path: str) -> bytes | Unreadable:
        return (tmp_path / path).read_bytes()

    done = compile_program("main.flow", load, {})
    assert not done.diagnostics, done.diagnostics
    made = lower(done.checked.graphs[0])
    zones = {calendar.name: calendar.zone for calendar in made.calendars}
    assert zones == {"days": "Europe/Paris", "days_2": "Asia/Tokyo"}
    assert made.period is not None and made.period.calendar == "days_2"
    assert {given.name: given.calendar for given in made.inputs} == {"n": "days_2", "f": "days"}


def test_clocks_that_mean_the_same_are_one() -> None:
    """Whatever their calendars are called, and in whatever order these tell their days."""
    text = """
calendar one { zone "Europe/Paris"  days ["mon", "tue"]  except ["2026-12-25", "2026-01-01"] }
calendar two { zone "Europe/Paris"  days ["tue", "mon"]  except ["2026-01-01", "2026-12-25"] }
calendar all { }
snapshot a { from "s3://lake/a{window}.csv"  window 24h of one  size 1MiB }
snapshot b { from "s3://lake/b{window}.csv"  window 1d of two  size 1MiB }
snapshot c { from "s3://lake/c{window}.csv"  window 1d of all  size 1MiB }
snapshot d { from "s3://lake/d{window}.csv"  window 1d  size 1MiB }
pod bench { slots 2  cpu 4  memory 8GiB  node 1GiB }
stage both(a: Csv, b: Csv) -> c: Csv { run ["both", a, b, c] }
flow f(a: a, b: b) on bench { x = both(a, b) }
flow g(c: c, d: d) on bench { x = both(c, d) }
"""
    assert compiled(text).period is not None
