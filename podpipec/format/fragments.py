"""Pieces of a program as texts, without the comments in them: what a page about a program quotes."""

from __future__ import annotations

from podpipec.format.declarations import Headed, declaration, head
from podpipec.format.document import Doc, join
from podpipec.format.expressions import expression
from podpipec.format.layout import layout
from podpipec.format.remarks import Notes
from podpipec.format.types import type_ as type_document
from podpipec.syntax import tree

_NONE = Notes({}, {}, {}, {}, {}, frozenset(), (), ())
#: Wider than any line: what is quoted inside a sentence stays on its line.
_ENDLESS = 10**9


def signature(node: tree.Declaration) -> str:
    """What a declaration says of itself: all of a short one, what stands before the block of the others."""
    if isinstance(node, Headed):
        return layout(head(node, _NONE))
    return layout(join(" ", declaration(node, _NONE).cells))


def quoted(node: tree.Expression) -> str:
    """An expression on one line; only a text of several lines has more."""
    return _line(expression(node, _NONE))


def type_text(node: tree.TypeName) -> str:
    """A content type or scalar."""
    return _line(type_document(node, _NONE))


def _line(doc: Doc) -> str:
    return layout(doc, _ENDLESS)
