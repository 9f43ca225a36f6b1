"""F3: what a later resume needs is not freed earlier."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Graph
from podpipec.graph.releases import Early, Releases
from podpipec.rules.checked import Checked
from podpipec.rules.mending import keep_at_end
from podpipec.types.declarations import FAULTS, Fault

CODE = "F3"
TITLE = "what a later resume needs is not freed earlier"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Copies that go with a value although, after a fault that the flow survives, a result is made of them again."""
    for graph in (*checked.graphs, *checked.units):
        survives = graph.flow.survives
        if survives is None:
            continue
        told = set()
        for fault in FAULTS[: FAULTS.index(survives) + 1]:
            for early in Releases(graph).too_early(fault):
                if early.keep.id not in told:
                    told.add(early.keep.id)
                    yield _early(checked, graph, early, fault)


def _early(checked: Checked, graph: Graph, early: Early, fault: Fault) -> Diagnostic:
    claim = graph.flow.declared.survives
    assert claim is not None  # only what survives something is looked at
    keep = early.keep
    name = graph.data[keep.value].name
    until = early.until.id.rpartition("/")[2]
    place = keep.place
    return error(
        CODE,
        f"the copy of `{name}` goes with `{until}`, and after a lost {fault} "
        f"the result `{early.result}` may have to be made of it",
        keep.span,
        f"goes once `{until}` is there",
        (early.until.span, f"nothing of `{until}` that is left then is enough for `{early.result}`"),
        (graph.results[early.result][1], "the result"),
        (claim.span, "the claim"),
        help=(f"add `keep {until} in {place}`, or let the copy stay until what is kept of `{early.result}` is there",),
        fix=keep_at_end(checked, early.until.span, until, place),
    )
