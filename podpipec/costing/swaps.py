"""Which calls share a slot, in the order that the compiler laid down, and where it changes its image."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Call, Graph
from podpipec.graph.slots import Allotment, image_of
from podpipec.graph.traversal import walk
from podpipec_runtime.tuples import NamedTuple


class Turn(NamedTuple):
    """A call's turn in a slot. `before` is what the slot held, if it has to be swapped for `image`."""

    call: str
    image: str
    before: str | None

    @property
    def swaps(self) -> bool:
        """Whether the slot changes its image for it."""
        return self.before is not None


def turns(graph: Graph, allotment: Allotment) -> tuple[tuple[Turn, ...], ...]:
    """For each slot the turns of its calls.

    A call in a fan out may take a turn in each of its slots. A fan out of several images may swap for each element;
    like the plan's figure, this shows every change once.
    """
    found: list[list[Turn]] = [[] for _ in allotment.slots]
    for top in graph.nodes:
        for node, _ in walk([top]):
            if isinstance(node, Call):
                for slot in allotment.homes[node.id]:
                    found[slot].append(_turn(node, found[slot]))
    return tuple(tuple(slot) for slot in found)


def _turn(call: Call, so_far: list[Turn]) -> Turn:
    image = image_of(call.stage)
    held = so_far[-1].image if so_far else image
    return Turn(call.id, image, None if held == image else held)


def swapped(rows: tuple[tuple[Turn, ...], ...]) -> Mapping[str, tuple[int, ...]]:
    """For each call that needs a swap the slots that change their image for it."""
    found: dict[str, tuple[int, ...]] = {}
    for slot, row in enumerate(rows):
        for turn in row:
            if turn.swaps:
                found[turn.call] = (*found.get(turn.call, ()), slot)
    return found
