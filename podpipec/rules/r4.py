"""R4: the memory of a slot covers its stages' memory and the scratch that they write."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Graph
from podpipec.graph.slots import allot
from podpipec.rules.checked import Checked
from podpipec.types.scalars import size_text

CODE = "R4"
TITLE = "slot memory covers stage memory and scratch"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Pods with exclusive cores whose slots, each with the scratch that is charged to it, need more than the pod has.

    Such a pod is Guaranteed: every container asks for its limit. In other pods only the limits are that large.
    """
    for graph in checked.graphs:
        if graph.pod.exclusive and graph.pod.places.get("ram", 0) < graph.pod.memory:
            yield from _slots(graph)


def _slots(graph: Graph) -> Iterator[Diagnostic]:
    pod = graph.pod
    allotment = allot(graph)
    charged = Liveness(graph).charged(allotment.homes, len(allotment.slots))
    needed = sum(slot.memory for slot in allotment.slots) + sum(charged)
    if needed <= pod.memory or sum(slot.memory for slot in allotment.slots) + pod.places.get("ram", 0) > pod.memory:
        return  # fits, or is refused by R1
    lines = [
        f"slot {index}: {size_text(slot.memory)} of working set, {size_text(scratch)} of scratch"
        for index, (slot, scratch) in enumerate(zip(allotment.slots, charged, strict=True))
    ]
    yield error(
        CODE,
        f"the slots of `{pod.name.text}` need {size_text(needed)} with the scratch that they write, "
        f"and it has {size_text(pod.memory)}",
        pod.settings["memory"],
        f"{size_text(pod.memory)} in all",
        (pod.settings["cpu"], "exclusive: each container asks for its limit"),
        note=("what a container writes to memory is charged to it, and counts in its limit:", *lines),
        help=(
            f"give the pod `memory {size_text(needed)}`, or fewer slots",
            "or write large values elsewhere: `x in node = …`",
        ),
    )
