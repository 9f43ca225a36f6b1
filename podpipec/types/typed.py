"""Typed declarations: what a program says, with names resolved and settings computed.

Tuples of one shape are equal whatever they are called; `kind` tells those apart that are compared.

Sizes are in bytes, durations in seconds, processors in thousandths of a core. What a diagnostic may have to point
at keeps its span.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.handed import ORDERS as ORDERS
from podpipec.types.handed import FromCarry as FromCarry
from podpipec.types.handed import FromChildren as FromChildren
from podpipec.types.handed import FromNeeds as FromNeeds
from podpipec.types.handed import FromParent as FromParent
from podpipec.types.handed import Order as Order
from podpipec.types.time import Clock
from podpipec_runtime.tuples import NamedTuple

Place = Literal["ram", "node", "volume", "remote"]

#: Each place outlives the one before.
PLACES: tuple[Place, ...] = ("ram", "node", "volume", "remote")


#: What can be lost: the work of a container, all that is a pod's, all that is a node's.
Fault = Literal["container", "pod", "node"]

FAULTS: tuple[Fault, ...] = ("container", "pod", "node")


class Window(NamedTuple):
    """A hole that the start of the window fills."""

    format: str
    kind: Literal["window"] = "window"


class Shard(NamedTuple):
    """A hole that the name of the shard fills."""

    kind: Literal["shard"] = "shard"


class Item(NamedTuple):
    """A hole that the element of an `each` fills: by the name that the program gives the element. One of a list of
    windows may be written by a format."""

    name: str
    format: str = ""
    kind: Literal["item"] = "item"


class Given(NamedTuple):
    """A hole that a scalar fills: what a stage gave, or what the flow was given."""

    origin: Origin
    kind: Literal["given"] = "given"


#: A text that is whole once the flow, the element, and what stages gave, are known.
Template = tuple[str | Window | Shard | Item | Given, ...]


class Snapshot(NamedTuple):
    """An immutable, time-sliced source of data."""

    name: tree.Name
    content: Content
    source: Template
    clock: Clock | None
    shards: tuple[str, ...]
    size: int | None  # of one window, of one shard if it has shards
    settings: Mapping[str, Span]


class Pod(NamedTuple):
    """What a unit of work gets. A place that it does not have is absent from `places`."""

    name: tree.Name
    slots: int
    cpu: int
    exclusive: bool
    memory: int
    places: Mapping[Place, int]
    storage_class: str | None
    settings: Mapping[str, Span]

    @property
    def scratch(self) -> Place:
        """Where stages write unless the program says otherwise."""
        return next(place for place in PLACES if place in self.places)

    @property
    def inlet(self) -> Place:
        """Where the slice of a snapshot lies unless the program says otherwise."""
        return next(place for place in ("node", "ram", "volume") if place in self.places)


class Service(NamedTuple):
    """What is outside, changes as it likes, and may be called by stages."""

    name: tree.Name
    url: str
    settings: Mapping[str, Span]


class Secret(NamedTuple):
    """What the stages that ask for it are told, each time that they run, and nobody else."""

    name: tree.Name

    @property
    def variable(self) -> str:
        """The environment variable that it comes as."""
        return self.name.text.upper()


#: What a stage or flow does with what it is given: reads it (no word), owns it from then on, has it alone.
Mode = Literal["", "consume", "guard"]


class Port(NamedTuple):
    """A named, typed input or output, and the place that it must lie on."""

    name: str
    content: Content
    place: Place | None
    span: Span
    mode: Mode = ""


class Input(NamedTuple):
    """A hole in a command that an input's path or text fills."""

    name: str
    kind: Literal["input"] = "input"


class Output(NamedTuple):
    """A hole in a command that an output's path fills."""

    name: str
    kind: Literal["output"] = "output"


class Code(NamedTuple):
    """A hole in a command that the path of the stage's code file fills."""

    kind: Literal["code"] = "code"


Part = str | Input | Output | Code


class Command(NamedTuple):
    """What a stage runs: words for `run`, one script for `sh`. Not `whole` if it names what nobody knows."""

    shell: bool
    words: tuple[tuple[Part, ...], ...]
    span: Span
    whole: bool = True


