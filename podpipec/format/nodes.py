"""Looking through a tree without knowing its kinds: so a node that the language gains needs nothing here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, Protocol, TypeGuard, get_args

from podpipec.source import Span
from podpipec.syntax import tree


class Node(Protocol):
    """What all nodes have."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def span(self) -> Span: ...


#: What stands in a block, one below the other.
ITEMS: tuple[type, ...] = (tree.Setting, *get_args(tree.Statement), *get_args(tree.Declaration))
#: What is written as one word.
LEAVES: tuple[type, ...] = (tree.Name, tree.Number, tree.String)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node. What stands inside a string belongs to the string."""
    if isinstance(node, tree.String):
        return
    for name in _names(type(node)):
        value = getattr(node, name)
        for inner in value if isinstance(value, tuple) and not isinstance(value, Span) else (value,):
            if _is_node(inner):
                yield inner


@cache
def _names(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node."""
    return tuple(field.name for field in fields(kind))


def _is_node(value: object) -> TypeGuard[Node]:
    return is_dataclass(value)


def same(one: object, other: object) -> bool:
    """Whether two trees say the same, wherever it stands. Without recursion: chains are as long as people like."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, Span) and isinstance(right, Span):
            continue
        if type(left) is not type(right):
            return False
        if isinstance(left, tuple) and isinstance(right, tuple):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif _is_node(left):
            waiting += ((getattr(left, name), getattr(right, name)) for name in _names(type(left)))
        elif left != right:
            return False
    return True
