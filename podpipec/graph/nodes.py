"""Nodes of the graph and the values between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from podpipec.graph.groups import Grouping
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.sizes import Bound
from podpipec.types.time import Clock
from podpipec.types.truth import sides
from podpipec.types.typed import (
    Condition,
    Flow,
    FromCarry,
    FromChildren,
    FromConstant,
    FromHelper,
    FromInput,
    FromItem,
    FromNeeds,
    FromParent,
    FromShards,
    FromStep,
    FromText,
    FromWindows,
    Given,
    Helper,
    Item,
    Order,
    Origin,
    Place,
    Pod,
    Slice,
    Snapshot,
    Stage,
    Template,
)
from podpipec_runtime.tuples import NamedTuple


class Datum(NamedTuple):
    """What is known of a value that occupies a place.

    `bound` is that of one instance, of a list that a stage makes (`whole`) that of all elements together; `length` how
    many a list has, nothing where only the data knows. `span` is where the value comes from, for a message's other end.
    """

    origin: Origin
    name: str
    content: Content
    place: Place
    bound: Bound | None
    span: Span
    length: int | None = 1
    whole: bool = False


class Captured(NamedTuple):
    """A scalar that a stage gave, or a list of such, with how many it has; it lies nowhere, and is known for good."""

    name: str
    content: Content
    span: Span
    length: int | None = 1


class Pipe(NamedTuple):
    """What goes from a stage to another while both run. `bound` is of all that goes through it."""

    origin: Origin
    name: str
    content: Content
    bound: Bound | None
    span: Span


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


class Handed(NamedTuple):
    """A value that a unit is started with. `brought`: it lay in `remote`, and is copied to its place to begin with."""

    name: str
    datum: Datum
    brought: bool


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


class Claim(NamedTuple):
    """That a value is taken to lie on a place."""

    value: Origin
    place: Place
    what: str
    span: Span


class Said(NamedTuple):
    """What the program says of a value, by the name that it gives it."""

    value: Origin
    name: str
    traits: tree.Traits


class Asked(NamedTuple):
    """That something is to lie on a place, which the pod should have."""

    place: Place
    what: str
    span: Span


class Entry(NamedTuple):
    """A reading of a snapshot that the flow is started with: which slices, where they lie, where they are read first
    (nothing: nowhere). `name` is as a flow writes it, as in `t[-1]`; `span` is the parameter's."""

    name: str
    parameter: str
    snapshot: Snapshot
    origin: Slice
    place: Place
    span: Span
    read: Span | None


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

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of work of a flow across pods, each once, in the order of the program."""
        found = [(node.span, node.unit) for node, _ in walk(self.nodes) if isinstance(node, Crossing) and node.unit]
        return tuple({unit.name: unit for _, unit in sorted(found, key=lambda one: (one[0], one[1].name))}.values())


def called(node: Call | Crossing | If) -> str:
    """The name of the stage or flow that is called, or of what a choice gives."""
    if isinstance(node, If):
        return node.id
    return node.stage.name.text if isinstance(node, Call) else node.flow.declared.name.text


def needs(node: Node) -> Iterator[Origin]:
    """What a node itself reads; of a text also the scalars in it."""
    for origin in _needs(node):
        yield origin
        if isinstance(origin, FromText):
            yield from inside(origin)


def inside(origin: Origin) -> Iterator[Origin]:
    """The scalars that a text is made of."""
    waiting = [origin]
    while waiting:
        text = waiting.pop()
        if isinstance(text, FromText):
            found = [part.origin for part in text.template if isinstance(part, Given)]
            yield from found
            waiting += found


def _needs(node: Node) -> Iterator[Origin]:
    match node:
        case Call():
            yield from node.given.values()
        case Crossing(args=args) | Open(args=args) | Execute(args=args):
            yield from args.values()
        case Each(over=over, result=result) | Ordered(over=over, result=result):
            yield over
            yield result
        case If(condition=condition, results=results):
            yield from (side.origin for side in sides(condition))
            yield from results or ()
        case Walk(over=over, downs=downs, ups=ups):
            yield over
            for down in downs:
                yield from (down.start, down.value)
            yield from (up.value for up in ups)
        case Cycle(over=over, carries=carries):
            yield over
            for carry in carries:
                yield from (carry.start, carry.value)
        case Keep(value=value) | Move(value=value) | Pin(value=value):
            yield value
        case Close(holds=holds):
            yield from holds


def body_of(node: Node) -> tuple[Node, ...]:
    """The nodes inside of a node."""
    return node.body if isinstance(node, Loop) else ()


def is_fold(node: Node) -> bool:
    """Whether it makes one value of a list, by groups."""
    return isinstance(node, Each) and node.by > 0


def comes_to(node: Node) -> bool:
    """Whether it is a loop that makes values of its own, which are no lists of what its elements give."""
    return is_fold(node) or isinstance(node, Cycle)


def gives(loop: Loop) -> Iterator[tuple[Origin, Origin]]:
    """What a loop gives, to what is outside or to its own body, and the value of its body that it is, or is made of."""
    match loop:
        case Each():
            yield FromStep(loop.id, ""), loop.result
        case Ordered():
            yield FromStep(loop.id, ""), loop.result
            yield FromNeeds(loop.id), loop.result
        case Walk():
            for up in loop.ups:
                yield FromStep(loop.id, up.name), up.value
                yield FromChildren(loop.id, up.name), up.value
        case Cycle():
            for carry in loop.carries:
                yield FromStep(loop.id, carry.name), carry.value
                yield FromCarry(loop.id, carry.name), carry.value


def walk(nodes: Sequence[Node]) -> Iterator[tuple[Node, tuple[Loop, ...]]]:
    """Every node, bodies included, with the loops that it stands in, from the outermost."""
    waiting: list[tuple[Sequence[Node], tuple[Loop, ...]]] = [(nodes, ())]
    while waiting:
        here, around = waiting.pop()
        for node in here:
            yield node, around
            if not isinstance(node, Call) and isinstance(node, Loop):  # most are calls, and a union is slow to ask
                waiting.append((node.body, (*around, node)))


def deep_needs(node: Node) -> Iterator[Origin]:
    """What a node reads, its body included; what the body makes itself is among it."""
    yield from needs(node)
    if not isinstance(node, Call):
        for inner, _ in walk(body_of(node)):
            yield from needs(inner)


def step_of(origin: Origin) -> str | None:
    """The node that a value comes from."""
    match origin:
        case (
            FromStep(step=step)
            | FromHelper(step=step)
            | FromParent(step=step)
            | FromChildren(step=step)
            | FromNeeds(step=step)
        ):
            return step
        case FromCarry(step=step):
            return step
        case FromItem(each=each):
            return each
        case FromText(template=template):
            return next((part.name for part in template if isinstance(part, Item)), None)
        case FromInput() | FromShards() | FromWindows() | FromConstant():
            return None
