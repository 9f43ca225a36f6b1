"""Tables of text: columns as wide as their widest cell, figures to the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def table(rows: Sequence[Sequence[str]], align: str, indent: str = "  ") -> Iterator[str]:
    """The lines of a table. `align` has a letter for each column: `<` or `>`."""
    widths = [max((width(row[column]) for row in rows), default=0) for column in range(len(align))]
    for row in rows:
        cells = [_cell(cell, room, side) for cell, room, side in zip(row, widths, align, strict=True)]
        yield (indent + "  ".join(cells)).rstrip()


def _cell(text: str, room: int, side: str) -> str:
    blank = " " * (room - width(text))
    return text + blank if side == "<" else blank + text
