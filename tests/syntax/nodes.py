"""Walking syntax trees without knowing their kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from podpipec.source import Source, Span
from podpipec.syntax import parse, tree


def children(node: object) -> Iterator[Any]:
    """The nodes directly inside a node, in the order of its fields."""
    for field in fields(node) if is_dataclass(node) else ():
        value = getattr(node, field.name)
        for inner in value if isinstance(value, tuple) and not isinstance(value, Span) else (value,):
            if is_dataclass(inner):
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
    if not is_dataclass(node):
        return node
    parts = ((field.name, getattr(node, field.name)) for field in fields(node) if field.name != "span")
    return (type(node).__name__, *((name, shape(value)) for name, value in parts))


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
