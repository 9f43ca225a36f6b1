"""Types, and what else is said of a value."""

from __future__ import annotations

from podpipec.format.blocks import name
from podpipec.format.document import Doc, Line, bracketed, join
from podpipec.format.remarks import Notes
from podpipec.syntax import tree


def type_(node: tree.TypeName, notes: Notes) -> Doc:
    """A content type or scalar."""
    held = join((",", Line(" ")), [type_(one, notes) for one in node.arguments])
    return (name(node.name, notes), bracketed("<", held, ">") if node.arguments else "", "[]" * node.lists)


def traits(node: tree.Traits | None, notes: Notes) -> Doc:
    """Origin, stability and sharing, as far as they are said."""
    if node is None:
        return ""
    parts: list[Doc] = []
    if node.origin is not None:
        names = [name(one, notes) for one in node.origin]
        parts.append(bracketed("of {", join((",", Line(" ")), names), "}", " "))
    return join(" ", [*parts, *(name(word, notes) for word in node.words)])
