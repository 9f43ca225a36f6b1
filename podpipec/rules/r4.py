"""R4: the memory of a slot covers its stage's memory and the scratch that the stage writes."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.liveness import total
from podpipec.graph.nodes import Call, Graph, walk
from podpipec.rules.checked import Checked
from podpipec.types.scalars import size_text

CODE = "R4"
TITLE = "slot memory covers stage memory and scratch"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages that, with what they write to `ram`, need more memory than their pod has."""
    for graph in checked.graphs:
        seen = set()
        for node, _ in walk(graph.nodes):
            if isinstance(node, Call) and node.stage.name not in seen:
                found = _call(graph, node)
                if found is not None:
                    seen.add(node.stage.name)
                    yield found


def _call(graph: Graph, call: Call) -> Diagnostic | None:
    pod, stage = graph.pod, call.stage
    scratch = sum(total(datum) or 0 for datum in call.outputs if datum.place == "ram")
    if stage.memory > pod.memory or stage.memory + scratch <= pod.memory or scratch > pod.places.get("ram", 0):
        return None  # fits, or is refused by R1 or R2
    return error(
        CODE,
        f"`{stage.name.text}` needs {size_text(stage.memory)} and writes up to {size_text(scratch)} to `ram`, "
        f"more than the {size_text(pod.memory)} of `{pod.name.text}`",
        call.span,
        "what it writes to memory is charged to it",
        (stage.settings.get("memory", stage.name.span), f"{size_text(stage.memory)} of working set"),
        (pod.settings["memory"], f"{size_text(pod.memory)} in all"),
        help="give the pod more memory, ask for less, or write elsewhere: `x in node = …`",
    )
