"""From a document to a text: which groups are broken, and where comments at the ends of lines stand."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.format.columns import aligned
from podpipec.format.document import Choice, Doc, Group, Hard, Indent, Line, Own, Row, Rows, Suffix

#: No line is longer, unless one word or text is, or a comment.
WIDTH = 100
STEP = 2
#: Where comments at the ends of lines begin, counted from 0, if the line leaves them the room.
COMMENTS = 36

#: A document with the indentation of its lines, and whether its group is on one line.
_Work = tuple[int, bool, Doc]


def layout(doc: Doc, width: int = WIDTH) -> str:
    """The text of a document, without a line's end behind the last line."""
    page = _Page()
    work: list[_Work] = [(0, False, doc)]
    while work:
        indent, flat, part = work.pop()
        if isinstance(part, str):
            page.text(part)
        elif isinstance(part, tuple):
            work.extend((indent, flat, one) for one in reversed(part))
        elif isinstance(part, Line) and flat:
            page.text(part.flat)
        elif isinstance(part, Line | Hard):
            page.newline(indent, isinstance(part, Hard) and part.blank)
        elif isinstance(part, Group):
            work.append((indent, flat or _fits(part.content, work, width - page.column, width), part.content))
        elif isinstance(part, Indent):
            work.append((indent + STEP, flat, part.content))
        elif isinstance(part, Choice):
            work.append((indent, flat, part.flat if flat else part.broken))
        elif isinstance(part, Suffix):
            page.waiting.append((indent, part))
        elif isinstance(part, Own):
            page.own(indent, part.text)
        else:
            work.append((indent, flat, _rows(part.rows, width - indent)))
    page.flush()
    return "".join(page.parts)


def _rows(rows: Sequence[Row], room: int) -> Doc:
    parts: list[Doc] = []
    for row, blanks in zip(rows, aligned(rows, room), strict=True):
        if parts:
            parts.append(Hard(row.blank))
        for cell, blank in zip(row.cells, (*blanks, 0), strict=True):
            parts += (cell, " " * blank)
        if row.comment:
            parts.append(Suffix(row.comment))
    return tuple(parts)


def _fits(content: Doc, rest: Sequence[_Work], room: int, width: int) -> bool:
    """Whether a group on one line, and what follows it up to the next possible end of a line, fit into `room`."""
    work = [(True, content)]
    behind = len(rest)
    while room >= 0:
        if not work:
            if not behind:
                return True
            behind -= 1
            _, flat, part = rest[behind]
        else:
            flat, part = work.pop()
        if isinstance(part, str):
            first, *more = part.split("\n")
            room -= len(first)
            if more and room >= 0:
                room = width - len(more[-1])
        elif isinstance(part, tuple):
            work.extend((flat, one) for one in reversed(part))
        elif isinstance(part, Line) and flat:
            room -= len(part.flat)
        elif isinstance(part, Line | Hard | Own | Rows):
            return not flat
        elif isinstance(part, Group | Indent):
            work.append((flat, part.content))
        elif isinstance(part, Choice):
            work.append((flat, part.flat if flat else part.broken))
        elif part.breaks and flat:
            return False
    return False


class _Page:
    """The text so far, the column it has come to, and the comments that wait for the end of the line."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.column = 0
        self.empty = True
        self.waiting: list[tuple[int, Suffix]] = []

    def text(self, text: str) -> None:
        """Write a text; one of several lines goes on behind its last line."""
        if not text:
            return
        self.parts.append(text)
        _, end, last = text.rpartition("\n")
        self.column = len(last) if end else self.column + len(last)
        self.empty = self.empty and text.isspace()

    def newline(self, indent: int, blank: bool = False) -> None:
        """End the line, with its comments behind it."""
        self.flush()
        self._strip()
        self.parts.append("\n\n" if blank else "\n")
        self.parts.append(" " * indent)
        self.column = indent
        self.empty = True

    def own(self, indent: int, text: str) -> None:
        """A comment on a line of its own."""
        if not self.empty:
            self.newline(indent)
        self.text(text)
        self.newline(indent)

    def flush(self) -> None:
        """Write the comments that wait: one behind the line, others below it."""
        waiting, self.waiting = self.waiting, []
        for number, (indent, suffix) in enumerate(waiting):
            self._strip()
            if number or suffix.own:
                self.newline(indent)
            else:
                self.text(" " * max(2, COMMENTS - self.column))
            self.text(suffix.text)

    def _strip(self) -> None:
        """Take the blanks off the end of the line; no text of the program ends in one."""
        while self.parts and not self.parts[-1].endswith("\n"):
            kept = self.parts[-1].rstrip(" ")
            self.column -= len(self.parts[-1]) - len(kept)
            if kept:
                self.parts[-1] = kept
                return
            self.parts.pop()
