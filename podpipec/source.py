"""Source texts and places in them: offsets inside, lines and columns only where a person reads."""

from __future__ import annotations

from bisect import bisect_right

from podpipec_runtime.tuples import NamedTuple


class Span(NamedTuple):
    """A stretch of a source text: the file's path as shown to people, and two offsets in code points."""

    path: str
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """From the start of this one to the end of the other, in the same file."""
        return Span(self.path, self.start, other.end)


class Position(NamedTuple):
    """A line and a column, both from 1, in code points."""

    line: int
    column: int


class Source:
    """A text and where its lines start."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    def starts(self) -> list[int]:
        """The offset of each line's first character."""
        if self._starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of an offset."""
        starts = self.starts()
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int, first: int = 1, most: int | None = None) -> str:
        """The text of a line (from 1) from a column on, without its end; at most so many characters."""
        starts = self.starts()
        start = starts[number - 1] + first - 1
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[start : end if most is None else min(end, start + most)].rstrip("\r")
