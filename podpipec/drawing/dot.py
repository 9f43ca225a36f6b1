"""A picture in the DOT language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.drawing.palette import LIGHT
from podpipec.drawing.picture import Arrow, Box, BoxKind, Picture
from podpipec.drawing.words import seen, short

_LONGEST = 120

_SHAPES: Mapping[BoxKind, str] = {
    "snapshot": "folder",
    "call": "box",
    "keep": "cylinder",
    "move": "parallelogram",
    "pod": "box3d",
    "item": "oval",
    "list": "oval",
    "result": "note",
}


def render(picture: Picture) -> str:
    """The text of the graph."""
    groups = {group.key for group in picture.groups}
    first = {box.group: box.key for box in reversed(picture.boxes)}
    lines = [
        f"digraph {_text(picture.flow)} {{",
        '  graph [rankdir=TB, compound=true, fontname="sans-serif", labeljust=l]',
        '  node [fontname="sans-serif", fontsize=11, style=filled, fillcolor="#ffffff"]',
        '  edge [fontname="sans-serif", fontsize=9]',
        f"  label={_text(f'{picture.flow} on {picture.pod}')}",
        *(f"  {line}" for line in _inside(picture, "")),
        *(f"  {_arrow(arrow, groups, first)}" for arrow in picture.arrows),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _inside(picture: Picture, group: str) -> Iterator[str]:
    for box in picture.boxes:
        if box.group == group:
            yield _box(box)
    for inner in picture.groups:
        if inner.group == group:
            yield f"subgraph cluster_{inner.key} {{"
            yield f"  label={_text(f'{inner.full} · {inner.title}')}"
            yield "  style=rounded"
            yield from (f"  {line}" for line in _inside(picture, inner.key))
            yield "}"


def _box(box: Box) -> str:
    label = _text(*(box.title, *box.lines))
    colour = ""
    if box.place is not None:
        look = LIGHT[box.place]
        colour = f', fillcolor="{look.fill}", color="{look.line}", fontcolor="{look.text}"'
    swap = ", penwidth=3" if box.swaps else ""
    return f"{box.key} [shape={_SHAPES[box.kind]}, label={label}{colour}{swap}]"


def _arrow(arrow: Arrow, groups: set[str], first: Mapping[str, str]) -> str:
    """Graphviz draws edges between nodes alone; one to or from a group ends at its border (`compound`)."""
    words = []
    source, target = arrow.source, arrow.target
    if source in groups:
        words.append(f"ltail=cluster_{source}")
        source = first[source]
    if target in groups:
        words.append(f"lhead=cluster_{target}")
        target = first[target]
    if arrow.order:
        words.append("style=dashed")
    else:
        words.append(f"label={_text(arrow.label)}")
    if arrow.place is not None:
        words.append(f'color="{LIGHT[arrow.place].line}"')
    return f"{source} -> {target} [{', '.join(words)}]"


def _text(*lines: str) -> str:
    """A quoted string of one or several lines: no backslash, quote or entity of the program's means anything."""
    return '"' + "\\n".join(_escaped(line) for line in lines) + '"'


def _escaped(text: str) -> str:
    plain = short(seen(text), _LONGEST)
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
