"""The colours of places, for light and for dark grounds. Told apart by lightness, too, and never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.types.declarations import Place
from podpipec_runtime.tuples import NamedTuple


class Colour(NamedTuple):
    """Fill, line and text."""

    fill: str
    line: str
    text: str


LIGHT: Mapping[Place, Colour] = {
    "ram": Colour("#fde8d0", "#c2620a", "#7a3b00"),
    "node": Colour("#dbeafe", "#2563eb", "#1e3a8a"),
    "volume": Colour("#d9f2e0", "#15803d", "#14532d"),
    "remote": Colour("#efe0fb", "#8b3fd1", "#4c1d80"),
}

DARK: Mapping[Place, Colour] = {
    "ram": Colour("#4a2c10", "#f0a458", "#fbd9b4"),
    "node": Colour("#1b2f55", "#7aa7f7", "#cfe0ff"),
    "volume": Colour("#163a24", "#63c587", "#c9f0d6"),
    "remote": Colour("#3a2352", "#c08ff0", "#ead6ff"),
}
