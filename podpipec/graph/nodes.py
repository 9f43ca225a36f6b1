"""The kinds of nodes of the graph, and the graph itself. `traversal` goes through them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from podpipec.graph.groups import Grouping
from podpipec.graph.values import Asked, Captured, Claim, Datum, Entry, Handed, Pipe, Said
from podpipec.source import Span
from podpipec.types.content import Content
from podpipec.types.declarations import Helper, Place, Pod, Stage
from podpipec.types.origin import Origin, Template
from podpipec.types.time import Clock
from podpipec.types.truth import Condition, sides
from podpipec.types.typed import Flow, Order
from podpipec_runtime.tuples import NamedTuple


class Attempt(NamedTuple):
    """What is called when a stage has failed for good. It gives the same, by the order of its outputs."""

    stage: Stage
    args: Mapping[str, Origin]
    spans: Mapping[str, Span]
    span: Span


class Call(NamedTuple):
    """A use of a stage. `outputs` are the files among what it gives, bounded by whichever of its calls gives most."""

    id: str
    stage: Stage
    args: Mapping[str, Origin]
    spans: Mapping[str, Span]
    outputs: tuple[Datum, ...]
    after: tuple[str, ...]
    span: Span
    guards: tuple[Origin, ...] = ()  # helpers that no other call may speak to meanwhile
    pipes: tuple[Pipe, ...] = ()  # its outputs that are streams
    otherwise: tuple[Attempt, ...] = ()

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """All that may be called, the first first."""
        return Attempt(self.stage, self.args, self.spans, self.span), *self.otherwise

    @property
    def sized(self) -> Stage:
        """The stage with the cores and the memory that any of its calls needs."""
        if not self.otherwise:
            return self.stage
        stages = [attempt.stage for attempt in self.attempts]
        return self.stage._replace(cpu=max(one.cpu for one in stages), memory=max(one.memory for one in stages))

    @property
    def given(self) -> Mapping[str, Origin]:
        """What any of its calls is given; what is not for the first has the number of the call before its name."""
        if not self.otherwise:
            return self.args
        others = enumerate(self.otherwise, 2)
        return {**self.args, **{f"{at} {name}": one for at, call in others for name, one in call.args.items()}}


class Each(NamedTuple):
    """A loop. `length` is how many elements, or groups of such, it has; nothing where only the data knows.

    With `by` it is a `fold`: what its groups come to is grouped again, and the last of that is its value.
    """

    id: str
    over: Origin
    body: tuple[Node, ...]
    result: Origin
    output: Datum | None
    length: int | None
    width: int
    after: tuple[str, ...]
    span: Span
    groups: Grouping | None = None
    by: int = 0

    @property
    def word(self) -> str:
        """What the program calls it."""
        return "fold" if self.by else "each"

    @property
    def single(self) -> bool:
        """Whether what the body sees is one element of the list, and no other of its elements sees that."""
        return self.groups is None and not self.by

    @property
    def shares(self) -> bool:
        """Whether several elements may see one and the same value of the list."""
        return self.by > 0 or (self.groups is not None and self.groups.overlaps)

    @property
    def values(self) -> tuple[Datum, ...]:
        """The values of its own, which are no lists of what its elements gave."""
        return (self.output,) if self.by and self.output is not None else ()


class If(NamedTuple):
    """Where the branches of a choice come together. The nodes of both stand before it in the same body: `then` and
    `otherwise` name them, bodies inside them left out. Its value is one of `results`, and takes no room of its own."""

    id: str
    condition: Condition
    then: tuple[str, ...]
    otherwise: tuple[str, ...]
    results: tuple[Origin, Origin] | None
    output: Datum | None
    after: tuple[str, ...]
    span: Span
    ends: tuple[Span, Span] | None  # where the results are given

    @property
    def args(self) -> Mapping[str, Origin]:
        """What its value is derived from: both results, and what decides between them."""
        looked_at = {f"condition {number}": side.origin for number, side in enumerate(sides(self.condition), 1)}
        return looked_at | dict(zip(("then", "else"), self.results or (), strict=False))

    @property
    def spans(self) -> Mapping[str, Span]:
        """Where the program names each of these."""
        looked_at = {f"condition {number}": side.span for number, side in enumerate(sides(self.condition), 1)}
        return looked_at | dict(zip(("then", "else"), self.ends or (), strict=False))


class Down(NamedTuple):
    """What goes from a node of a tree to its children, and what the root is given: values of the body, and outside."""

    name: str
    start: Origin
    value: Origin


class Up(NamedTuple):
    """What goes from a node of a tree to its parent: a value of the body, and what the root's is outside."""

    name: str
    value: Origin
    output: Datum | None


class Walk(NamedTuple):
    """A way through a tree: the body once for each node. A node's steps that need nothing of its children come first,
    then its children, then the rest. `width` nodes are at their steps at once; none is deeper than `depth`, if known.
    """

    id: str
    over: Origin
    order: Order
    width: int
    depth: int | None
    body: tuple[Node, ...]
    downs: tuple[Down, ...]
    ups: tuple[Up, ...]
    after: tuple[str, ...]
    span: Span

    @property
    def word(self) -> str:
        """What the program calls it."""
        return "walk"

    @property
    def length(self) -> None:
        """How many nodes there are only the data knows."""
        return None

    @property
    def single(self) -> bool:
        """What it goes over comes one by one."""
        return True


