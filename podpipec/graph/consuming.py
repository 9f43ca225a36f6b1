"""What is consumed: a stage that works in place owns its input, which is then nobody else's.

To consume the elements of a list is to consume the list, and to consume a list is to consume what lies in it. Each
value that goes has one body in which it lives, and one node of that body by which it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.graph.branches import branches_of, opposite
from podpipec.graph.nodes import Call, Cycle, Each, Graph, If, Loop, Node, Walk
from podpipec.graph.order import ancestors, predecessors
from podpipec.graph.readers import Readers
from podpipec.graph.traversal import gives, needs, walk
from podpipec.source import Span
from podpipec.types.origin import FromCarry, FromChildren, FromItem, FromNeeds, FromParent, Origin, step_of
from podpipec_runtime.tuples import NamedTuple


class Consumption(NamedTuple):
    """An argument that a call consumes."""

    call: Call
    input: str

    @property
    def origin(self) -> Origin:
        """What is consumed."""
        return self.call.args[self.input]

    @property
    def span(self) -> Span:
        """Where that is said."""
        return self.call.spans[self.input]


class Gone(NamedTuple):
    """A value that is gone after a consumption: by `by`, the node in the body where the value lives.

    A value without `by` lives in a body that is over by then. `many` if it would go several times: for each element of
    an `each` that it comes to from outside once.
    """

    origin: Origin
    by: Node | None
    consumption: Consumption
    many: Loop | None = None


class Use(NamedTuple):
    """A use of a value that is consumed which nothing places before that: by a node, or as a result (of an `each`)."""

    gone: Gone
    span: Span
    node: Node | None  # nothing for a result
    again: bool = False  # consumed a second time


def consumed_inputs(call: Call) -> tuple[str, ...]:
    """The inputs that a call consumes."""
    return tuple(port.name for port in call.stage.inputs if port.mode == "consume")


def consumptions(graph: Graph) -> Iterator[Consumption]:
    """Every argument that is consumed, those in bodies included."""
    for node, _ in walk(graph.nodes):
        if isinstance(node, Call) and not node.otherwise:
            yield from (Consumption(node, name) for name in consumed_inputs(node))


class Consuming:
    """The values of a graph that are consumed, and what else is done with them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._readers = Readers(graph)
        self._homes: dict[str, tuple[Loop, ...]] = {node.id: around for node, around in walk(graph.nodes)}
        self._nodes: dict[str, Node] = {node.id: node for node, _ in walk(graph.nodes)}
        self._before: dict[int, list[int]] = {}
        self._branches = branches_of(graph.nodes)

    def gone(self) -> Iterator[Gone]:
        """Every value that is gone after some consumption."""
        for consumption in consumptions(self._graph):
            yield from self._of(consumption)

    def uses(self, gone: Gone) -> Iterator[Use]:
        """Every use of a value that may come after it is consumed, or while it is worked on."""
        if gone.by is not None:
            yield from self._siblings(gone, gone.by)
            yield from self._itself(gone, gone.by)
            yield from self._results(gone)

    # --- what goes ---

    def _of(self, consumption: Consumption) -> Iterator[Gone]:
        """The value itself; the list that it is an element of, and on to the list that those are from; its members."""
        seen: set[Origin] = set()
        waiting: list[tuple[Origin, Loop | None]] = [(consumption.origin, None)]
        while waiting:
            origin, many = waiting.pop()
            if origin in seen:
                continue
            seen.add(origin)
            by = self._by(origin, consumption)
            if isinstance(by, Loop) and not self.holds(by.over, origin):
                many = by
            loop = self._nodes.get(step_of(origin) or "")
            if isinstance(origin, FromParent | FromNeeds) and isinstance(loop, Loop):
                many = loop  # what comes from the parent comes to each of its children, and many may need one node
            if isinstance(origin, FromCarry) and isinstance(loop, Cycle):
                many = loop  # others may still see it in the element that handed it on
            yield Gone(origin, by, consumption, many)
            if isinstance(origin, FromCarry | FromNeeds):
                continue
            if isinstance(origin, FromItem):
                around = self._loop(origin.each)
                again = isinstance(around, Each) and around.shares
                waiting.append((around.over, around if again else None))
            elif isinstance(loop, If):
                waiting += [(one, None) for one in loop.results or ()]
            elif isinstance(loop, Loop):
                for given, value in gives(loop):
                    if given == origin:
                        inside = loop in self._around(value)
                        waiting.append((value, None if inside else loop))

    def _loop(self, step: str) -> Loop:
        node = self._nodes[step]
        assert isinstance(node, Loop)
        return node

    def _around(self, origin: Origin) -> tuple[Loop, ...]:
        """The loops around the body in which a value lives."""
        if isinstance(origin, FromItem | FromParent | FromChildren | FromCarry | FromNeeds):
            around = origin.each if isinstance(origin, FromItem) else origin.step
            return (*self._homes[around], self._loop(around))
        step = step_of(origin)
        return self._homes.get(step or "", ())  # what is broken has no node, and is told elsewhere

    def _by(self, origin: Origin, consumption: Consumption) -> Node | None:
        home = self._around(origin)
        way: tuple[Node, ...] = (*self._homes[consumption.call.id], consumption.call)
        return way[len(home)] if way[: len(home)] == home else None

    # --- what else is done with it ---

    def _siblings(self, gone: Gone, by: Node) -> Iterator[Use]:
        body = self.body(gone.origin)
        position = next(index for index, node in enumerate(body) if node.id == by.id)
        before = self._masks(body)[position]
        for index, node in enumerate(body):
            apart = opposite(self._branches, node.id, by.id)
            if index != position and not apart and gone.origin in self._readers.reads(node) and not before >> index & 1:
                yield self._use(gone, node)

    def body(self, origin: Origin) -> Sequence[Node]:
        """The body in which a value lives."""
        home = self._around(origin)
        return home[-1].body if home else self._graph.nodes

    def _masks(self, body: Sequence[Node]) -> list[int]:
        if id(body) not in self._before:
            self._before[id(body)] = ancestors(predecessors(body))
        return self._before[id(body)]

    def _use(self, gone: Gone, node: Node) -> Use:
        """By the innermost node that reads it, at the argument if it is one."""
        for inner, _ in walk([node]):
            if isinstance(inner, Call):
                for name, origin in inner.args.items():
                    if self.holds(origin, gone.origin):
                        return Use(gone, inner.spans[name], inner, name in consumed_inputs(inner))
            elif any(self.holds(origin, gone.origin) for origin in needs(inner)):
                return Use(gone, inner.span, inner)
        return Use(gone, node.span, node)

    def holds(self, read: Origin, origin: Origin) -> bool:
        """Whether who reads one value reads another: that is it, or lies in it."""
        return origin == read or origin in self._readers.inside(read)

    def _itself(self, gone: Gone, by: Node) -> Iterator[Use]:
        """Other reads by the very call, or inside of the `each` that consumes the elements."""
        if isinstance(by, Call):
            for name, origin in by.args.items():
                if name != gone.consumption.input and self.holds(origin, gone.origin):
                    yield Use(gone, by.spans[name], by, name in consumed_inputs(by))
        elif isinstance(by, Loop):
            for node in by.body:
                if gone.origin in self._readers.reads(node):
                    yield self._use(gone, node)

    def _results(self, gone: Gone) -> Iterator[Use]:
        home = self._around(gone.origin)
        if home and any(self.holds(value, gone.origin) for value in _handed_out(home[-1])):
            yield Use(gone, home[-1].span, None)
        for origin, span in self._graph.results.values():
            if not home and self.holds(origin, gone.origin):
                yield Use(gone, span, None)


def _handed_out(loop: Loop) -> Iterator[Origin]:
    """The values of a body that others are given when its element, or node, is over."""
    yield from (value for _, value in gives(loop))
    if isinstance(loop, Walk):
        yield from (down.value for down in loop.downs)


def owned(graph: Graph) -> Mapping[Origin, Consumption]:
    """The values that are handed over to one stage, and by which call."""
    return {gone.origin: gone.consumption for gone in Consuming(graph).gone()}
