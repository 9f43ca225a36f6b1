"""Fuzz the compiler: `python -m tests.fuzz.run --minutes 10 --seed 1` says what was tried and what was found."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from tests.fuzz.trying import tried


def until(end: float) -> Iterator[None]:
    """Go on until the clock says so."""
    while time.monotonic() < end:
        yield None


def main() -> int:
    """Fuzz for some minutes; the exit status is 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found = tried(given.seed, until(time.monotonic() + 60 * given.minutes))
    for what, count in sorted(found.counts.items()):
        print(f"{count:8} {what}")  # noqa: T201
    print(f"{found.counts.total():8} tried, {len(found.broken)} broke something")  # noqa: T201
    for broken in found.broken:
        print(f"\n{broken.what}\n{broken.text!r}")  # noqa: T201
    return bool(found.broken)


if __name__ == "__main__":
    sys.exit(main())