class Stage(NamedTuple):
    """One container's work. `sizes` holds the bound of an output as written, where it is written.

    What a stage that `calls` a service gives is not a function of its inputs. It is `idempotent` if a second call for
    the same inputs leaves the service as the first one did.
    """

    name: tree.Name
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    command: Command
    image: str | None
    code: tuple[str, str] | None  # name and text of the file
    cpu: int
    memory: int
    sizes: Mapping[str, tree.Expression]
    retry: int
    timeout: int | None
    settings: Mapping[str, Span]
    calls: tuple[Service, ...] = ()
    secrets: tuple[Secret, ...] = ()
    idempotent: bool = False

    @property
    def files(self) -> tuple[Port, ...]:
        """The outputs that lie on a place."""
        return tuple(port for port in self.outputs if not port.content.scalar and not port.content.stream)

    @property
    def pipes(self) -> tuple[Port, ...]:
        """The outputs that are streams."""
        return tuple(port for port in self.outputs if port.content.stream)

    @property
    def captured(self) -> tuple[Port, ...]:
        """The outputs that are scalars: their text is the value."""
        return tuple(port for port in self.outputs if port.content.scalar)


class Helper(NamedTuple):
    """A container beside the slots, for as long as a `with`. `port` is where it listens."""

    name: tree.Name
    inputs: tuple[Port, ...]
    command: Command
    image: str | None
    code: tuple[str, str] | None  # name and text of the file
    cpu: int
    memory: int
    port: int
    settings: Mapping[str, Span]
    calls: tuple[Service, ...] = ()
    secrets: tuple[Secret, ...] = ()


# --- values of a flow ------------------------------------------------------------------------


class FromInput(NamedTuple):
    """What the flow was given for a parameter: its slice of the window that the run is for, or of the one `offset`
    windows away."""

    name: str
    offset: int = 0
    kind: Literal["input"] = "input"


class FromShards(NamedTuple):
    """All shards of a parameter's snapshot in one window, as a list."""

    name: str
    offset: int = 0
    kind: Literal["shards"] = "shards"


class FromWindows(NamedTuple):
    """Several windows of a parameter's snapshot, as a list, the oldest first: those between two offsets, both included,
    or all that start in the run's period where these are nothing."""

    name: str
    reach: tuple[int, int] | None
    kind: Literal["windows"] = "windows"


#: What a flow is given of a snapshot.
Slice = FromInput | FromShards | FromWindows


def reading(origin: Slice) -> str:
    """How a flow writes which windows it reads: `t`, `t[-1]`, `t[-3..0]`, `t.windows`."""
    match origin:
        case FromInput(name=name, offset=offset) | FromShards(name=name, offset=offset):
            return f"{name}[{offset}]" if offset else name
        case FromWindows(name=name, reach=reach):
            return f"{name}[{reach[0]}..{reach[1]}]" if reach else f"{name}.windows"


class FromStep(NamedTuple):
    """An output of a step, or, with an empty output, the step's one value."""

    step: str
    output: str
    kind: Literal["step"] = "step"


class FromItem(NamedTuple):
    """The element of the `each` whose step this is."""

    each: str
    kind: Literal["item"] = "item"


class FromConstant(NamedTuple):
    """A scalar, or a list of scalars, as commands show them."""

    value: str | tuple[str, ...]
    kind: Literal["constant"] = "constant"


class FromText(NamedTuple):
    """A text with holes. An item's name is the step of its `each`."""

    template: Template
    kind: Literal["text"] = "text"


class FromHelper(NamedTuple):
    """The helper that runs as long as the `with` of that step."""

    step: str
    kind: Literal["helper"] = "helper"


Origin = (
    Slice
    | FromStep
    | FromItem
    | FromParent
    | FromChildren
    | FromCarry
    | FromNeeds
    | FromConstant
    | FromText
    | FromHelper
)


def inside(origin: Origin) -> Iterator[Origin]:
    """The scalars that a text is made of."""
    waiting = [origin]
    while waiting:
        text = waiting.pop()
        if isinstance(text, FromText):
            found = [part.origin for part in text.template if isinstance(part, Given)]
            yield from found
            waiting += found


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


