"""A picture as SVG, laid out by `layout`: one file, no script, nothing fetched, light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from podpipec.drawing import measure
from podpipec.drawing.layout.arrange import ABOVE, arrange
from podpipec.drawing.layout.values import Arranged, Frame, Point, Rect, Wire
from podpipec.drawing.legend import Row, legend
from podpipec.drawing.picture import Arrow, Box, Group, Picture
from podpipec.drawing.style import STYLE
from podpipec.drawing.words import seen

#: Room around everything, and for the head above.
_MARGIN, _HEAD = 24, 64

#: Radius of the corners of wires' ends, and how far curves reach.
_ARROW = 6


def render(picture: Picture) -> str:
    """The text of the drawing. Raises TooLargeError where nobody could look at it."""
    blocks = [measure.block(box) for box in picture.boxes]
    frames = [
        Frame(group.key, group.group, measure.text_width(_group_title(group), measure.LINE) + 2 * measure.SIDE)
        for group in picture.groups
    ]
    wires = [Wire(arrow.source, arrow.target, arrow.tag) for arrow in picture.arrows]
    drawn = arrange(blocks, frames, wires)
    head = _titles(picture)
    widest = max(measure.text_width(text, measure.TITLE + 5) for text in head)
    rows, legend_width, legend_height = legend(picture, max(drawn.width, widest, 640))
    width = max(drawn.width, widest, legend_width) + 2 * _MARGIN
    height = _HEAD + drawn.height + legend_height + 2 * _MARGIN
    left = (width - drawn.width) // 2
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="name about">',
            f'<title id="name">{_xml(head[0])}</title>',
            f'<desc id="about">{_xml(head[1])}</desc>',
            f"<style>{STYLE}</style>",
            '<rect class="ground" width="100%" height="100%"/>',
            f'<text class="name" x="{_MARGIN}" y="{_MARGIN + 14}">{_xml(head[0])}</text>',
            f'<text class="line" x="{_MARGIN}" y="{_MARGIN + 32}">{_xml(head[1])}</text>',
            f'<g transform="translate({left} {_HEAD + _MARGIN // 2})">',
            *_drawing(picture, drawn),
            "</g>",
            f'<g transform="translate({_MARGIN} {_HEAD + drawn.height + _MARGIN * 3 // 2})">',
            *_legend(rows),
            "</g>",
            "</svg>\n",
        )
    )


def _titles(picture: Picture) -> tuple[str, str]:
    slots, swaps = len(picture.slots), picture.swaps
    return (
        measure.line(f"{picture.flow} on {picture.pod}"),
        f"{slots} slot{'' if slots == 1 else 's'}, {swaps} swap{'' if swaps == 1 else 's'} expected"
        "; sizes are upper bounds",
    )


# --- the drawing ---


def _drawing(picture: Picture, drawn: Arranged) -> Iterator[str]:
    depth = {"": 0}
    for group in picture.groups:
        depth[group.key] = depth[group.group] + 1
        yield _frame(drawn.rects[group.key], depth[group.key])
    for arrow, points in zip(picture.arrows, drawn.paths, strict=True):
        yield _wire(arrow, points)
    for group in picture.groups:
        yield from _frame_title(group, drawn.rects[group.key], depth[group.key])
    for box in picture.boxes:
        yield from _box(box, drawn.rects[box.key])


def _shade(depth: int) -> str:
    return "even" if depth % 2 == 0 else "odd"


def _frame(rect: Rect, depth: int) -> str:
    return f'<rect class="frame {_shade(depth)}" {_at(rect)} rx="10"/>'


def _frame_title(group: Group, rect: Rect, depth: int) -> Iterator[str]:
    """Over the wires that come in from above, on a plate of the frame's own colour."""
    text = _group_title(group)
    width = measure.text_width(text, measure.LINE)
    yield f"<g><title>{_xml(seen(f'{group.full}: {group.title}'))}</title>"
    plate = Rect(rect.x + 8, rect.y + 6, width + 8, ABOVE - 12)
    yield f'<rect class="{_shade(depth)}" {_at(plate)}/>'
    yield f'<text class="line" x="{rect.x + 12}" y="{rect.y + 19}">{_xml(text)}</text></g>'


def _group_title(group: Group) -> str:
    return f"{measure.title(group.full)} · {measure.line(group.title)}"


