"""Statements: one function a kind. A new statement is a function and its line in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from podpipec.format.blocks import block, name
from podpipec.format.document import Doc, Group, Indent, Line, Row, join
from podpipec.format.expressions import expression, string
from podpipec.format.remarks import Notes
from podpipec.syntax import tree


def statement(node: tree.Statement, notes: Notes) -> Row:
    """A statement as a row of its block."""
    return _STATEMENTS[type(node)](node, notes)


def body(items: Sequence[tree.Statement], after: int, notes: Notes) -> Doc:
    """The block of statements that opens behind an offset."""
    return block(items, after, statement, notes)


def _let(node: tree.Let, notes: Notes) -> Row:
    value = ("= ", _value(node.value, notes), _after(node.after, notes))
    if node.place is not None:
        return Row("", (name(node.name, notes), ("in ", name(node.place, notes)), value))
    alone = _opens(node.value, notes)
    return Row("" if alone else "let", (name(node.name, notes), value), loose=isinstance(node.value, tree.Each))


def _keep(node: tree.Keep, notes: Notes) -> Row:
    path = (" ", string(node.path, notes)) if node.path else ""
    return Row("keep", (("keep ", expression(node.value, notes)), ("in ", name(node.place, notes), path)))


def _do(node: tree.Do, notes: Notes) -> Row:
    return Row("", ((_value(node.value, notes), _after(node.after, notes)),))


def _after(nodes: Sequence[tree.Expression], notes: Notes) -> Doc:
    if not nodes:
        return ""
    return (" after ", Group(Indent(join((",", Line(" ")), [expression(node, notes) for node in nodes]))))


def _opens(node: tree.Expression | tree.Each | tree.Move, notes: Notes) -> bool:
    """Whether a value is a block that the author left open."""
    return isinstance(node, tree.Each) and not notes.braces(node.over.span.end).short


def _value(node: tree.Expression | tree.Each | tree.Move, notes: Notes) -> Doc:
    """What a statement computes: a block, a move, or an expression."""
    special = _VALUES.get(type(node))
    return special(node, notes) if special else expression(node, notes)  # type: ignore[arg-type]  # all that is left


def _each(node: tree.Each, notes: Notes) -> Doc:
    head = ("each ", name(node.item, notes), " in ", expression(node.over, notes), " ")
    return (head, body(node.body, node.over.span.end, notes))


def _move(node: tree.Move, notes: Notes) -> Doc:
    return ("move ", expression(node.value, notes), " to ", name(node.place, notes))


_STATEMENTS: Mapping[type, Callable[..., Row]] = {tree.Let: _let, tree.Keep: _keep, tree.Do: _do}
_VALUES: Mapping[type, Callable[..., Doc]] = {tree.Each: _each, tree.Move: _move}
