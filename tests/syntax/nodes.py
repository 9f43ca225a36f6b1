"""Walking syntax trees without knowing their kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from podpipec.source import Source, Span
from podpipec.syntax import parse, tree
from podpipec.syntax.node import Node, parts


def children(node: object) -> Iterator[Any]:
    """The nodes directly inside a node, in the order of its fields."""
    for name in parts(node) if isinstance(node, Node) else ():
        value = getattr(node, name)
        for inner in value if isinstance(value, tuple) and not isinstance(value, Span) else (value,):
            if isinstance(inner, Node):
                yield inner


def walk(node: object) -> Iterator[Any]:
    """A node and all below it, parents first."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += children(here)


def shape(node: object) -> object:
    """A node without its spans: what it says, not where."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(shape(part) for part in node)
    if not isinstance(node, Node):
        return node
    return (type(node).__name__, *((name, shape(getattr(node, name))) for name in parts(node) if name != "span"))


def module(text: str) -> tree.Module:
    """The tree of a text that is well formed."""
    parsed = parse(Source("x.flow", text))
    assert not parsed.diagnostics, parsed.diagnostics
    return parsed.module


def expression(text: str) -> tree.Expression:
    """The tree of one expression."""
    (const,) = module(f"const c = {text}").declarations
    assert isinstance(const, tree.Const)
    return const.value
