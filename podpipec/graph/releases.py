"""Kept copies that go again: `keep x in node until y`.

A copy goes when `y` is there and is kept where the flow keeps it, and so is all that comes before `y`: what a resume
can begin with instead must be whole before anything is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.graph.branches import NONE, branches_of
from podpipec.graph.consuming import owned
from podpipec.graph.nodes import Graph, Keep, Loop, Node
from podpipec.graph.order import ancestors, predecessors
from podpipec.graph.places import copies_of
from podpipec.graph.readers import Readers
from podpipec.graph.traversal import deep_needs, needs, walk
from podpipec.types.declarations import Fault, Place
from podpipec.types.origin import FromInput, FromShards, Origin, step_of
from podpipec_runtime.tuples import NamedTuple

#: The places that a fault takes along.
LOST: Mapping[Fault, tuple[Place, ...]] = {"container": (), "pod": ("ram",), "node": ("ram", "node")}


class Early(NamedTuple):
    """A copy that goes although, after a fault, a result would be made of its value again."""

    keep: Keep
    until: Node
    result: str


class Releases:
    """When each copy that goes may go."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._nodes = {node.id: node for node, _ in walk(graph.nodes)}
        self._around: dict[str, tuple[Loop, ...]] = {node.id: around for node, around in walk(graph.nodes)}
        self._branches = branches_of(graph.nodes)
        self._known: dict[str, tuple[str, ...]] = {}
        self._readers = Readers(graph)

    def anchors(self, keep: Keep) -> tuple[str, ...]:
        """The steps of one body that are over when a copy goes; none for one that stays, or waits for a broken one."""
        step = step_of(keep.until) if keep.until is not None else None
        if step is None or step not in self._around:
            return ()
        if step not in self._known:
            body = self._body(step)
            done = self._before(body, (step,))
            keeps = (node.id for node in body if isinstance(node, Keep) and step_of(node.value) in done)
            branch = self._branches.get(step, NONE)
            self._known[step] = (step, *(one for one in keeps if self._branches.get(one, NONE) <= branch))
        return tuple(one for one in self._known[step] if one != keep.id)

    def _body(self, step: str) -> Sequence[Node]:
        around = self._around[step]
        return around[-1].body if around else self._graph.nodes

    def _before(self, body: Sequence[Node], steps: Sequence[str]) -> set[str]:
        """These steps of a body, and all that surely are over when they are."""
        masks = ancestors(predecessors(body))
        index = {node.id: position for position, node in enumerate(body)}
        mask = 0
        for step in steps:
            mask |= masks[index[step]] | 1 << index[step]
        return {node.id for position, node in enumerate(body) if mask >> position & 1}

    def too_early(self, fault: Fault) -> Iterator[Early]:
        """The copies that go while a result, after a fault of that level, may still have to be made of them."""
        for node, _ in walk(self._graph.nodes):
            if isinstance(node, Keep) and node.place not in LOST[fault] and self.anchors(node):
                result = self._needing(node, fault)
                if result is not None:
                    yield Early(node, self._nodes[self.anchors(node)[0]], result)

    def _needing(self, keep: Keep, fault: Fault) -> str | None:
        """A result that would be made of a value again when its copy is gone."""
        anchors = self.anchors(keep)
        done = self._before(self._body(anchors[0]), anchors)

        def is_there(other: Keep) -> bool:
            over = other.id in done or any(one.id in done for one in self._around[other.id])
            goes_later = other.until is None or self._goes_later(other, keep)
            return over and other.id != keep.id and other.place not in LOST[fault] and goes_later

        safe = set(copies_of(self._graph, is_there))
        for name, (origin, _) in self._graph.results.items():
            if self._reaches(origin, keep.value, safe, done, LOST[fault]):
                return name
        return None

    def _goes_later(self, other: Keep, keep: Keep) -> bool:
        """Whether one copy surely is there when another goes: what takes it away comes after all that takes the other.

        Two copies of which nobody knows which goes first do not stand in for each other.
        """
        return not self.anchors(other) or (self._covers(other, keep) and not self._covers(keep, other))

    def _covers(self, one: Keep, other: Keep) -> bool:
        """Whether all is over that takes the other copy away when that is which takes this one."""
        anchors = self.anchors(one)
        done = {one.id, *self._before(self._body(anchors[0]), anchors)}
        wanted = ((name, *(loop.id for loop in self._around[name])) for name in self.anchors(other))
        return all(done.intersection(names) for names in wanted)

    def _reaches(
        self, result: Origin, value: Origin, safe: set[Origin], done: set[str], lost: tuple[Place, ...]
    ) -> bool:
        """Whether a value is among what a result is made of, up to what is safe, or lies where it stays.

        Where a value was written it goes when all have read it. So what is made of it must not be lost behind it.
        """
        consumed = owned(self._graph)
        waiting, seen = [(result, False)], set[tuple[Origin, bool]]()
        while waiting:
            origin, behind = waiting.pop()
            if (origin, behind) in seen or origin in safe or isinstance(origin, FromInput | FromShards):
                continue
            seen.add((origin, behind))
            datum = self._graph.data.get(origin)
            behind = behind and not (datum is not None and self._readers.is_result_only_here(datum))  # it stays
            gone = behind or origin in consumed or (datum is not None and datum.place in lost)
            if origin == value:
                if gone:
                    return True
                continue
            if not gone and datum is not None and step_of(origin) in done:
                continue
            maker = self._nodes.get(step_of(origin) or "")
            if maker is not None:
                read = needs(maker) if isinstance(maker, Loop) else deep_needs(maker)
                waiting += ((one, gone) for one in read)
        return False
