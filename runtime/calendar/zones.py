"""Time zones by name: those of the package `tzdata`, whatever the machine has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

#: Clocks are looked at so often, and over so many years, to find by how much they ever go back at once.
_EVERY = timedelta(days=6)
_FROM, _TO = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class NoZone(LookupError):  # noqa: N818 - the zone's name is what is told
    """There is no time zone of that name."""


@cache
def zone(name: str) -> tzinfo:
    """The time zone `name`. Raises NoZone."""
    if name == "UTC":
        return UTC
    if name not in names():
        raise NoZone(name)
    from importlib import resources  # imported here, for most runs need no zone
    from zoneinfo import ZoneInfo

    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def names() -> frozenset[str]:
    """Every name that `zone` knows."""
    from importlib import resources

    text = resources.files("tzdata").joinpath("zones").read_text("ascii")
    return frozenset((*text.split(), "UTC"))


@cache
def goes_back(known: tzinfo) -> timedelta:
    """The most by which clocks there are ever put back at once, 1970 to 2100: an hour in most zones."""
    most = timedelta()
    if known is UTC:
        return most
    before, at = _FROM.astimezone(known).utcoffset(), _FROM
    while at < _TO:
        at += _EVERY
        offset = at.astimezone(known).utcoffset()
        assert offset is not None and before is not None  # the zones above always know
        most, before = max(most, before - offset), offset
    return most
