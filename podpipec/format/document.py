"""The algebra of documents: texts with places at which a line may end.

A printer says what belongs together and where a line may break; `layout` decides. The words are those of Wadler's
"A prettier printer": a group is laid out on one line if it fits, else all its lines end. What is added here is what
comments and columns need: `Suffix`, `Own` and `Rows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True, slots=True)
class Line:
    """A place where a line ends if its group is broken; else the text `flat`."""

    flat: str


@dataclass(frozen=True, slots=True)
class Hard:
    """A line's end always, with an empty line behind it if `blank`. What holds one is never on one line."""

    blank: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """On one line if that fits, else broken at each of its own lines."""

    content: Doc


@dataclass(frozen=True, slots=True)
class Indent:
    """One step further to the right, for the lines that begin inside."""

    content: Doc


@dataclass(frozen=True, slots=True)
class Choice:
    """One document where the group around it is broken, another where it is not."""

    broken: Doc
    flat: Doc


@dataclass(frozen=True, slots=True)
class Suffix:
    """A comment for the end of the line on which this stands, or, if `own`, for a line below it.

    With `breaks`, the groups around it are broken.
    """

    text: str
    breaks: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A comment on a line of its own, wherever this stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a block: its cells, which share columns with neighbours of the same kind, and a last comment.

    A row without a kind shares columns with nobody. One that is `loose` shares them only while it is on one line.
    `blank` asks for an empty line before the row.
    """

    kind: str
    cells: tuple[Doc, ...]
    blank: bool = False
    loose: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The things of a block, one below the other."""

    rows: tuple[Row, ...]


#: The kind of rows that are comments. They stand in a run of rows without ending it.
COMMENT = "comment"

# A name that is said again inside the classes above can only be given in this form.
Doc = Union[str, tuple["Doc", ...], Line, Hard, Group, Indent, Choice, Suffix, Own, Rows]  # noqa: UP007


def join(separator: Doc, parts: Iterable[Doc]) -> tuple[Doc, ...]:
    """The parts with a separator between each two."""
    joined: list[Doc] = []
    for part in parts:
        if joined:
            joined.append(separator)
        joined.append(part)
    return tuple(joined)


def bracketed(before: str, inside: Doc, after: str, edge: str = "") -> Doc:
    """One thing in brackets: on one line, or on a line of its own between them. `edge` is the space inside."""
    return Group((before, Indent((Line(edge), inside)), Line(edge), after))


def enclosed(before: str, parts: Sequence[Doc], after: str, edge: str = "") -> Doc:
    """A list in brackets: on one line, or one part a line with a comma behind each. `edge` is the space inside."""
    if not parts:
        return before + after
    inside = (Line(edge), *join((",", Line(" ")), parts), Choice(",", ""))
    return Group((before, Indent(inside), Line(edge), after))
