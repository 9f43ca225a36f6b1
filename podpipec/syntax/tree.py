"""The syntax tree: what was written, as frozen values with spans. Nodes are inert; passes look at them."""

from __future__ import annotations

from podpipec.source import Span
from podpipec.syntax.node import Node


class Name(Node):
    """A name, where it is declared or used."""

    span: Span
    text: str


# --- expressions -----------------------------------------------------------------------------


class Number(Node):
    """A number with its unit, as written: `2`, `1_000`, `8GiB`, `10m`."""

    span: Span
    digits: str
    unit: str


class Hole(Node):
    """`{value}` or `{value:format}` in a string."""

    span: Span
    value: Expression
    format: str


class String(Node):
    """A string, escapes resolved: text and holes in turn. `raw` is what stands between the quotes, for `sh`."""

    span: Span
    parts: tuple[str | Hole, ...]
    raw: str
    long: bool


class Field(Node):
    """`base.name`."""

    span: Span
    base: Expression
    name: Name


class Index(Node):
    """`base[at]`: a window so many steps from the one that the flow is started for."""

    span: Span
    base: Expression
    at: Expression


class Range(Node):
    """`base[first..last]`: the windows from one to another, both included."""

    span: Span
    base: Expression
    first: Expression
    last: Expression


class Argument(Node):
    """`value`, or `name: value`; `mode` is the word before the value, `consume` or `guard`."""

    span: Span
    name: Name | None
    mode: Name | None
    value: Expression


class Call(Node):
    """`callee(arguments)`."""

    span: Span
    callee: Expression
    arguments: tuple[Argument, ...]


class ListOf(Node):
    """`[a, b]`."""

    span: Span
    items: tuple[Expression, ...]


class Negative(Node):
    """`-operand`."""

    span: Span
    operand: Expression


class Not(Node):
    """`not operand`."""

    span: Span
    operand: Expression


class Binary(Node):
    """`left operator right`, precedence resolved."""

    span: Span
    operator: str
    left: Expression
    right: Expression


Expression = Name | Number | String | Field | Index | Range | Call | ListOf | Negative | Not | Binary


# --- what a statement computes ---------------------------------------------------------------


class Each(Node):
    """`each item in over { body }`; the body's last line is the element's result.

    `by` makes groups of so many elements, `step` says how far a group begins behind the one before.
    """

    span: Span
    item: Name
    over: Expression
    by: Expression | None
    step: Expression | None
    body: tuple[Statement, ...]


class Fold(Node):
    """`fold item in over by number { body }`: groups of so many become one, until one is left."""

    span: Span
    item: Name
    over: Expression
    by: Expression
    body: tuple[Statement, ...]


class Cycle(Node):
    """`cycle item in over depth number { body }`: one after the other, as far as what is carried asks for it."""

    span: Span
    item: Name
    over: Expression
    depth: Expression | None
    body: tuple[Statement, ...]


class Walk(Node):
    """`walk item in over depth_first width number depth number { body }`: the nodes of a tree found at run time."""

    span: Span
    item: Name
    over: Expression
    order: Name
    width: Expression | None
    depth: Expression | None
    body: tuple[Statement, ...]


class Ordered(Node):
    """`run item in depends_on(over) width number { body }`: the nodes of a graph, each after those it depends on."""

    span: Span
    item: Name
    over: Expression
    width: Expression | None
    body: tuple[Statement, ...]


class If(Node):
    """`if condition { then } else { otherwise }`, or `else if …`; the last line of a branch is its value."""

    span: Span
    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] | If | None


class With(Node):
    """`with name = helper { body }`: a helper that runs as long as its body; the last line is the value."""

    span: Span
    name: Name
    helper: Expression
    body: tuple[Statement, ...]


class Execute(Node):
    """`run recipe(arguments)`: a flow that a stage wrote."""

    span: Span
    call: Expression


class Fallback(Node):
    """`first(…) else second(…)`: each call for when the one before it failed for good."""

    span: Span
    calls: tuple[Expression, ...]


class Move(Node):
    """`move value to place`."""

    span: Span
    value: Expression
    place: Name


class Pin(Node):
    """`pin value in place`: a recorded copy, part of the snapshot from then on."""

    span: Span
    value: Expression
    place: Name


#: What has a body of its own.
Block = Each | Fold | Cycle | Walk | Ordered | If | With
#: All that a name may be written by.
Work = Expression | Block | Execute | Fallback | Move | Pin


# --- statements ------------------------------------------------------------------------------


