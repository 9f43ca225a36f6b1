"""R4: the memory of a slot covers its stages' memory and the scratch that they write."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.liveness import Liveness
from podpipec.graph.seats import seating
from podpipec.graph.slots import SlotSize, allot
from podpipec.graph.traversal import units_of
from podpipec.rules.checked import Checked
from podpipec.types.declarations import Pod
from podpipec.types.units import size_text

CODE = "R4"
TITLE = "slot memory covers stage memory and scratch"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Pods with exclusive cores whose slots, each with the scratch that is charged to it, need more than the pod has.

    Such a pod is Guaranteed: every container asks for its limit. In other pods only the limits are that large.
    """
    for graph in checked.graphs:
        if graph.across:
            from podpipec.graph.sets import sets  # few flows go across pods

            for one in sets(graph) if any(unit.graph.pod.exclusive for unit in units_of(graph)) else ():
                yield from _slots(one.pod, one.slots, one.charged, seating(*(unit.graph for unit in one.units)).memory)
        elif graph.pod.exclusive:
            allotment = allot(graph)
            charged = Liveness(graph).charged(allotment.homes, len(allotment.slots))
            yield from _slots(graph.pod, allotment.slots, charged, seating(graph).memory)


def _slots(pod: Pod, slots: tuple[SlotSize, ...], charged: tuple[int, ...], helpers: int) -> Iterator[Diagnostic]:
    if not pod.exclusive or pod.places.get("ram", 0) >= pod.memory:
        return
    working = sum(slot.memory for slot in slots) + helpers
    needed = working + sum(charged)
    if needed <= pod.memory or working + pod.places.get("ram", 0) > pod.memory:
        return  # fits, or is refused by R1
    lines = [
        f"slot {index}: {size_text(slot.memory)} of working set, {size_text(scratch)} of scratch"
        for index, (slot, scratch) in enumerate(zip(slots, charged, strict=True))
    ]
    if helpers:
        lines.append(f"helpers: {size_text(helpers)}")
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