class Value(NamedTuple):
    """Something that a name in a flow stands for, where it is used.

    `snapshot` is set for a slice as it came, which a flow that asks for that snapshot may be given.
    `fields` is set for a call with several outputs, which is no value itself. `mode` is the word in front of an
    argument.
    """

    origin: Origin | None  # nothing for what is broken or has no value
    content: Content
    span: Span
    snapshot: tree.Name | None = None
    fields: Mapping[str, Value] | None = None
    step: str = ""  # what `after` it means
    mode: str = ""


class CallStep(NamedTuple):
    """A use of a stage."""

    id: str
    stage: Stage
    args: Mapping[str, Value]
    place: Place | None
    after: tuple[str, ...]
    span: Span


#: What a flow is given to call: a stage, a flow, or what it was given itself, by that parameter's name.
Target = Stage | tree.Flow | str


class FlowStep(NamedTuple):
    """A use of a flow."""

    id: str
    flow: tree.Flow
    args: Mapping[str, Value]
    callables: Mapping[str, Target]
    after: tuple[str, ...]
    span: Span


class GivenStep(NamedTuple):
    """A use of a stage or flow that the flow was given: by the parameter's name, its arguments in order."""

    id: str
    parameter: str
    args: tuple[Value, ...]
    place: Place | None
    after: tuple[str, ...]
    span: Span


class FallbackStep(NamedTuple):
    """Calls of which each is for when the one before it failed for good. All have the step's id."""

    id: str
    calls: tuple[CallStep | GivenStep, ...]
    after: tuple[str, ...]
    span: Span


class Count(NamedTuple):
    """A number in the head of a loop, behind that word: what it is, or the scalar that the flow is given for it."""

    word: str
    least: int
    given: Value | None
    known: int | None


class Groups(NamedTuple):
    """A loop over groups of neighbours: of so many, each so far behind the one before (nothing: right behind it)."""

    size: Count
    step: Count | None
    span: Span


class EachStep(NamedTuple):
    """A loop: a fan out over the elements of a list, or over groups of them; or, with `by`, a fan in by groups.

    `result` is what the body's last line gives, if it gives anything.
    """

    id: str
    over: Value
    body: tuple[Step, ...]
    result: Value | None
    after: tuple[str, ...]
    span: Span
    groups: Groups | None = None
    by: Count | None = None


class Side(NamedTuple):
    """A scalar in a condition, and its kind."""

    origin: Origin
    kind: str
    span: Span


class Compare(NamedTuple):
    """`left < right`, or another of the six words."""

    word: str
    left: Side
    right: Side
    kind: Literal["compare"] = "compare"


class Truth(NamedTuple):
    """A Bool by itself."""

    side: Side
    kind: Literal["truth"] = "truth"


class Not(NamedTuple):
    """`not of`."""

    of: Condition
    kind: Literal["not"] = "not"


class All(NamedTuple):
    """All parts hold."""

    of: tuple[Condition, ...]
    kind: Literal["all"] = "all"


class Any(NamedTuple):
    """One of the parts holds."""

    of: tuple[Condition, ...]
    kind: Literal["any"] = "any"


Condition = Compare | Truth | Not | All | Any


class IfStep(NamedTuple):
    """A choice. `results` are what the branches give, and `content` what both of them are, if it gives a value."""

    id: str
    condition: Condition
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]
    results: tuple[Value, Value] | None
    content: Content
    after: tuple[str, ...]
    span: Span


class WithStep(NamedTuple):
    """A helper and the steps that run as long as it does. `result` is what the body's last line gives, if anything."""

    id: str
    helper: Helper
    args: Mapping[str, Value]
    body: tuple[Step, ...]
    result: Value | None
    after: tuple[str, ...]
    span: Span


class Down(NamedTuple):
    """What goes from a node to its children under a name, and what the root is given in place of a parent's."""

    name: str
    start: Value
    value: Value


class Up(NamedTuple):
    """What goes from a node to its parent under a name."""

    name: str
    value: Value


