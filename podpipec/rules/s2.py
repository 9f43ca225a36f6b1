"""S2, one shard: values of different shards meet only in a fan in."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Crossing, If, called
from podpipec.graph.origins import ALL, RUN, Atom
from podpipec.rules.checked import Checked
from podpipec.rules.meetings import meetings

CODE = "S2"
TITLE = "one shard"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages whose inputs belong to shards that were chosen by different hands, or among different shards."""
    seen = set()
    for traced in checked.own_first:
        for call, first, second in meetings(traced, _chosen, units=True):  # a unit is for one shard
            at = call.spans[second[0]]
            if at not in seen:
                seen.add(at)
                yield _clash(call, first, second)


def _chosen(atom: Atom) -> object:
    return None if atom.shard in (None, ALL) else atom.chosen


def _clash(call: Call | Crossing | If, first: tuple[str, Atom], second: tuple[str, Atom]) -> Diagnostic:
    (before, one), (name, other) = first, second
    return error(
        CODE,
        f"`{called(call)}` is given values of two shards: {_which(one)}, and {_which(other)}",
        call.spans[name],
        f"belongs to {_which(other)}",
        (call.spans[before], f"belongs to {_which(one)}"),
        help=(
            "give snapshots that belong together the same shards, and let one `each` go over them",
            "or collect one side in a list first, and give the whole list",
        ),
    )


def _which(atom: Atom) -> str:
    if atom.shard == RUN:
        return f"the shard of `{atom.snapshot}` that the run is for"
    return f"the shard of `{atom.snapshot}` that `{atom.shard}` is at"
