"""Looking through a tree without knowing its kinds: so a node that the language gains needs nothing here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.node import Node, parts

#: What stands in a block, one below the other.
ITEMS: tuple[type, ...] = (tree.Setting, *get_args(tree.Statement), *get_args(tree.Declaration))
#: What is written as one word.
LEAVES: tuple[type, ...] = (tree.Name, tree.Number, tree.String)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node. What stands inside a string belongs to the string."""
    if isinstance(node, tree.String):
        return
    for name in parts(node):
        value = getattr(node, name)
        for inner in value if isinstance(value, tuple) and not isinstance(value, Span) else (value,):
            if isinstance(inner, Node):
                yield inner


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
        elif isinstance(left, Node):
            waiting += ((getattr(left, name), getattr(right, name)) for name in parts(left))
        elif left != right:
            return False
    return True
