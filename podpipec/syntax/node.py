"""What every node of the tree is: a frozen value of named parts, the first of which says where it stands.

To a type checker nodes are frozen dataclasses (PEP 681), and they are made, compared, matched and shown like those.
They are no dataclasses of the standard library because making one of these costs half a millisecond when a program
starts, and the modules behind it ten: forty kinds of nodes would be half of all the time that a small check takes.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, NoReturn, TypeVar, dataclass_transform

from podpipec.source import Span

_Node = TypeVar("_Node", bound="Node")


class _Kind(type):
    """Gives each kind of node its slots."""

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _Kind:
        parts = () if not bases else tuple(space["__annotations__"])
        made = super().__new__(cls, name, bases, {**space, "__slots__": parts, "__match_args__": parts})
        if parts:
            made._values = attrgetter(*parts)  # type: ignore[attr-defined]  # of the kinds that this makes
        return made


@dataclass_transform(frozen_default=True)
class Node(metaclass=_Kind):
    """The base of all kinds of nodes; each has two parts or more. Raises AttributeError when one is to be changed."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _values: ClassVar[attrgetter[tuple[object, ...]]]
    span: Span

    def __init__(self, *values: object, **named: object) -> None:
        kind = type(self)
        kind.__init__ = _initializer(kind.__match_args__)  # type: ignore[method-assign]  # made when first asked for
        kind.__init__(self, *values, **named)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a node of the tree is never changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a node of the tree is never changed: {name}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self._values(self) == self._values(other)

    def __hash__(self) -> int:
        return hash(self._values(self))

    def __repr__(self) -> str:
        parts = zip(self.__match_args__, self._values(self), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in parts)})"


def _initializer(parts: tuple[str, ...]) -> Callable[..., None]:
    """`__init__` for these parts, as one would write it."""
    lines = "".join(f"\n  put(self, {part!r}, {part})" for part in parts)
    space: dict[str, Any] = {"put": object.__setattr__}
    exec(f"def __init__(self, {', '.join(parts)}):{lines}", space)  # noqa: S102 - names of our own classes' parts
    made: Callable[..., None] = space["__init__"]
    return made


def parts(node: Node | type[Node]) -> tuple[str, ...]:
    """The names of a node's parts, in order."""
    return node.__match_args__


def changed(node: _Node, **parts: object) -> _Node:
    """The node with other values for some of its parts."""
    kept = {name: getattr(node, name) for name in node.__match_args__}
    return type(node)(**{**kept, **parts})
