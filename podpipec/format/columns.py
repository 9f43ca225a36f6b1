"""Columns: how far the cells of neighbouring rows are set apart, so that they stand below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from podpipec.format.document import COMMENT, Choice, Doc, Group, Hard, Indent, Line, Own, Row, Rows, Suffix


def width(doc: Doc) -> int | None:
    """The columns that a document takes on one line, up to the end of a text's first line; nothing if it can't."""
    total = 0
    waiting = [doc]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            first, end, _ = part.partition("\n")
            total += len(first)
            if end:
                return total
        elif isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif isinstance(part, Line):
            total += len(part.flat)
        elif isinstance(part, Group | Indent):
            waiting.append(part.content)
        elif isinstance(part, Choice):
            waiting.append(part.flat)
        elif isinstance(part, Hard | Own | Rows) or (isinstance(part, Suffix) and part.breaks):
            return None
    return total


def aligned(rows: Sequence[Row], room: int) -> tuple[tuple[int, ...], ...]:
    """For each row the blanks behind each of its cells but the last.

    Rows of one kind make a run until a blank line or a row of another kind. A run shares its columns unless that
    would break a line that fits into `room` without them. What has no place to break may stick out.
    """
    blanks: list[tuple[int, ...]] = [(1,) * (len(row.cells) - 1) for row in rows]
    for run in _runs(rows, room):
        columns = _columns([rows[at] for at in run])
        padded = {at: _padding(rows[at], columns) for at in run}
        if all(_still_fits(rows[at], padded[at], room) for at in run):
            for at in run:
                blanks[at] = padded[at]
    return tuple(blanks)


def _runs(rows: Sequence[Row], room: int) -> Iterator[list[int]]:
    run: list[int] = []
    kind = ""
    for at, row in enumerate(rows):
        here = "" if row.loose and not _fits(row, (1,) * (len(row.cells) - 1), room) else row.kind
        if run and (row.blank or here not in (COMMENT, kind)):
            yield run
            run = []
        if here != COMMENT:
            kind = here
            if kind:
                run.append(at)
    if run:
        yield run


def _columns(rows: Sequence[Row]) -> list[int]:
    """The width of each column: of its widest cell that another one follows."""
    last = max(len(row.cells) for row in rows) - 1
    return [max(width(row.cells[at]) or 0 for row in rows if len(row.cells) > at + 1) for at in range(last)]


def _padding(row: Row, columns: Sequence[int]) -> tuple[int, ...]:
    return tuple(columns[at] - (width(cell) or 0) + 1 for at, cell in enumerate(row.cells[:-1]))


def _fits(row: Row, blanks: tuple[int, ...], room: int) -> bool:
    taken = width(row.cells)
    return taken is not None and taken + sum(blanks) <= room


def _still_fits(row: Row, blanks: tuple[int, ...], room: int) -> bool:
    return _fits(row, blanks, room) or not _fits(row, (1,) * len(blanks), room) or not _breakable(row)


def _breakable(row: Row) -> bool:
    """Whether a row has a place where its line may end."""
    waiting: list[Doc] = [*row.cells]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(part)
        elif isinstance(part, Group | Indent):
            waiting.append(part.content)
        elif not isinstance(part, str | Suffix):
            return True
    return False
