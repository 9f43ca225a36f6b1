"""A picture as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.drawing.palette import LIGHT
from podpipec.drawing.picture import Arrow, Box, BoxKind, Picture
from podpipec.drawing.words import seen, short
from podpipec.types.declarations import PLACES, Place

#: Mermaid draws no more edges unless the page that shows the diagram allows it (its setting `maxEdges`).
MOST_EDGES = 500

_LONGEST = 80

_SHAPES: Mapping[BoxKind, tuple[str, str]] = {
    "snapshot": ("([", "])"),
    "call": ("[", "]"),
    "keep": ("[(", ")]"),
    "move": ("[/", "/]"),
    "pod": ("[[", "]]"),
    "item": ("(", ")"),
    "list": ("(", ")"),
    "result": ("{{", "}}"),
}


def render(picture: Picture) -> str:
    """The text of the flowchart."""
    lines = ["flowchart TB", f"%% {_comment(picture.flow)} on {_comment(picture.pod)}"]
    lines += [f"  {line}" for line in _inside(picture, "")]
    lines += [f"  {_arrow(arrow)}" for arrow in picture.arrows]
    lines += [f"  {line}" for line in _style(picture)]
    return "\n".join(lines) + "\n"


def _inside(picture: Picture, group: str) -> Iterator[str]:
    for box in picture.boxes:
        if box.group == group:
            yield _box(box)
    for inner in picture.groups:
        if inner.group == group:
            yield f"subgraph {inner.key}[{_text(f'{inner.full} · {inner.title}')}]"
            yield from (f"  {line}" for line in _inside(picture, inner.key))
            yield "end"


def _box(box: Box) -> str:
    opening, closing = _SHAPES[box.kind]
    text = "<br/>".join(_escaped(line) for line in (box.title, *box.lines))
    return f'{box.key}{opening}"{text}"{closing}'


def _arrow(arrow: Arrow) -> str:
    if arrow.order:
        return f"{arrow.source} -.-> {arrow.target}"
    return f"{arrow.source} -->|{_text(arrow.label)}| {arrow.target}"


def _style(picture: Picture) -> Iterator[str]:
    used: dict[Place, list[str]] = {place: [] for place in PLACES}
    for box in picture.boxes:
        if box.place is not None:
            used[box.place].append(box.key)
    lines: dict[Place, list[str]] = {place: [] for place in PLACES}
    for index, arrow in enumerate(picture.arrows):
        if arrow.place is not None:
            lines[arrow.place].append(str(index))
    for place in PLACES:
        colour = LIGHT[place]
        if used[place]:
            yield f"classDef {place} fill:{colour.fill},stroke:{colour.line},color:{colour.text}"
            yield f"class {','.join(used[place])} {place}"
        if lines[place]:
            yield f"linkStyle {','.join(lines[place])} stroke:{colour.line}"
    swaps = [box.key for box in picture.boxes if box.swaps]
    if swaps:
        yield "classDef swap stroke-width:3px,stroke-dasharray:6 3"
        yield f"class {','.join(swaps)} swap"


def _text(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Everything that Mermaid, its Markdown or HTML could read as its own, as a character's number."""
    plain = short(seen(text), _LONGEST)
    return "".join(char if char.isalnum() or char in _SAFE or ord(char) > 127 else f"#{ord(char)};" for char in plain)


_SAFE = " _.,:/()[]=+-≤·…⇄"


def _comment(text: str) -> str:
    return "".join(char if char.isalnum() or char == "_" else "?" for char in text)
