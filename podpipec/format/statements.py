"""Statements: one function a kind. A new statement is a function and its line in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from podpipec.format.blocks import block, name
from podpipec.format.document import Doc, Group, Indent, Line, Row, bracketed, join
from podpipec.format.expressions import expression, string
from podpipec.format.remarks import Notes
from podpipec.format.types import traits, type_
from podpipec.syntax import tree


def statement(node: tree.Statement, notes: Notes) -> Row:
    """A statement as a row of its block."""
    return _STATEMENTS[type(node)](node, notes)


def body(items: Sequence[tree.Statement], after: int, notes: Notes) -> Doc:
    """The block of statements that opens behind an offset."""
    return block(items, after, statement, notes)


def _let(node: tree.Let, notes: Notes) -> Row:
    value = ("= ", _value(node.value, notes), _after(node.after, notes))
    said = [one for one in (_said(node.place, notes), traits(node.traits, notes)) if one]
    if node.type is not None:
        return Row("", ((name(node.name, notes), ": ", type_(node.type, notes)), *said, value))
    if said:
        return Row("", (name(node.name, notes), *said, value))
    alone = _opens(node.value, notes)
    return Row("" if alone else "let", (name(node.name, notes), value), loose=isinstance(node.value, tree.Block))


def _said(place: tree.Name | None, notes: Notes) -> Doc:
    return ("in ", name(place, notes)) if place else ""


def _keep(node: tree.Keep, notes: Notes) -> Row:
    path = (" ", string(node.path, notes)) if node.path else ""
    until = (" until ", expression(node.until, notes)) if node.until else ""
    return Row("keep", (("keep ", expression(node.value, notes)), ("in ", name(node.place, notes), path, until)))


def _flowing(node: tree.Flowing, notes: Notes) -> Row:
    start = (" from ", expression(node.start, notes)) if node.start else ""
    head = (name(node.word, notes), " ", name(node.name, notes), start)
    return Row("flowing", (head, ("= ", _value(node.value, notes))))


def _do(node: tree.Do, notes: Notes) -> Row:
    return Row("", ((_value(node.value, notes), _after(node.after, notes)),))


def _after(nodes: Sequence[tree.Expression], notes: Notes) -> Doc:
    if not nodes:
        return ""
    return (" after ", Group(Indent(join((",", Line(" ")), [expression(node, notes) for node in nodes]))))


def _opens(node: tree.Work, notes: Notes) -> bool:
    """Whether a value is a block that the author left open."""
    return isinstance(node, tree.Block) and not notes.braces(_before_body(node)).short


def _before_body(node: tree.Block) -> int:
    """Where the words before a block's brace end, or a place before that which has no brace behind it but this one."""
    match node:
        case tree.If(condition=last) | tree.With(helper=last):
            return last.span.end
        case _:
            return node.over.span.end


def _value(node: tree.Work, notes: Notes) -> Doc:
    """What a statement computes: a block, a copy, or an expression."""
    special = _VALUES.get(type(node))
    return special(node, notes) if special else expression(node, notes)  # type: ignore[arg-type]  # all that is left


def _head(node: tree.Each | tree.Fold | tree.Cycle | tree.Walk, word: str, notes: Notes) -> Doc:
    return (word, " ", name(node.item, notes), " in ", expression(node.over, notes), " ")


def _limit(word: str, node: tree.Expression | None, notes: Notes) -> Doc:
    return (word, " ", expression(node, notes), " ") if node else ""


def _each(node: tree.Each, notes: Notes) -> Doc:
    groups = (_limit("by", node.by, notes), _limit("step", node.step, notes))
    return (_head(node, "each", notes), groups, body(node.body, _before_body(node), notes))


def _fold(node: tree.Fold, notes: Notes) -> Doc:
    return (_head(node, "fold", notes), _limit("by", node.by, notes), body(node.body, _before_body(node), notes))


def _cycle(node: tree.Cycle, notes: Notes) -> Doc:
    depth = _limit("depth", node.depth, notes)
    return (_head(node, "cycle", notes), depth, body(node.body, _before_body(node), notes))


def _walk(node: tree.Walk, notes: Notes) -> Doc:
    limits = (_limit("width", node.width, notes), _limit("depth", node.depth, notes))
    order = (name(node.order, notes), " ")
    return (_head(node, "walk", notes), order, limits, body(node.body, _before_body(node), notes))


def _ordered(node: tree.Ordered, notes: Notes) -> Doc:
    graph = bracketed("(", expression(node.over, notes), ")")
    head = ("run ", name(node.item, notes), " in depends_on", graph, " ")
    return (head, _limit("width", node.width, notes), body(node.body, _before_body(node), notes))


def _if(root: tree.If, notes: Notes) -> Doc:
    """Every `else if` in turn, for there may be many."""
    parts: list[Doc] = []
    node: tree.If | None = root
    while node is not None:
        then = notes.braces(_before_body(node))
        parts += ["if ", expression(node.condition, notes), " ", body(node.then, then.open, notes)]
        following = node.otherwise
        if following is not None:
            parts.append(" else ")
        if isinstance(following, tuple):
            parts.append(body(following, then.close, notes))
        node = following if isinstance(following, tree.If) else None
    return tuple(parts)


def _with(node: tree.With, notes: Notes) -> Doc:
    head = ("with ", name(node.name, notes), " = ", expression(node.helper, notes), " ")
    return (head, body(node.body, _before_body(node), notes))


def _execute(node: tree.Execute, notes: Notes) -> Doc:
    return ("run ", expression(node.call, notes))


def _fallback(node: tree.Fallback, notes: Notes) -> Doc:
    calls = [expression(one, notes) for one in node.calls]
    return Group(Indent(join((Line(" "), "else "), calls)))


def _move(node: tree.Move, notes: Notes) -> Doc:
    return ("move ", expression(node.value, notes), " to ", name(node.place, notes))


def _pin(node: tree.Pin, notes: Notes) -> Doc:
    return ("pin ", expression(node.value, notes), " in ", name(node.place, notes))


_STATEMENTS: Mapping[type, Callable[..., Row]] = {
    tree.Let: _let,
    tree.Keep: _keep,
    tree.Flowing: _flowing,
    tree.Do: _do,
}
_VALUES: Mapping[type, Callable[..., Doc]] = {
    tree.Each: _each,
    tree.Fold: _fold,
    tree.Cycle: _cycle,
    tree.Walk: _walk,
    tree.Ordered: _ordered,
    tree.If: _if,
    tree.With: _with,
    tree.Execute: _execute,
    tree.Fallback: _fallback,
    tree.Move: _move,
    tree.Pin: _pin,
}