class Ordered(NamedTuple):
    """A way through a graph: the body once for each node, after those that it depends on. Its value is a list."""

    id: str
    over: Origin
    body: tuple[Node, ...]
    result: Origin
    output: Datum | None
    width: int
    after: tuple[str, ...]
    span: Span

    groups: None = None  # as of an `each` that goes one by one
    by: int = 0
    values: tuple[Datum, ...] = ()

    @property
    def word(self) -> str:
        """What the program calls it."""
        return "run"

    @property
    def length(self) -> None:
        """How many nodes there are only the data knows."""
        return None

    @property
    def single(self) -> bool:
        """What it goes over comes one by one."""
        return True


class Carry(NamedTuple):
    """What an element of a cycle hands to the next: a value of its body. `start` is for the first; `output` is what
    the last hands on, outside; nothing for a scalar."""

    name: str
    start: Origin
    value: Origin
    output: Datum | None


class Cycle(NamedTuple):
    """A loop whose elements look back. They begin in order, at most `width` of them are under way; a step that reads
    what the element before handed on waits for that."""

    id: str
    over: Origin
    body: tuple[Node, ...]
    carries: tuple[Carry, ...]
    length: int | None
    width: int
    after: tuple[str, ...]
    span: Span

    @property
    def single(self) -> bool:
        """What it goes over comes one by one."""
        return True

    @property
    def word(self) -> str:
        """What the program calls it."""
        return "cycle"

    @property
    def values(self) -> tuple[Datum, ...]:
        """What it comes to."""
        return tuple(carry.output for carry in self.carries if carry.output is not None)


class Execute(NamedTuple):
    """A run of a flow that was written at run time: of `args` the one without a name is the flow."""

    id: str
    args: Mapping[str, Origin]
    spans: Mapping[str, Span]
    output: Datum
    after: tuple[str, ...]
    span: Span


class Keep(NamedTuple):
    """A checkpoint, for good or `until` another value is there."""

    id: str
    value: Origin
    place: Place
    path: Template
    span: Span
    after: tuple[str, ...] = ()
    until: Origin | None = None


class Move(NamedTuple):
    """A copy on another place."""

    id: str
    value: Origin
    output: Datum
    after: tuple[str, ...]
    span: Span


class Pin(NamedTuple):
    """A recorded copy on another place, which is stable."""

    id: str
    value: Origin
    output: Datum
    after: tuple[str, ...]
    span: Span


class Unit(NamedTuple):
    """What a pod does for one call in a flow across pods. No other unit of that flow has its name."""

    name: str
    graph: Graph


class Crossing(NamedTuple):
    """A call of a flow on another pod: what it is given leaves this pod, what it gives comes to it.

    In a flow across pods every call is one, and has a unit.
    """

    id: str
    flow: Flow
    args: Mapping[str, Origin]
    spans: Mapping[str, Span]
    results: tuple[Datum, ...]
    after: tuple[str, ...]
    span: Span
    unit: Unit | None = None


class Open(NamedTuple):
    """A helper starts: what stands in its `with` comes after it."""

    id: str
    helper: Helper
    args: Mapping[str, Origin]
    spans: Mapping[str, Span]
    after: tuple[str, ...]
    span: Span


class Close(NamedTuple):
    """A helper ends, after all that stands in its `with`. `holds` are the values from outside that are read there: they
    are there until now, for a helper that is lost has lost what it knew, and all that speaks to it runs again."""

    id: str
    opened: str
    holds: tuple[Origin, ...]
    after: tuple[str, ...]
    span: Span


Node = Call | Each | Walk | Ordered | Cycle | If | Keep | Move | Pin | Crossing | Open | Close | Execute

#: Nodes whose body runs many times.
Loop = Each | Walk | Ordered | Cycle

#: Loops whose value is the list of what their elements, or nodes, give.
Collecting = Each | Ordered


class Graph(NamedTuple):
    """One flow on its pod. `data` holds every value that lies on a place by its origin, `scalars` those that stages
    gave and that lie nowhere; a graph is not `whole` where steps are missing.

    That of a flow across pods has no calls of stages, only units, of which at most `pods` are under way at once. That
    of a unit is started with what is `handed` to it.
    """

    flow: Flow
    pod: Pod
    period: Clock | None  # what one run is for; nothing where no snapshot has windows
    entries: tuple[Entry, ...]
    nodes: tuple[Node, ...]
    results: Mapping[str, tuple[Origin, Span]]
    claims: tuple[Claim, ...]
    asked: tuple[Asked, ...]
    data: Mapping[Origin, Datum]
    sites: Mapping[Span, Span]  # for steps of flows that are called: where the program calls them
    whole: bool = True
    given: Mapping[str, Mapping[str, Origin]] = MappingProxyType({})  # what each call of a flow gives, by its step
    handed: tuple[Handed, ...] = ()
    texts: Mapping[str, Content] = MappingProxyType({})  # scalars that a unit is started with
    pods: int = 1
    scalars: Mapping[Origin, Captured] = MappingProxyType({})
    said: tuple[Said, ...] = ()

    @property
    def across(self) -> bool:
        """Whether its steps are units of work for pods of a set, and what they share lies where all can read it."""
        return self.flow.declared.across


def called(node: Call | Crossing | If) -> str:
    """The name of the stage or flow that is called, or of what a choice gives."""
    if isinstance(node, If):
        return node.id
    return node.stage.name.text if isinstance(node, Call) else node.flow.declared.name.text
