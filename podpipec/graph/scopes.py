"""Scopes of helpers: what stands in which, and which may be open at once.

What a scope gives is there when it has closed: a helper that is lost takes all that was done with it along, and nobody
outside shall have read the half of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.graph.nodes import Close, Graph, If, Loop, Node, Open
from podpipec.graph.order import ancestors, predecessors
from podpipec.graph.traversal import deep_needs
from podpipec.types.origin import step_of
from podpipec_runtime.tuples import NamedTuple


class Span(NamedTuple):
    """Where a scope stands in one body: from which node to which."""

    body: int
    first: int
    last: int


class Scope(NamedTuple):
    """A helper while it runs; where it stands in the bodies around it, from the outermost; and how many at once."""

    opens: Open
    at: tuple[Span, ...]
    loops: tuple[Loop, ...]


def after_scopes(nodes: Sequence[Node]) -> list[Node]:
    """The nodes of a body, each after the end of the scopes whose values it reads from outside."""
    closes: dict[str, str] = {}  # by the steps of a scope, the end of the outermost that they stand in
    for node in nodes:
        if isinstance(node, Close):
            closes.update(dict.fromkeys(node.after, node.id))
    return [_after(node, closes) for node in nodes] if closes else list(nodes)


def _after(node: Node, closes: Mapping[str, str]) -> Node:
    if isinstance(node, Close):
        return node  # comes after what it opened, which waits
    mine = closes.get(node.id)
    steps = dict.fromkeys(step_of(origin) for origin in deep_needs(node))
    ends = [closes[step] for step in steps if step is not None and step in closes]
    inner = (*node.then, *node.otherwise) if isinstance(node, If) else ()  # a choice ends after what is in it anyway
    waits = [end for end in ends if end not in (mine, node.id, *inner)]
    return node._replace(after=tuple(dict.fromkeys((*node.after, *waits)))) if waits else node


class Scopes:
    """All scopes of a graph, in the order of the program."""

    def __init__(self, graph: Graph) -> None:
        self._masks: dict[int, list[int]] = {}
        self.all = tuple(self._in(graph.nodes, (), ()))

    def _in(self, nodes: Sequence[Node], at: tuple[Span, ...], loops: tuple[Loop, ...]) -> Iterator[Scope]:
        body = len(self._masks)
        self._masks[body] = []
        ends = {node.opened: index for index, node in enumerate(nodes) if isinstance(node, Close)}
        if ends:
            self._masks[body] = ancestors(predecessors(nodes))
        for index, node in enumerate(nodes):
            if isinstance(node, Open):
                yield Scope(node, (*at, Span(body, index, ends[node.id])), loops)
            elif isinstance(node, Loop):
                yield from self._in(node.body, (*at, Span(body, index, index)), (*loops, node))

    def overlap(self, one: Scope, other: Scope) -> bool:
        """Whether both may be open at once; a scope and itself may be, in two elements of a fan out."""
        for depth, (mine, theirs) in enumerate(zip(one.at, other.at, strict=False)):
            if mine != theirs:
                return not self._ordered(mine, theirs)
            if depth < len(one.loops) and one.loops[depth].width > 1:
                return True
        return False

    def _ordered(self, one: Span, other: Span) -> bool:
        """Whether one is over before the other begins; both stand in one body."""
        masks = self._masks[one.body]
        return bool(masks[other.first] >> one.last & 1 or masks[one.first] >> other.last & 1)
