"""The syntax tree: what was written, as frozen values with spans. Nodes are inert; passes look at them."""

from __future__ import annotations

from dataclasses import dataclass

from podpipec.source import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name, where it is declared or used."""

    span: Span
    text: str


# --- expressions -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit, as written: `2`, `1_000`, `8GiB`, `10m`."""

    span: Span
    digits: str
    unit: str


@dataclass(frozen=True, slots=True)
class Hole:
    """`{value}` or `{value:format}` in a string."""

    span: Span
    value: Expression
    format: str


@dataclass(frozen=True, slots=True)
class String:
    """A string, escapes resolved: text and holes in turn. `raw` is what stands between the quotes, for `sh`."""

    span: Span
    parts: tuple[str | Hole, ...]
    raw: str
    long: bool


@dataclass(frozen=True, slots=True)
class Field:
    """`base.name`."""

    span: Span
    base: Expression
    name: Name


@dataclass(frozen=True, slots=True)
class Argument:
    """`value`, or `name: value`."""

    span: Span
    name: Name | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """`callee(arguments)`."""

    span: Span
    callee: Expression
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    span: Span
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """`-operand`."""

    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`, precedence resolved."""

    span: Span
    operator: str
    left: Expression
    right: Expression


Expression = Name | Number | String | Field | Call | ListOf | Negative | Binary


# --- statements ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Each:
    """`each item in over { body }`; the body's last line is the element's result."""

    span: Span
    item: Name
    over: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """`move value to place`."""

    span: Span
    value: Expression
    place: Name


@dataclass(frozen=True, slots=True)
class Let:
    """`name = value`, `name in place = value`, with what it comes after."""

    span: Span
    name: Name
    place: Name | None
    value: Expression | Each | Move
    after: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """`keep value in place`, with a path for `remote`."""

    span: Span
    value: Expression
    place: Name
    path: String | None


@dataclass(frozen=True, slots=True)
class Do:
    """A call for its own sake, or the last line of an `each`."""

    span: Span
    value: Expression | Each
    after: tuple[Expression, ...]


Statement = Let | Keep | Do


# --- declarations ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypeName:
    """A content type or scalar: a name and how many times `[]` follows it."""

    span: Span
    name: Name
    lists: int


@dataclass(frozen=True, slots=True)
class Callable:
    """`stage(inputs) -> output`: the type of a stage, or flow, that a flow is given."""

    span: Span
    inputs: tuple[TypeName, ...]
    output: TypeName


@dataclass(frozen=True, slots=True)
class Parameter:
    """`name: type`, and the place that it must lie on."""

    span: Span
    name: Name
    type: TypeName | Callable
    place: Name | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of a block: its word, what of (`size book …`), its values, and the words that follow them."""

    span: Span
    word: Name
    target: Name | None
    values: tuple[Expression, ...]
    flags: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """`use a.b { names }`."""

    span: Span
    doc: str
    module: tuple[Name, ...]
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`snapshot name: content { settings }`."""

    span: Span
    doc: str
    name: Name
    content: TypeName | None
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Pod:
    """`pod name { settings }`."""

    span: Span
    doc: str
    name: Name
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """`stage name(inputs) -> outputs { settings }`."""

    span: Span
    doc: str
    name: Name
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """`flow name<variables>(inputs) -> results on pod survives level { body }`."""

    span: Span
    doc: str
    name: Name
    variables: tuple[Name, ...]
    inputs: tuple[Parameter, ...]
    results: tuple[Name, ...]
    pod: Name | None
    survives: Name | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Param:
    """`param name: type = default`."""

    span: Span
    doc: str
    name: Name
    type: TypeName
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Const:
    """`const name: type = value`."""

    span: Span
    doc: str
    name: Name
    type: TypeName | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Type:
    """`type name = parent`."""

    span: Span
    doc: str
    name: Name
    parent: TypeName


Declaration = Use | Snapshot | Pod | Stage | Flow | Param | Const | Type


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, with its `#`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Module:
    """One file."""

    span: Span
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
