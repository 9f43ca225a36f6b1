"""Expressions. Brackets are printed where the precedence of the operators asks for them, and only there.

A printer gets the documents of the node's parts, so that long chains need no recursion. A chain of operators is not a
group by itself: who embeds it makes it one with `framed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from podpipec.format.blocks import name, word
from podpipec.format.document import Doc, Group, Indent, Line, bracketed, enclosed
from podpipec.format.remarks import Notes
from podpipec.syntax import tree

_POWER = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6} | dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 4)
#: `not` reaches over a comparison.
_NOT = 3
#: A sign binds closer than every operator between two operands.
_SIGN = 7


def expression(node: tree.Expression, notes: Notes) -> Doc:
    """An expression that stands by itself."""
    return framed(node, _folded(node, notes))


def framed(node: tree.Expression, doc: Doc) -> Doc:
    """A chain of operators as a group, indented where it goes on; anything else as it is."""
    return Group(Indent(doc)) if isinstance(node, tree.Binary | tree.Not) else doc


def _folded(root: tree.Expression, notes: Notes) -> Doc:
    """Parts first, with a stack of our own."""
    waiting: list[tuple[tree.Expression, bool]] = [(root, False)]
    done: list[Doc] = []
    while waiting:
        node, ready = waiting.pop()
        parts = _parts(node)
        if ready or not parts:
            cut = len(done) - len(parts)
            inner = done[cut:]
            del done[cut:]
            done.append(_EXPRESSIONS[type(node)](node, inner, notes))
        else:
            waiting.append((node, True))
            waiting.extend((part, False) for part in reversed(parts))
    return done[0]


def _parts(node: tree.Expression) -> Sequence[tree.Expression]:
    """The expressions directly inside one, in the order in which they are written."""
    if isinstance(node, tree.Binary):
        return (node.left, node.right)
    if isinstance(node, tree.Call):
        return (node.callee, *(argument.value for argument in node.arguments))
    if isinstance(node, tree.ListOf):
        return node.items
    if isinstance(node, tree.Field):
        return (node.base,)
    if isinstance(node, tree.Index):
        return (node.base, node.at)
    if isinstance(node, tree.Range):
        return (node.base, node.first, node.last)
    return (node.operand,) if isinstance(node, tree.Negative | tree.Not) else ()


def _name(node: tree.Name, parts: Sequence[Doc], notes: Notes) -> Doc:
    return name(node, notes)


def _number(node: tree.Number, parts: Sequence[Doc], notes: Notes) -> Doc:
    return word(node.span, node.digits + node.unit, notes)


def _string(node: tree.String, parts: Sequence[Doc], notes: Notes) -> Doc:
    return string(node, notes)


def string(node: tree.String, notes: Notes) -> Doc:
    """A string, as it was written."""
    quotes = '"""' if node.long else '"'
    return word(node.span, f"{quotes}{node.raw}{quotes}", notes)


def _field(node: tree.Field, parts: Sequence[Doc], notes: Notes) -> Doc:
    return (parts[0], ".", name(node.name, notes))


def _index(node: tree.Index, parts: Sequence[Doc], notes: Notes) -> Doc:
    return (parts[0], bracketed("[", framed(node.at, parts[1]), "]"))


def _range(node: tree.Range, parts: Sequence[Doc], notes: Notes) -> Doc:
    return (parts[0], bracketed("[", (framed(node.first, parts[1]), "..", framed(node.last, parts[2])), "]"))


def _call(node: tree.Call, parts: Sequence[Doc], notes: Notes) -> Doc:
    shown = [_argument(*pair, notes) for pair in zip(node.arguments, parts[1:], strict=True)]
    return (parts[0], enclosed("(", shown, ")"))


def _argument(node: tree.Argument, value: Doc, notes: Notes) -> Doc:
    label = (name(node.name, notes), ": ") if node.name else ""
    mode = (name(node.mode, notes), " ") if node.mode else ""
    return (label, mode, framed(node.value, value))


def _list(node: tree.ListOf, parts: Sequence[Doc], notes: Notes) -> Doc:
    return enclosed("[", [framed(*pair) for pair in zip(node.items, parts, strict=True)], "]")


def _negative(node: tree.Negative, parts: Sequence[Doc], notes: Notes) -> Doc:
    return ("-", _operand(node.operand, parts[0], _SIGN))


def _not(node: tree.Not, parts: Sequence[Doc], notes: Notes) -> Doc:
    return ("not ", _operand(node.operand, parts[0], _NOT))


def _binary(node: tree.Binary, parts: Sequence[Doc], notes: Notes) -> Doc:
    power = _POWER[node.operator]
    left = parts[0] if _power(node.left) == power else _operand(node.left, parts[0], power)
    return (left, Line(" "), f"{node.operator} ", _operand(node.right, parts[1], power + 1))


def _power(node: tree.Expression) -> int:
    if isinstance(node, tree.Not):
        return _NOT
    return _POWER[node.operator] if isinstance(node, tree.Binary) else _SIGN


def _operand(node: tree.Expression, doc: Doc, least: int) -> Doc:
    """An operand: a chain in brackets if it binds less than it must here, and else as a group of its own."""
    if not isinstance(node, tree.Binary | tree.Not):
        return doc
    return Group(doc) if _power(node) >= least else bracketed("(", doc, ")")


#: Each prints a node of its kind, given the documents of the node's parts in the order of `_parts`.
_EXPRESSIONS: Mapping[type, Callable[..., Doc]] = {
    tree.Name: _name,
    tree.Number: _number,
    tree.String: _string,
    tree.Field: _field,
    tree.Index: _index,
    tree.Range: _range,
    tree.Call: _call,
    tree.ListOf: _list,
    tree.Negative: _negative,
    tree.Not: _not,
    tree.Binary: _binary,
}
