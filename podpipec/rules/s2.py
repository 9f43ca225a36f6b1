"""S2, one shard: values of different shards meet only in a fan in."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call
from podpipec.graph.origins import ALL, RUN, Atom, meetings
from podpipec.rules.checked import Checked

CODE = "S2"
TITLE = "one shard"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages whose inputs belong to shards that were chosen by different hands, or among different shards."""
    for graph in checked.graphs:
        for call, first, second in meetings(graph, lambda atom: None if atom.shard in (None, ALL) else atom.chosen):
            yield _clash(call, first, second)


def _clash(call: Call, first: tuple[str, Atom], second: tuple[str, Atom]) -> Diagnostic:
    (before, one), (name, other) = first, second
    return error(
        CODE,
        f"`{call.stage.name.text}` is given values of two shards: {_which(one)}, and {_which(other)}",
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
