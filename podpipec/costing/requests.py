"""What the pod asks for, beside what one container for each call would."""

from __future__ import annotations

from podpipec.costing.anatomy import everywhere
from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.slots import Allotment
from podpipec_runtime.tuples import NamedTuple


class Requests(NamedTuple):
    """Containers that run stages, their cores in thousandths, and their working sets in bytes."""

    containers: int
    cpu: int
    memory: int


class Asked(NamedTuple):
    """The maximum over time beside the sum over calls; scratch in memory is what slots may be charged with."""

    slots: Requests
    slots_with_scratch: int
    calls: Requests


def requests(graph: Graph, allotment: Allotment, liveness: Liveness) -> Asked:
    """What the slots ask for, each the most of its calls, and what a container for each call would ask for in sum.

    A call in a fan out counts as one container, so the sum is the least that such a pod asks for.
    """
    slots = allotment.slots
    charged = liveness.charged(allotment.homes, len(slots))
    stages = [stand.node.stage for stand in everywhere(graph.nodes) if isinstance(stand.node, Call)]
    memory = sum(slot.memory for slot in slots)
    return Asked(
        Requests(len(slots), sum(slot.cpu for slot in slots), memory),
        memory + sum(charged),
        Requests(len(stages), sum(_cpu(graph, stage.cpu) for stage in stages), sum(stage.memory for stage in stages)),
    )


def _cpu(graph: Graph, thousandths: int) -> int:
    return -(-thousandths // 1000) * 1000 if graph.pod.exclusive else thousandths