def _wire(arrow: Arrow, points: Sequence[Point]) -> str:
    look = "order" if arrow.order else arrow.place or "text"
    label = "order" if arrow.order else arrow.label
    ends = f'data-from="{arrow.source}" data-to="{arrow.target}"'
    title = f"<title>{_xml(seen(label))}</title>"
    return f'<path class="wire {look}" {ends} d="{_curve(points)} {_head(points[-1])}">{title}</path>'


def _curve(points: Sequence[Point]) -> str:
    """Straight down through lanes, in curves between them."""
    x, y = points[0]
    words = [f"M{x} {y}"]
    for point in points[1:]:
        if point.x == x:
            words.append(f"V{point.y}")
        else:
            middle = (y + point.y) // 2
            words.append(f"C{x} {middle} {point.x} {middle} {point.x} {point.y}")
        x, y = point
    return " ".join(words)


def _head(end: Point) -> str:
    """The arrow's head, a part of its path: markers would not take its colour everywhere."""
    x, y = end
    return f"M{x - _ARROW + 2} {y - _ARROW} L{x} {y} L{x + _ARROW - 2} {y - _ARROW}"


# --- boxes ---


def _box(box: Box, rect: Rect) -> Iterator[str]:
    height = measure.body_height(box)
    swap = " swap" if box.swaps else ""
    words = "; ".join((box.full, *box.lines, *(tag.text for tag in box.tags)))
    yield f'<g class="{box.kind}{swap} {box.place or "nowhere"}"><title>{_xml(seen(words))}</title>'
    yield _outline(box.kind, Rect(rect.x, rect.y, rect.width, height))
    middle = rect.x + rect.width // 2
    yield f'<text class="title" x="{middle}" y="{rect.y + measure.HEAD}">{_xml(measure.title(box.title))}</text>'
    for index, text in enumerate(box.lines, 1):
        y = rect.y + measure.HEAD + measure.ROW * index
        look = "line warn" if box.swaps and index == len(box.lines) else "line"
        yield f'<text class="{look} middle" x="{middle}" y="{y}">{_xml(measure.line(text))}</text>'
    yield "</g>"
    yield from _tags(box, rect, rect.y + height - measure.TAG_HEIGHT // 2)


_CORNERS: Mapping[str, int] = {"call": 6, "move": 6, "pod": 0, "keep": 2}


def _outline(kind: str, rect: Rect) -> str:
    corner = min(_CORNERS[kind], rect.height // 4) if kind in _CORNERS else min(16, rect.height // 2)
    outline = f'<rect class="box" {_at(rect)} rx="{corner}"/>'
    if kind == "keep":  # a bar, as on the side of a safe
        outline += f'<path class="bar" d="M{rect.x + 6} {rect.y} V{rect.y + rect.height}"/>'
    return outline


def _tags(box: Box, rect: Rect, top: int) -> Iterator[str]:
    widths = measure.tag_widths(box)
    left = rect.x + (rect.width - sum(widths) - measure.BETWEEN * max(0, len(widths) - 1)) // 2
    for tag, width in zip(box.tags, widths, strict=True):
        yield (
            f'<g class="tag {tag.place}"><title>{_xml(seen(tag.text))}</title>'
            f'<rect {_at(Rect(left, top, width, measure.TAG_HEIGHT))} rx="{measure.TAG_HEIGHT // 2}"/>'
            f'<text x="{left + width // 2}" y="{top + 14}">{_xml(measure.line(tag.text))}</text></g>'
        )
        left += width + measure.BETWEEN


# --- the legend ---


def _legend(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        x = row.x
        if row.look is not None:
            outline = _outline(row.look.partition(" ")[0], Rect(x, row.y - 11, 22, 14))
            yield f'<g class="{row.look}">{outline}</g>'
            x += 30
        yield f'<text class="{"title left" if row.strong else "line"}" x="{x}" y="{row.y}">{_xml(row.text)}</text>'


def _at(rect: Rect) -> str:
    return f'x="{rect.x}" y="{rect.y}" width="{rect.width}" height="{rect.height}"'


def _xml(text: str) -> str:
    """A text as XML has it. Characters that XML forbids were written as numbers before (`words.seen`)."""
    return escape(text)
