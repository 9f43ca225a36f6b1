"""The whole layout: frames from the innermost out, then wires across their borders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from podpipec.drawing.layout.level import LANE, Level, Link, Vertex, lay_out
from podpipec.drawing.layout.values import Arranged, Block, Frame, Point, Rect, Wire
from podpipec_runtime.tuples import NamedTuple

#: Room inside a frame: at its sides and below, and above, where its title stands.
SIDE, ABOVE = 16, 30


class _Value(NamedTuple):
    """What a wire carries; wires of one value cross a border at one place."""

    source: str
    out: int | None


class _Hop(NamedTuple):
    """One wire's part within one level, between two children of it or a child and its border."""

    level: str
    source: str
    target: str
    value: _Value


def arrange(blocks: Sequence[Block], frames: Sequence[Frame], wires: Sequence[Wire]) -> Arranged:
    """Lay out blocks, frames and wires. Raises TooLargeError, and ValueError for wires that go in a circle."""
    return _Arranging(blocks, frames, wires).run()


class _Arranging:
    """One layout in the making."""

    def __init__(self, blocks: Sequence[Block], frames: Sequence[Frame], wires: Sequence[Wire]) -> None:
        self.blocks = {block.key: block for block in blocks}
        self.frames = {frame.key: frame for frame in frames}
        self.around = {block.key: block.frame for block in blocks} | {frame.key: frame.frame for frame in frames}
        self.hops = [self._hops(wire) for wire in wires]
        self.levels: dict[str, Level] = {}
        self.sizes = {block.key: (block.width, block.height) for block in blocks}
        self.links: dict[_Hop, Link] = {}
        self.children: dict[str, list[str]] = {}
        for key, frame in self.around.items():
            self.children.setdefault(frame, []).append(key)
        self.inside: dict[str, dict[_Hop, None]] = {}
        for hops in self.hops:
            for hop in hops:
                self.inside.setdefault(hop.level, {})[hop] = None

    def run(self) -> Arranged:
        for frame in sorted(self.frames.values(), key=lambda frame: -len(self._path_to(frame.key))):
            level = self._lay(frame.key)
            width = max(level.width + 2 * SIDE, frame.width)
            self.sizes[frame.key] = (width, level.height + ABOVE + SIDE)
        top = self._lay("")
        rects = self._rects()
        paths = tuple(self._points(hops, rects) for hops in self.hops)
        return Arranged(top.width, top.height, rects, paths)

    # --- what crosses which border ---

    def _path_to(self, key: str) -> list[str]:
        """The frames around something, the innermost first; the whole drawing, `""`, is the last."""
        found = []
        while key:
            key = self.around[key]
            found.append(key)
        return found

    def _hops(self, wire: Wire) -> list[_Hop]:
        value = _Value(wire.source, wire.out)
        out, into = self._path_to(wire.source), self._path_to(wire.target)
        common = next(frame for frame in out if frame in into)
        hops = []
        at = wire.source
        for frame in out[: out.index(common)]:
            hops.append(_Hop(frame, at, _port("out", frame, value), value))
            at = frame
        chain = [wire.target, *into]
        downward = chain[: chain.index(common)][::-1]  # from the child of the common frame to the target
        hops.append(_Hop(common, at, downward[0], value))
        for frame, child in pairwise(downward):
            hops.append(_Hop(frame, _port("in", frame, value), child, value))
        return hops

    # --- levels ---

    def _lay(self, frame: str) -> Level:
        hops = list(self.inside.get(frame, ()))
        ports: dict[str, Vertex] = {}
        for hop in hops:
            if hop.source == _port("in", frame, hop.value):
                ports[hop.source] = Vertex(hop.source, LANE, 0, "first")
            if hop.target == _port("out", frame, hop.value):
                ports[hop.target] = Vertex(hop.target, LANE, 0, "last")
        vertices = [Vertex(key, *self.sizes[key]) for key in self.children.get(frame, ())]
        for hop in hops:
            self.links[hop] = Link(hop.source, self._leaves(hop), hop.target, self._enters(hop))
        level = lay_out([*vertices, *ports.values()], list(dict.fromkeys(self.links[hop] for hop in hops)))
        self.levels[frame] = level
        return level

    def _leaves(self, hop: _Hop) -> int:
        block = self.blocks.get(hop.source)
        if block is not None:
            return block.width // 2 if hop.value.out is None else block.outs[hop.value.out]
        if hop.source in self.frames:
            return self._border(hop.source, _port("out", hop.source, hop.value))
        return LANE // 2

    def _enters(self, hop: _Hop) -> int | None:
        if hop.target in self.frames:
            port = _port("in", hop.target, hop.value)
            return self._border(hop.target, port) if port in self.levels[hop.target].corners else None
        return None if hop.target in self.blocks else LANE // 2

    def _border(self, frame: str, port: str) -> int:
        corner = self.levels[frame].corners.get(port)
        return self.sizes[frame][0] // 2 if corner is None else self._indent(frame) + corner.x + LANE // 2

    def _indent(self, frame: str) -> int:
        """How far right in a frame its level begins: in the middle, if the title is wider."""
        return (self.sizes[frame][0] - self.levels[frame].width) // 2 if frame else 0

    # --- the whole ---

    def _rects(self) -> Mapping[str, Rect]:
        rects: dict[str, Rect] = {"": Rect(0, 0, 0, 0)}
        waiting = [""]
        while waiting:
            frame = waiting.pop()
            left, top = self._corner(frame, rects)
            for key in self.children.get(frame, ()):
                at = self.levels[frame].corners[key]
                rects[key] = Rect(left + at.x, top + at.y, *self.sizes[key])
                if key in self.frames:
                    waiting.append(key)
        del rects[""]
        return rects

    def _corner(self, frame: str, rects: Mapping[str, Rect]) -> tuple[int, int]:
        """Where a frame's level begins in the drawing."""
        rect = rects[frame] if frame else Rect(0, 0, 0, 0)
        return rect.x + self._indent(frame), rect.y + (ABOVE if frame else 0)

    def _points(self, hops: Sequence[_Hop], rects: Mapping[str, Rect]) -> tuple[Point, ...]:
        points: list[Point] = []
        for hop in hops:
            left, top = self._corner(hop.level, rects)
            if hop.source == _port("in", hop.level, hop.value):
                points.append(Point(left + self.levels[hop.level].corners[hop.source].x + LANE // 2, top - ABOVE))
            points += [Point(left + x, top + y) for x, y in self.levels[hop.level].paths[self.links[hop]]]
            if hop.target == _port("out", hop.level, hop.value):
                points.append(Point(points[-1].x, points[-1].y + SIDE))
        return tuple(dict.fromkeys(points))


def _port(side: str, frame: str, value: _Value) -> str:
    """The key of a place on a frame's border; never that of a block."""
    return f"{side} {frame} {value.source} {value.out}"
