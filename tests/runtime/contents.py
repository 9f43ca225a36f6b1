"""What values, arguments and objects hold, for the simulated world."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec_runtime.interpreter.commands import Argument, Source, Text
from podpipec_runtime.interpreter.values import Data, Items, Loc, Scalar, Stored
from tests.runtime.oracle import Content


def holds(elements: Mapping[str, Stored], loc: Loc, name: str) -> bool:
    """Whether an object is the one of that name, or a folder with it."""
    if loc.object == name:
        return True
    stored = elements.get(loc.object)
    return stored is not None and any(each.hash == name for each in stored.elements or ())


def content(value: object) -> Content:
    """What a value is."""
    if isinstance(value, Scalar):
        return "text " + value.text
    if isinstance(value, Items):
        return tuple(content(item) for item in value.items)
    assert isinstance(value, Data)
    return value.hash if value.elements is None else tuple(content(each) for each in value.elements)


def sources(argument: Argument) -> list[Source]:
    """All that an argument is read from."""
    if isinstance(argument, Source):
        return [argument]
    return [] if isinstance(argument, Text) else [one for each in argument for one in sources(each)]


def inside(elements: Mapping[str, Stored], source: Source) -> str:
    """What lies at a place inside an object."""
    return next(each.hash for each in elements[source.loc.object].elements or () if each.name == source.inner)
