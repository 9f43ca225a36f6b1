"""How fast bytes go, in bytes a second, where the figures come from, and what they leave out."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec_runtime.tuples import NamedTuple

#: The source of a rate that the user gives.
GIVEN = "given"


class Rate(NamedTuple):
    """A parameter of the estimates."""

    bytes_per_second: int
    means: str
    source: str


#: How the defaults came about. The other ways got their best case: a wire, TLS and replication only make them slower.
SETTING = (
    "the defaults were measured once, before this was written: 1GiB between two processes of one two-core machine, "
    "median of 5; over loopback and out of memory, without a wire, TLS or replication. Give your own"
)

DEFAULTS: Mapping[str, Rate] = {
    "in_place": Rate(5_800_000_000, "read where it lies", "measured: a file in tmpfs, mapped, pages of 4KiB"),
    "copy": Rate(2_630_000_000, "copied between places", "measured: written from memory into tmpfs"),
    "network": Rate(1_560_000_000, "handed over by HTTP", "measured: Python's HTTP server and client, best of four"),
    "put": Rate(3_570_000_000, "put into an object store", "measured: PUT to nginx, into the page cache"),
    "get": Rate(1_270_000_000, "got from a store or source", "measured: GET from nginx, out of the page cache"),
}


def rates(given: Mapping[str, int]) -> Mapping[str, Rate]:
    """The defaults with what the user gives instead. Raises KeyError for a rate that there is not."""
    for name in given:
        if name not in DEFAULTS:
            raise KeyError(name)
    return {name: Rate(given[name], rate.means, GIVEN) if name in given else rate for name, rate in DEFAULTS.items()}
