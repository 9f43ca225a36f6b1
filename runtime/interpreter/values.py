"""The values that flow through a plan, as the interpreter knows them: what they are, never their bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from podpipec_runtime.plan.types import PlaceName
from podpipec_runtime.tuples import NamedTuple


class Instance(NamedTuple):
    """A step at one element of each loop around it, outermost first."""

    step: str
    path: tuple[int, ...] = ()


class Loc(NamedTuple):
    """An object, named by its content hash, on a place."""

    place: PlaceName
    object: str


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """What was written under a name: an output, or an entry of a list's folder.

    `elements` is there, in name order, for a list alone.
    """

    name: str
    hash: str
    bytes: int
    elements: tuple[Stored, ...] | None = None


class Record(msgspec.Struct, frozen=True, array_like=True):
    """All that a call wrote; it is the publication of its outputs.

    `texts`: the outputs that were captured. A record of a fallback has no outputs: it says `by` which of its
    calls they were written, and `why` those before were not taken.
    """

    outputs: tuple[Stored, ...]
    texts: tuple[str, ...] = ()
    by: int = 0
    why: str = ""


class Data(msgspec.Struct, frozen=True):
    """A file or a directory.

    It lies at `inner` in `object` on `place` (`inner` is empty for the object itself). `origin` is what
    writes it. `elements` is there for a list that is a folder.
    """

    hash: str
    bytes: int
    place: PlaceName
    object: str
    origin: Instance
    inner: str = ""
    elements: tuple[Data, ...] | None = None

    @property
    def loc(self) -> Loc:
        return Loc(self.place, self.object)


class One(msgspec.Struct, frozen=True, array_like=True, tag="one"):
    """A file or folder that was pinned."""

    stored: Stored


class Text(msgspec.Struct, frozen=True, array_like=True, tag="text"):
    """A text in a list that was pinned."""

    text: str


class Many(msgspec.Struct, frozen=True, array_like=True, tag="many"):
    """A list that was pinned."""

    items: tuple[Kept, ...]


Kept = One | Text | Many


class Pinned(msgspec.Struct, frozen=True, array_like=True):
    """What was pinned: what it derived from, digested, and what it was. `others`: the pins of loops and branches not
    around it that it was made of, all the way back, each by its name with a digest of what that was. `making`: those
    of one answer are of one making, the one after the last that any of them was of."""

    lineage: str
    value: Kept
    others: tuple[tuple[str, str], ...] = ()
    making: int = 0


class Items(msgspec.Struct, frozen=True):
    """A list that an `each` collected, a group of neighbours, or the shards of a snapshot."""

    items: tuple[Value, ...]


class Scalar(msgspec.Struct, frozen=True):
    """Text."""

    text: str


Value = Data | Items | Scalar


class Item(msgspec.Struct, frozen=True):
    """An element of what a loop goes over, what it is called, and of a window its start, in its zone."""

    value: Value
    label: str
    start: datetime | None = None


def stored_data(stored: Stored, place: PlaceName, origin: Instance) -> Data:
    """The value for an output that `origin` wrote to `place`."""
    return _within(stored, place, stored.hash, origin, "")


def _within(stored: Stored, place: PlaceName, of: str, origin: Instance, inner: str) -> Data:
    """Goes as deep as the content type has `[]`, which is bounded by the type's text."""
    elements = None
    if stored.elements is not None:
        prefix = f"{inner}/" if inner else ""
        elements = tuple(_within(each, place, of, origin, f"{prefix}{each.name}") for each in stored.elements)
    return Data(stored.hash, stored.bytes, place, of, origin, inner, elements)


def moved(value: Value, place: PlaceName, origin: Instance) -> Value:
    """`value` as a copy on `place` that `origin` makes: what was inside an object becomes one."""
    match value:
        case Data():
            return _moved(value, place, value.hash, origin, len(value.inner) + 1 if value.inner else 0)
        case Items():
            return Items(tuple(moved(each, place, origin) for each in value.items))
        case Scalar():
            return value


def _moved(data: Data, place: PlaceName, of: str, origin: Instance, cut: int) -> Data:
    elements = data.elements
    if elements is not None:
        elements = tuple(_moved(each, place, of, origin, cut) for each in elements)
    return Data(data.hash, data.bytes, place, of, origin, data.inner[cut:] if cut else data.inner, elements)


def pinned(lineage: str, value: Value, others: tuple[tuple[str, str], ...] = (), making: int = 0) -> Pinned:
    """What is to be recorded of a value of files and folders."""
    return Pinned(lineage, _kept(value), others, making)


def _kept(value: Value) -> Kept:
    if isinstance(value, Items):
        return Many(tuple(_kept(item) for item in value.items))
    return Text(value.text) if isinstance(value, Scalar) else One(_stored(value, ""))


def _stored(data: Data, name: str) -> Stored:
    elements = data.elements
    if elements is None:
        return Stored(name, data.hash, data.bytes)
    cut = len(data.inner) + 1 if data.inner else 0
    return Stored(name, data.hash, data.bytes, tuple(_stored(each, each.inner[cut:]) for each in elements))


def pinned_value(one: Pinned, place: PlaceName, origin: Instance) -> Value:
    """The value that was recorded, as objects of their own on `place`."""
    return _taken(one.value, place, origin)


def _taken(value: Kept, place: PlaceName, origin: Instance) -> Value:
    match value:
        case One(stored):
            return stored_data(stored, place, origin)
        case Text(text):
            return Scalar(text)
        case Many(items):
            return Items(tuple(_taken(item, place, origin) for item in items))


def leaves(value: Value) -> Iterator[Data]:
    """The files and directories that `value` consists of, in order; a folder's list is one of them."""
    stack: list[Value] = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, Data):
            yield each
        elif isinstance(each, Items):
            stack.extend(reversed(each.items))


def data_in(values: Sequence[Value]) -> tuple[Data, ...]:
    """The files and directories that `values` consist of, in order."""
    return tuple(data for value in values for data in leaves(value))


def items_of(value: Value) -> tuple[Value, ...] | None:
    """The elements of a list; None for what is none."""
    if isinstance(value, Items):
        return value.items
    if isinstance(value, Data):
        return value.elements
    return None
