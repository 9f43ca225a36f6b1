"""What stands below a drawing: places with their peaks, what the boxes mean, and each slot with its calls."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.drawing.measure import LINE, text_width
from podpipec.drawing.picture import Picture, Slot
from podpipec.drawing.words import seen, short
from podpipec.types.units import size_text
from podpipec_runtime.tuples import NamedTuple

_ROW = 19
_COLUMN = 320

_MEANINGS = (
    ("snapshot nowhere", "snapshot, element, list or result"),
    ("call nowhere", "call of a stage, its values below"),
    ("call swap nowhere", "call before which a slot swaps its image"),
    ("keep nowhere", "checkpoint: a copy on a place that lasts longer"),
)


class Row(NamedTuple):
    """A line of the legend: where its base line begins, and the classes of the box in front of it, if it has one."""

    x: int
    y: int
    text: str
    look: str | None = None
    strong: bool = False


def legend(picture: Picture, width: int) -> tuple[list[Row], int, int]:
    """The rows, and the width and height of all of them, which is near the width given."""
    rows: list[Row] = []
    rooms = [
        (f"call {room.place}", f"{room.place}: at most {size_text(room.peak)} of {size_text(room.size)} at once")
        for room in picture.rooms
    ]
    y = _column(rows, "places", rooms, 0)
    y = max(y, _column(rows, "boxes", list(_MEANINGS), _COLUMN))
    y += _ROW
    if picture.slots:
        rows.append(Row(0, y, "slots", None, True))
        y += _ROW
    for number, slot in enumerate(picture.slots):
        for text in _slot(number, slot, width):
            rows.append(Row(0, y, text))
            y += _ROW
    most = max(row.x + text_width(row.text, LINE) + (30 if row.look else 0) for row in rows)
    return rows, most, y + _ROW


def _column(rows: list[Row], title: str, entries: list[tuple[str, str]], x: int) -> int:
    rows.append(Row(x, _ROW, title, None, True))
    for index, (look, text) in enumerate(entries, 2):
        rows.append(Row(x, _ROW * index, text, look))
    return _ROW * (len(entries) + 1)


def _slot(number: int, slot: Slot, width: int) -> Iterator[str]:
    """A slot's calls in their order, in lines no wider than the drawing."""
    size = slot.size
    words = [f"slot {number} ({size.cpu / 1000:g} core{'' if size.cpu == 1000 else 's'}, {size_text(size.memory)}):"]
    held = ""
    for turn in slot.turns:
        name = short(seen(turn.call), 60)
        if turn.image == held:
            words.append(f"→ {name}")
        else:
            held = turn.image
            words.append(f"{'⇄ swaps to' if turn.swaps else 'starts with'} {short(seen(held), 60)}: {name}")
    yield from _lines(words, width)


def _lines(words: list[str], width: int) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, LINE) > width:
            yield line
            line = f"    {word}"
        else:
            line = longer
    yield line
