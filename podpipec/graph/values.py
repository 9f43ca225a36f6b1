"""Values between the nodes of a graph: what is known of each, and what the program says of them."""

from __future__ import annotations

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.declarations import Place, Snapshot
from podpipec.types.origin import Origin, Slice
from podpipec.types.sizes import Bound
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


class Handed(NamedTuple):
    """A value that a unit is started with. `brought`: it lay in `remote`, and is copied to its place to begin with."""

    name: str
    datum: Datum
    brought: bool


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


class Said(NamedTuple):
    """What the program says of a value, by the name that it gives it."""

    value: Origin
    name: str
    traits: tree.Traits


class Claim(NamedTuple):
    """That a value is taken to lie on a place."""

    value: Origin
    place: Place
    what: str
    span: Span


class Asked(NamedTuple):
    """That something is to lie on a place, which the pod should have."""

    place: Place
    what: str
    span: Span
