"""L4: nothing moves silently; every copy between places is a word in the source."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.places import kept, outlives
from podpipec.rules.checked import Checked
from podpipec.rules.mending import keep_at_end

CODE = "L4"
TITLE = "nothing moves silently"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Values that are asked for on a place where no word of the program brings them."""
    for graph in checked.graphs:
        copies = kept(graph)
        for claim in graph.claims:
            datum = graph.data.get(claim.value)
            if datum is None or claim.place == datum.place or claim.place in copies.get(claim.value, {}):
                continue
            longer = outlives(claim.place, datum.place)
            way = (
                f"add `keep {datum.name} in {claim.place}`"
                if longer
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
                fix=keep_at_end(checked, datum.span, datum.name, claim.place) if longer else None,
            )