class Traits(Node):
    """`of { snapshots } stable shared`: what is said of a value beside its content and place.

    `origin` is nothing where it is not said; `words` are of stability and of sharing, as they were written.
    """

    span: Span
    origin: tuple[Name, ...] | None
    words: tuple[Name, ...]


class Let(Node):
    """`name: type in place of { … } stable shared = value`, with what it comes after."""

    span: Span
    name: Name
    type: TypeName | None
    place: Name | None
    traits: Traits | None
    value: Work
    after: tuple[Expression, ...]


class Keep(Node):
    """`keep value in place until other`, with a path for `remote`."""

    span: Span
    value: Expression
    place: Name
    path: String | None
    until: Expression | None


class Flowing(Node):
    """`carry name from start = value`, `down name from start = value`, `up name = value`: from element to element."""

    span: Span
    word: Name
    name: Name
    start: Expression | None
    value: Work


class Do(Node):
    """A call for its own sake, or the last line of a body."""

    span: Span
    value: Work
    after: tuple[Expression, ...]


Statement = Let | Keep | Flowing | Do


# --- declarations ----------------------------------------------------------------------------


class TypeName(Node):
    """A content type or scalar: a name, the types in its angle brackets, and how many times `[]` follows it."""

    span: Span
    name: Name
    arguments: tuple[TypeName, ...]
    lists: int


class Callable(Node):
    """`stage(inputs) -> output`: the type of a stage, or flow, that a flow is given."""

    span: Span
    inputs: tuple[TypeName, ...]
    output: TypeName


class Parameter(Node):
    """`name: type`, the place that it must lie on, and what else is said of it.

    `mode` is the word before it: `consume` for what a stage works on in place, `guard` for what it has for itself.
    """

    span: Span
    mode: Name | None
    name: Name
    type: TypeName | Callable
    place: Name | None
    traits: Traits | None


class Setting(Node):
    """A line of a block: its word, what of (`size book …`), its values, and the words that follow them."""

    span: Span
    word: Name
    target: Name | None
    values: tuple[Expression, ...]
    flags: tuple[Name, ...]


class Use(Node):
    """`use a.b { names }`."""

    span: Span
    doc: str
    module: tuple[Name, ...]
    names: tuple[Name, ...]


class Snapshot(Node):
    """`snapshot name: content { settings }`."""

    span: Span
    doc: str
    name: Name
    content: TypeName | None
    settings: tuple[Setting, ...]


class Calendar(Node):
    """`calendar name { settings }`."""

    span: Span
    doc: str
    name: Name
    settings: tuple[Setting, ...]


class Pod(Node):
    """`pod name { settings }`."""

    span: Span
    doc: str
    name: Name
    settings: tuple[Setting, ...]


class Stage(Node):
    """`stage name(inputs) -> outputs { settings }`."""

    span: Span
    doc: str
    name: Name
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    settings: tuple[Setting, ...]


class Helper(Node):
    """`helper name(inputs) { settings }`: a container that runs beside the stages."""

    span: Span
    doc: str
    name: Name
    inputs: tuple[Parameter, ...]
    settings: tuple[Setting, ...]


class Service(Node):
    """`service name { settings }`: what is outside, and stages may call."""

    span: Span
    doc: str
    name: Name
    settings: tuple[Setting, ...]


class Secret(Node):
    """`secret name`: what a stage may be told, and nobody else."""

    span: Span
    doc: str
    name: Name


class Every(Node):
    """`every length of calendar`: the period that one run of a flow is for."""

    span: Span
    length: Expression
    calendar: Name | None


class Flow(Node):
    """`flow name<variables>(inputs) -> results on pod every period survives level { body }`; `across` a set of pods."""

    span: Span
    doc: str
    name: Name
    variables: tuple[Name, ...]
    inputs: tuple[Parameter, ...]
    results: tuple[Name, ...]
    pod: Name | None
    across: bool
    every: Every | None
    survives: Name | None
    body: tuple[Statement, ...]


class Param(Node):
    """`param name: type = default`."""

    span: Span
    doc: str
    name: Name
    type: TypeName
    default: Expression | None


class Const(Node):
    """`const name: type = value`."""

    span: Span
    doc: str
    name: Name
    type: TypeName | None
    value: Expression


class Type(Node):
    """`type name = parent`."""

    span: Span
    doc: str
    name: Name
    parent: TypeName


Declaration = Use | Snapshot | Calendar | Pod | Stage | Helper | Service | Secret | Flow | Param | Const | Type


class Comment(Node):
    """A comment, with its `#`."""

    span: Span
    text: str


class Module(Node):
    """One file."""

    span: Span
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
