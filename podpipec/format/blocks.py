"""Words and blocks: what all printers are made with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from podpipec.format.document import COMMENT, Choice, Doc, Group, Hard, Indent, Own, Row, Rows, Suffix, join
from podpipec.format.remarks import Notes
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.node import Node

#: The blanks between things of a block that stands on one line.
GAP = "  "

_Node = TypeVar("_Node", bound=Node)


def word(span: Span, text: str, notes: Notes) -> Doc:
    """A word of the source with the remarks that are its own."""
    start = span.start
    above = tuple(Own(one) for one in notes.above.get(start, ()))
    below = tuple(Suffix(one, breaks=True, own=True) for one in notes.below.get(start, ()))
    behind = (Suffix(notes.word[start], breaks=True),) if start in notes.word else ()
    return (*above, text, *behind, *below) if above or below or behind else text


def name(node: tree.Name, notes: Notes) -> Doc:
    """A name."""
    return word(node.span, node.text, notes)


def rows(items: Sequence[_Node], end: int, show: Callable[[_Node, Notes], Row], notes: Notes) -> tuple[Row, ...]:
    """The rows of things, one below the other, with the remarks around them; those before `end` come last."""
    found: list[Row] = []
    for item in items:
        start = item.span.start
        found += _remarks(start, notes)
        row = show(item, notes)
        found.append(replace(row, blank=start in notes.blanks, comment=notes.behind.get(item.span.end, "")))
    return (*found, *_remarks(end, notes))


def _remarks(at: int, notes: Notes) -> list[Row]:
    return [Row(COMMENT, (remark.text,), remark.blank) for remark in notes.before.get(at, ())]


def block(items: Sequence[_Node], after: int, show: Callable[[_Node, Notes], Row], notes: Notes) -> Doc:
    """The block that opens behind an offset: as the author left it if it was on one line and still fits, else open."""
    braces = notes.braces(after)
    inside = rows(items, braces.close, show, notes)
    if not inside:
        return "{ }" if braces.open not in notes.behind else ("{", Suffix(notes.behind[braces.open]), Hard(), "}")
    opening = Suffix(notes.behind[braces.open]) if braces.open in notes.behind else ""
    broken = ("{", opening, Indent((Hard(), Rows(inside))), Hard(), "}")
    if not braces.short:
        return broken
    return Group(Choice(broken, ("{ ", join(GAP, (join(" ", row.cells) for row in inside)), " }")))
