"""The sets of pods that a flow across pods needs: one for each kind of pod, with what the pods of it do."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Crossing, Graph, Loop, Unit
from podpipec.graph.seats import Seating, seatings
from podpipec.graph.slots import Allotment, SlotSize, allot_together
from podpipec.graph.traversal import units_of, walk
from podpipec.types.declarations import Pod
from podpipec_runtime.tuples import NamedTuple


class PodSet(NamedTuple):
    """Pods of one kind. Any of them may be given any unit, so their slots are allotted for all units together.

    `allotments` and `seatings` are by the units' names: of each unit the slots of its calls, and the containers of its
    helpers. `charged` has for each slot the most bytes in memory that any unit has charged to it.
    """

    pod: Pod
    pods: int
    units: tuple[Unit, ...]
    allotments: Mapping[str, Allotment]
    charged: tuple[int, ...]
    seatings: Mapping[str, Seating]

    @property
    def slots(self) -> tuple[SlotSize, ...]:
        """The slots of every pod of the set."""
        return self.allotments[self.units[0].name].slots


def sets(graph: Graph) -> tuple[PodSet, ...]:
    """The sets of a flow across pods, that of its own pod first."""
    kinds: dict[str, Pod] = {}
    for unit in units_of(graph):
        kinds.setdefault(unit.graph.pod.name.text, unit.graph.pod)
    own = graph.pod.name.text
    return tuple(_set(graph, kinds[name]) for name in sorted(kinds, key=lambda name: (name != own, name)))


def _set(graph: Graph, pod: Pod) -> PodSet:
    units = tuple(unit for unit in units_of(graph) if unit.graph.pod.name == pod.name)
    found = allot_together([unit.graph for unit in units])
    count = len(found[0].slots)
    charged = [Liveness(unit.graph).charged(one.homes, count) for unit, one in zip(units, found, strict=True)]
    return PodSet(
        pod,
        max(_together(graph, around) for node, around in walk(graph.nodes) if _is_of(node, pod)),
        units,
        {unit.name: one for unit, one in zip(units, found, strict=True)},
        tuple(max(bytes_) for bytes_ in zip(*charged, strict=True)),
        {unit.name: one for unit, one in zip(units, seatings([unit.graph for unit in units]), strict=True)},
    )


def _is_of(node: object, pod: Pod) -> bool:
    return isinstance(node, Crossing) and node.unit is not None and node.unit.graph.pod.name == pod.name


def _together(graph: Graph, around: tuple[Loop, ...]) -> int:
    """How many of a unit can be under way at once: as many as the loops around it have elements."""
    count = 1
    for loop in around:
        count = min(graph.pods, count * loop.width)
    return count
