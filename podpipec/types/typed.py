"""A typed flow: its steps and values, with names resolved and settings computed.

What a diagnostic may have to point at keeps its span.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.declarations import Fault, Helper, Mode, Place, Pod, Snapshot, Stage
from podpipec.types.origin import Origin, Template
from podpipec.types.time import Clock
from podpipec.types.truth import Condition
from podpipec_runtime.tuples import NamedTuple


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


#: In which order a `walk` comes to the nodes.
Order = Literal["depth_first", "breadth_first"]

ORDERS: tuple[Order, ...] = ("depth_first", "breadth_first")


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
