"""Where in a flow a value comes from: what the flow is given, a step, what a loop hands on, or a text with holes.

Origins stand in a typed flow, where they are the flow's own, and in a graph, where they are the whole's. Tuples of one
shape are equal whatever they are called; `kind` tells those apart that are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from podpipec_runtime.tuples import NamedTuple


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


class FromParent(NamedTuple):
    """What goes down under a name to the node that a `walk` is at: the parent's, or for the root what it begins as."""

    step: str
    name: str
    kind: Literal["parent"] = "parent"


class FromChildren(NamedTuple):
    """What came up under a name from the children of the node that a `walk` is at, as a list."""

    step: str
    name: str
    kind: Literal["children"] = "children"


class FromCarry(NamedTuple):
    """What the element of a `cycle` before this one handed on under a name; for the first what it begins as."""

    step: str
    name: str
    kind: Literal["carry"] = "carry"


class FromNeeds(NamedTuple):
    """What came of the nodes that the node which a `run … in` is at depends on, as a list."""

    step: str
    kind: Literal["needs"] = "needs"


class FromConstant(NamedTuple):
    """A scalar, or a list of scalars, as commands show them."""

    value: str | tuple[str, ...]
    kind: Literal["constant"] = "constant"


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
            | FromCarry(step=step)
            | FromNeeds(step=step)
        ):
            return step
        case FromItem(each=each):
            return each
        case FromText(template=template):
            return next((part.name for part in template if isinstance(part, Item)), None)
        case FromInput() | FromShards() | FromWindows() | FromConstant():
            return None