class WalkStep(NamedTuple):
    """A way through a tree. `width` nodes are under way at once, as many as the pod has slots where it is not said;
    no node is deeper than `depth`, the root's being 1, where that is said."""

    id: str
    over: Value
    order: Order
    width: int | None
    depth: int | None
    body: tuple[Step, ...]
    downs: tuple[Down, ...]
    ups: tuple[Up, ...]
    after: tuple[str, ...]
    span: Span


class Carry(NamedTuple):
    """What each element of a cycle hands to the next under a name; `start` is what the first is given."""

    name: str
    start: Value
    value: Value


class CycleStep(NamedTuple):
    """A loop whose elements look back: at most `depth` of them are under way at once, in order."""

    id: str
    over: Value
    depth: Count | None
    body: tuple[Step, ...]
    carries: tuple[Carry, ...]
    after: tuple[str, ...]
    span: Span


class OrderedStep(NamedTuple):
    """A way through a graph, each node after those that it depends on. `result` is what the body's last line gives, if
    it gives anything; `width` nodes are under way at once, as many as the pod has slots where it is not said."""

    id: str
    over: Value
    width: int | None
    body: tuple[Step, ...]
    result: Value | None
    after: tuple[str, ...]
    span: Span


class ExecuteStep(NamedTuple):
    """A run of a flow that a stage wrote: what it is given, by names or numbers, and what it must give."""

    id: str
    recipe: Value
    args: Mapping[str, Value]
    content: Content
    place: Place | None
    after: tuple[str, ...]
    span: Span


class KeepStep(NamedTuple):
    """A checkpoint."""

    id: str
    value: Value
    place: Place
    path: Template
    span: Span
    until: Value | None = None


class MoveStep(NamedTuple):
    """A copy on another place, a value of its own."""

    id: str
    value: Value
    place: Place
    after: tuple[str, ...]
    span: Span


class PinStep(NamedTuple):
    """A recorded copy, a value of its own, and from then on part of the snapshot."""

    id: str
    value: Value
    place: Place
    after: tuple[str, ...]
    span: Span


Step = (
    CallStep
    | FallbackStep
    | FlowStep
    | GivenStep
    | EachStep
    | WalkStep
    | CycleStep
    | OrderedStep
    | IfStep
    | WithStep
    | KeepStep
    | MoveStep
    | PinStep
    | ExecuteStep
)

#: Steps whose body runs many times.
BlockStep = EachStep | WalkStep | OrderedStep | CycleStep


class Claim(NamedTuple):
    """`name in place = other`: that a value lies on a place, without a word that brings it there."""

    value: Value
    place: Place
    name: str
    span: Span


class Said(NamedTuple):
    """What is said of a value's origin, stability and sharing, by the name that is said it of."""

    value: Value
    name: str
    traits: tree.Traits


#: What is done with a value: an `each` goes over it, or gives it as an element; a `with`, a branch or a flow gives it;
#: it is carried on, down or up.
How = Literal["keep", "move", "pin", "each", "element", "with", "branch", "carried", "result", "after"]


class Misuse(NamedTuple):
    """A helper, or a stream, where only a file or folder can be: which value, and how it is misused."""

    value: Value
    how: How
    span: Span


class Callable(NamedTuple):
    """The type of a stage or flow that a flow is given: what it takes in order, and the one thing that it gives."""

    inputs: tuple[Content, ...]
    output: Content

    def __str__(self) -> str:
        return f"stage({', '.join(map(str, self.inputs))}) -> {self.output}"


class Parameter(NamedTuple):
    """What a flow is given: a slice of a snapshot, a value, a scalar, or a stage to call."""

    name: str
    content: Content
    snapshot: Snapshot | None
    place: Place | None
    span: Span
    callable: Callable | None = None
    mode: Mode = ""


class Flow(NamedTuple):
    """A flow whose names are resolved. Steps stand in an order in which each comes after what it needs."""

    declared: tree.Flow
    variables: frozenset[str]
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    results: Mapping[str, Value]
    pod: Pod | None
    survives: Fault | None
    claims: tuple[Claim, ...]
    said: tuple[Said, ...] = ()
    period: Clock | None = None  # as its heading says
    misused: tuple[Misuse, ...] = ()
