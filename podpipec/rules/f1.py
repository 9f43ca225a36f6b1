"""F1: a flow that claims to survive a fault does."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Graph
from podpipec.graph.places import kept
from podpipec.rules.checked import Checked
from podpipec.rules.mending import keep_at_end
from podpipec.types.declarations import FAULTS, PLACES

CODE = "F1"
TITLE = "survives what it claims to survive"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Results and sources that a fault of the claimed level takes along."""
    for graph in (*checked.graphs, *checked.units):
        survives = graph.flow.survives
        if survives is None:
            continue
        for fault in FAULTS[: FAULTS.index(survives) + 1]:
            found = tuple(_lost(checked, graph, fault))
            yield from found
            if found:
                break


def _lost(checked: Checked, graph: Graph, fault: str) -> Iterator[Diagnostic]:
    from podpipec.graph.recovery import recovery  # few flows claim anything

    flow = graph.flow
    level = next(level for level in FAULTS if level == fault)
    after = recovery(graph, level)
    claim = flow.declared.survives
    assert claim is not None
    for name in after.lost_results:
        origin, span = graph.results[name]
        datum = graph.data[origin]
        if datum.place == "ram" and not kept(graph).get(origin):
            continue  # refused by L1
        there = next((place for place in PLACES[2:] if place in graph.pod.places), None)
        keep = f"keep {name} in {there}" if there else f'keep {name} in remote "…"'
        yield error(
            CODE,
            f"the flow claims to survive a {claim.text}, and a lost {fault} takes its result `{name}` along",
            span,
            "the result",
            (datum.span, f"lies on `{datum.place}`"),
            (claim.span, "the claim"),
            help=f"add `{keep}`",
            fix=keep_at_end(checked, span, name, there) if there else None,
        )
    for name in after.lost_sources:
        entry = next(entry for entry in graph.entries if entry.parameter == name)
        yield error(
            CODE,
            f"the flow claims to survive a {claim.text}, and the source of `{name}` is a path of the node",
            entry.span,
            "what is derived from it cannot be derived again elsewhere",
            (entry.snapshot.settings["from"], "a path without a scheme"),
            (claim.span, "the claim"),
            help="take the snapshot from storage that outlives the node, such as `s3://…`, or claim `survives pod`",
        )
