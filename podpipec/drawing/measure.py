"""How large boxes and texts are in a drawing, in whole pixels, without knowing the viewer's fonts.

Texts are set in a monospaced font, whose letters are 0.6 of its size wide in all that are in use (0.602 in DejaVu Sans
Mono, 0.6 in Menlo, Consolas a little less); wide letters of East Asia are given twice that.
"""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from podpipec.drawing.layout.values import Block
from podpipec.drawing.picture import Box
from podpipec.drawing.words import seen, short

#: Sizes of text: names, what is said of them, values.
TITLE, LINE, TAG = 13, 11, 11

#: Heights of rows: the upper side to the first base line, further lines, a value's tag.
HEAD, ROW, TAG_HEIGHT = 20, 16, 20

#: Room at the sides of a box, and between the tags of its values; a box is never narrower.
SIDE, BETWEEN, NARROWEST = 12, 8, 110

#: Longer texts lose their middle; the whole is in the drawing's tooltips.
LONGEST_TITLE, LONGEST_LINE = 34, 44


def text_width(text: str, size: int) -> int:
    """The width of a text in pixels, rounded up."""
    cells = sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
    return -(-cells * size * 61 // 100)


def title(text: str) -> str:
    """A name as it is drawn."""
    return short(seen(text), LONGEST_TITLE)


def line(text: str) -> str:
    """What is said of something, as it is drawn."""
    return short(seen(text), LONGEST_LINE)


def tag_widths(box: Box) -> list[int]:
    """The widths of the tags of a box's values."""
    return [text_width(line(tag.text), TAG) + 16 for tag in box.tags]


def block(box: Box) -> Block:
    """The size of a box, the tags below it included, and where wires leave it: below the middle of each tag."""
    tags = tag_widths(box)
    row = sum(tags) + BETWEEN * max(0, len(tags) - 1)
    texts = [text_width(title(box.title), TITLE), *(text_width(line(text), LINE) for text in box.lines)]
    width = max(NARROWEST, max(texts) + 2 * SIDE, row + 2 * SIDE)
    outs, left = [], (width - row) // 2
    for tag in tags:
        outs.append(left + tag // 2)
        left += tag + BETWEEN
    return Block(box.key, box.group, width, body_height(box) + (TAG_HEIGHT // 2 if tags else 0), tuple(outs))


def body_height(box: Box) -> int:
    """The height of a box without the halves of the tags that hang out of it."""
    return HEAD + ROW * len(box.lines) + (18 if box.tags else 8)
