"""L4: nothing moves silently; every copy between places is a word in the source."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.rules.checked import Checked

CODE = "L4"
TITLE = "nothing moves silently"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Values that are asked for on a place where they do not lie.

    A kept copy does not make it so: it is for after a fault, and a stage is handed the value where it was written.
    """
    for graph in (*checked.graphs, *checked.units):
        for claim in graph.claims:
            datum = graph.data.get(claim.value)
            if datum is None or claim.place == datum.place:
                continue
            way = (
                f"write its elements there in the first place: `x in {claim.place} = …`"
                if datum.content.lists
                else f"write `x = move {datum.name} to {claim.place}` and give that"
            )
            yield error(
                CODE,
                f"`{datum.name}` lies on `{datum.place}`, and {claim.what} is to lie on `{claim.place}`: "
                "it would move without a word",
                claim.span,
                f"taken to lie on `{claim.place}` here",
                (datum.span, f"lies on `{datum.place}` from here"),
                help=way,
            )
