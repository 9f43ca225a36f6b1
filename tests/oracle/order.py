"""The order of statements, and what a piece of the tree names."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from podpipec.syntax.node import Node, parts


def uses(node: object) -> Iterator[tree.Name | tree.Field]:
    """Every name and field in a piece of the tree, wherever it stands."""
    if isinstance(node, tree.Name | tree.Field):
        yield node
    if isinstance(node, tuple):
        for one in node:
            yield from uses(one)
    elif isinstance(node, Node):
        for name in parts(node):
            yield from uses(getattr(node, name))


def stands_alone(node: object, text: str) -> bool:
    """Whether a name is used somewhere as it is, and not for other slices beside its own: `t.shards`, `t[-1]`."""
    if isinstance(node, tree.Field | tree.Index | tree.Range) and is_name(node.base, text):
        return False
    if isinstance(node, tuple):
        return any(stands_alone(one, text) for one in node)
    if is_name(node, text):
        return True
    return isinstance(node, Node) and any(stands_alone(getattr(node, name), text) for name in parts(node))


def is_name(node: object, text: str) -> bool:
    return isinstance(node, tree.Name) and node.text == text


def ordered(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """The statements, each after those that it names; in a program without circles all of them."""
    written = {statement.name.text for statement in body if isinstance(statement, tree.Let | tree.Flowing)}
    left = list(body)
    while left:
        for statement in left:
            own = {statement.name.text} if isinstance(statement, tree.Let | tree.Flowing) else set()
            named = {use.text for use in uses(statement) if isinstance(use, tree.Name)} - own
            if not named & written:
                break
        else:
            raise ValueError("the statements go in a circle")
        left.remove(statement)
        written -= own
        yield statement
