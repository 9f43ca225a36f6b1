"""The style sheet of a drawing. Dark where the viewer asks for it (`prefers-color-scheme`), light otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.drawing.measure import LINE, TAG, TITLE
from podpipec.drawing.palette import DARK, LIGHT, Colour
from podpipec.types.declarations import Place
from podpipec_runtime.tuples import NamedTuple

_FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"


class _Ground(NamedTuple):
    """The colours of what lies on no place."""

    ground: str
    frames: tuple[str, str]
    edge: str
    box: str
    line: str
    text: str
    quiet: str
    warn: str


_LIGHT = _Ground("#ffffff", ("#f6f7f9", "#eceff3"), "#c3cad4", "#ffffff", "#6b7685", "#16202c", "#4b5665", "#b42318")
_DARK = _Ground("#10151c", ("#171e27", "#1f2833"), "#3b4756", "#1b232d", "#93a0b0", "#eef2f6", "#b3bdc9", "#ff9b8f")


def _sheet() -> str:
    fixed = (
        f"text{{font-family:{_FONT}}}",
        f".name{{font-size:{TITLE + 5}px;font-weight:600}}",
        f".title{{font-size:{TITLE}px;font-weight:600;text-anchor:middle}}",
        f".line{{font-size:{LINE}px}}",
        ".left{text-anchor:start}.middle{text-anchor:middle}",
        f".tag text{{font-size:{TAG}px;text-anchor:middle}}",
        ".wire{fill:none;stroke-width:1.6}.order{stroke-dasharray:5 4}.text{stroke-dasharray:1 3}",
        ".box{stroke-width:1.4}.swap .box{stroke-width:2.6;stroke-dasharray:7 3}.bar{stroke-width:1.4;fill:none}",
        ".frame{stroke-width:1}",
    )
    light = "".join(_colours(_LIGHT, LIGHT))
    dark = "".join(_colours(_DARK, DARK))
    return f"{''.join(fixed)}{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _colours(ground: _Ground, places: Mapping[Place, Colour]) -> Iterator[str]:
    yield f".ground{{fill:{ground.ground}}}"
    yield f".odd{{fill:{ground.frames[0]}}}.even{{fill:{ground.frames[1]}}}"
    yield f".frame{{stroke:{ground.edge}}}"
    yield f"text{{fill:{ground.text}}}.line{{fill:{ground.quiet}}}"
    yield f".box{{fill:{ground.box};stroke:{ground.line}}}.bar{{stroke:{ground.line}}}"
    yield f".order,.text{{stroke:{ground.line}}}"
    for place, colour in places.items():
        yield f".{place} .box{{fill:{colour.fill};stroke:{colour.line}}}.{place} .bar{{stroke:{colour.line}}}"
        yield f".{place} .title,.{place} .line{{fill:{colour.text}}}"
        yield f".tag.{place} rect{{fill:{colour.fill};stroke:{colour.line}}}.tag.{place} text{{fill:{colour.text}}}"
        yield f".wire.{place}{{stroke:{colour.line}}}"
    yield f".swap .box{{stroke:{ground.warn}}}.warn{{fill:{ground.warn}}}"


STYLE = _sheet()
