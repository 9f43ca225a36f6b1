"""What is laid out, and what comes of it. All figures are whole pixels; y grows downwards."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec_runtime.tuples import NamedTuple


class Block(NamedTuple):
    """A box in a frame (empty: in none). `outs` are the places on its lower edge where wires may leave."""

    key: str
    frame: str
    width: int
    height: int
    outs: tuple[int, ...] = ()


class Frame(NamedTuple):
    """A frame around blocks and other frames, at least so wide; `frame` is the one around it, or empty."""

    key: str
    frame: str
    width: int


class Wire(NamedTuple):
    """From a block or frame to another. `out` is the place among the source's where it leaves; nothing: the middle."""

    source: str
    target: str
    out: int | None = None


class Point(NamedTuple):
    """A place in the drawing."""

    x: int
    y: int


class Rect(NamedTuple):
    """A box in the drawing, by its upper left corner."""

    x: int
    y: int
    width: int
    height: int


class Arranged(NamedTuple):
    """The drawing: where blocks and frames are, and the points that each wire goes through, in the order given."""

    width: int
    height: int
    rects: Mapping[str, Rect]
    paths: tuple[tuple[Point, ...], ...]


class TooLargeError(Exception):
    """A drawing would have more boxes and lanes than anybody can look at."""
