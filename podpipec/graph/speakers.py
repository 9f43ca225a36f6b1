"""Who speaks to a helper, and in which order: what a call is told depends on what others told the helper before.

A call that changes what a helper knows says `guard`; the others only ask. So what a helper tells is a function of its
inputs and of the guarded calls before, if there is one order for all of them. Calls of which none waits for the other,
and the elements of a fan out, may come in another order the next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.graph.nodes import Call, Graph, Loop, Node, Open
from podpipec.graph.order import ancestors, predecessors
from podpipec.types.origin import FromHelper
from podpipec_runtime.tuples import NamedTuple


class Speaker(NamedTuple):
    """A call that speaks to a helper; in each body around it, from the outermost, the number of the body and its node.

    `many`: it stands in a fan out, and so its elements speak in no order. `changes`: it guards the helper.
    """

    call: Call
    at: tuple[tuple[int, int], ...]
    many: bool
    changes: bool


def speakers(graph: Graph) -> Mapping[str, tuple[Call, ...]]:
    """For each `with` the calls that speak to its helper."""
    return {step: tuple(one.call for one in found) for step, found in Speakers(graph).all.items()}


class Speakers:
    """All calls of a graph that speak to helpers, by the `with` of the helper."""

    def __init__(self, graph: Graph) -> None:
        self._bodies: list[Sequence[Node]] = []
        self._masks: dict[int, list[int]] = {}
        self._depths: dict[str, int] = {}  # how many fan outs stand around a `with`
        self.all: dict[str, list[Speaker]] = {}
        self._in(graph.nodes, (), ())

    def _in(self, nodes: Sequence[Node], at: tuple[tuple[int, int], ...], loops: tuple[Loop, ...]) -> None:
        body = len(self._bodies)
        self._bodies.append(nodes)
        for index, node in enumerate(nodes):
            here = (*at, (body, index))
            if isinstance(node, Call):
                for origin in dict.fromkeys(node.given.values()):
                    if isinstance(origin, FromHelper):
                        many = any(loop.length != 1 for loop in loops[self._depths[origin.step] :])
                        self.all.setdefault(origin.step, []).append(Speaker(node, here, many, origin in node.guards))
            elif isinstance(node, Loop):
                self._in(node.body, here, (*loops, node))
            elif isinstance(node, Open):
                self._depths[node.id] = len(loops)

    def _before(self, one: Speaker, other: Speaker) -> bool:
        """Whether one is over when the other begins, whatever the schedule."""
        for (body, mine), (_, theirs) in zip(one.at, other.at, strict=False):
            if mine != theirs:
                if body not in self._masks:
                    self._masks[body] = ancestors(predecessors(self._bodies[body]))
                return bool(self._masks[body][theirs] >> mine & 1)
        return False

    def heard(self, call: Call) -> Iterator[tuple[str, tuple[Call, ...], Call | None]]:
        """For each helper that a call speaks to: its `with`; the calls that may have changed before what it knows; and
        one of them, or the call itself, that does so in no order, if there is one."""
        for step, found in self.all.items():
            for mine in found:
                if mine.call is call:
                    others = [one for one in found if one is not mine and one.changes and not self._before(mine, one)]
                    yield step, tuple(one.call for one in others), self._disorder(mine, others)

    def _disorder(self, mine: Speaker, others: Sequence[Speaker]) -> Call | None:
        if mine.changes and mine.many:
            return mine.call
        for index, one in enumerate(others):
            if one.many or not self._before(one, mine):
                return one.call
            for other in others[:index]:
                if not self._before(one, other) and not self._before(other, one):
                    return other.call
        return None
