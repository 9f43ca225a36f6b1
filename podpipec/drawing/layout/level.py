"""The layout of one level: what is in one frame, or in none. Frames inside are boxes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.drawing.layout.layers import Rank, layering
from podpipec.drawing.layout.ordering import ordered
from podpipec.drawing.layout.placing import Segment, placed
from podpipec.drawing.layout.values import Point, TooLargeError
from podpipec_runtime.tuples import NamedTuple

#: Pixels between boxes of a layer, and the width of a lane that wires run down in.
GAP = 22
LANE = 6

#: No layer gets wider than this, unless one box is.
WIDEST = 2600

#: No level gets more boxes and lanes than this.
MOST = 60_000

#: Pixels between layers: at least, for each wire between them, and at most.
_CLEAR, _EACH, _CLEAREST = 34, 2, 110

#: How much it matters that a wire goes straight: in its lanes, and at its ends.
_STRAIGHT, _LOOSE = 200.0, 1.0


class Vertex(NamedTuple):
    """A box of a level, or, of no height, the place on its border where a wire comes in or goes out."""

    key: str
    width: int
    height: int
    rank: Rank = "free"


class Link(NamedTuple):
    """A wire within a level: where it leaves the lower edge of the source, and where it enters the target, if fixed."""

    source: str
    leaves: int
    target: str
    enters: int | None


class Level(NamedTuple):
    """A level laid out from (0, 0): the upper left corners of its vertices, and the points of its links."""

    width: int
    height: int
    corners: Mapping[str, Point]
    paths: Mapping[Link, tuple[Point, ...]]


def lay_out(vertices: Sequence[Vertex], links: Sequence[Link]) -> Level:
    """The layout of a level. Raises TooLargeError."""
    return _Laying(vertices, links).run()


class _Laying:
    """One level in the making. Vertices are numbers here; lanes are further ones behind them."""

    def __init__(self, vertices: Sequence[Vertex], links: Sequence[Link]) -> None:
        self.vertices = vertices
        self.links = links
        self.number = {vertex.key: index for index, vertex in enumerate(vertices)}
        self.widths = [vertex.width for vertex in vertices]
        ends = [(self.number[link.source], self.number[link.target]) for link in links]
        self.layer = layering([vertex.rank for vertex in vertices], self.widths, list(dict.fromkeys(ends)), WIDEST)
        self.segments: list[Segment] = []
        self.lanes: dict[Link, list[int]] = {}
        self.last: dict[Link, Segment] = {}

    def run(self) -> Level:
        self._lead()
        self.segments = _shared(self.segments)
        layers: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        for vertex, layer in enumerate(self.layer):
            layers[layer].append(vertex)
        ends = [(one.upper, one.lower) for one in self.segments]
        layers = ordered(layers, ends, len(self.widths))
        lefts = placed(layers, self.widths, self.segments, GAP)
        tops, bottoms = self._rows(layers)
        corners = {vertex.key: Point(lefts[i], tops[self.layer[i]]) for i, vertex in enumerate(self.vertices)}
        enters = self._entrances(lefts)
        paths = {link: self._path(link, lefts, tops, bottoms, enters[link]) for link in self.links}
        width = max((left + width for left, width in zip(lefts, self.widths, strict=True)), default=0)
        return Level(width, bottoms[-1] if bottoms else 0, corners, paths)

    # --- lanes ---

    def _lead(self) -> None:
        """Lead every wire through the layers between its ends; wires of one origin share their lanes."""
        trunks: dict[tuple[int, int], list[int]] = {}
        for link in sorted(self.links, key=lambda link: self.layer[self.number[link.target]]):
            source, target = self.number[link.source], self.number[link.target]
            trunk = trunks.setdefault((source, link.leaves), [])
            needed = self.layer[target] - self.layer[source] - 1
            while len(trunk) < needed:
                self._lane(source, link.leaves, trunk)
            self.lanes[link] = trunk[:needed]
            upper, leaves = (trunk[needed - 1], LANE // 2) if needed else (source, link.leaves)
            enters = self.widths[target] // 2 if link.enters is None else link.enters
            self.last[link] = Segment(upper, leaves, target, enters, _LOOSE)
            self.segments.append(self.last[link])

    def _lane(self, source: int, leaves: int, trunk: list[int]) -> None:
        if len(self.widths) >= MOST:
            raise TooLargeError
        lane = len(self.widths)
        self.widths.append(LANE)
        self.layer.append(self.layer[source] + len(trunk) + 1)
        upper, at, weight = (trunk[-1], LANE // 2, _STRAIGHT) if trunk else (source, leaves, _LOOSE)
        self.segments.append(Segment(upper, at, lane, LANE // 2, weight))
        trunk.append(lane)

    # --- coordinates ---

    def _rows(self, layers: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
        """The upper and lower side of each layer; more room where more wires go."""
        wires = [0] * (len(layers) + 1)
        for one in self.segments:
            wires[self.layer[one.lower]] += 1
        tops: list[int] = []
        bottoms: list[int] = []
        for index, layer in enumerate(layers):
            clear = min(_CLEAR + _EACH * wires[index], _CLEAREST)
            tops.append(bottoms[-1] + clear if bottoms else 0)
            heights = [self.vertices[vertex].height for vertex in layer if vertex < len(self.vertices)]
            bottoms.append(tops[-1] + max(heights, default=0))
        return tops, bottoms

    def _entrances(self, lefts: Sequence[int]) -> dict[Link, int]:
        """Where each link enters its target: side by side, in the order in which they come."""
        found: dict[Link, int] = {}
        coming: dict[int, list[Link]] = {}
        for link in self.links:
            if link.enters is None:
                coming.setdefault(self.number[link.target], []).append(link)
            else:
                found[link] = link.enters
        for target, links in coming.items():
            links = sorted(links, key=lambda link: lefts[self.last[link].upper] + self.last[link].leaves)
            for index, link in enumerate(links, 1):
                found[link] = self.widths[target] * index // (len(links) + 1)
        return found

    def _path(
        self, link: Link, lefts: Sequence[int], tops: Sequence[int], bottoms: Sequence[int], enters: int
    ) -> tuple[Point, ...]:
        source, target = self.number[link.source], self.number[link.target]
        x, layer = lefts[source] + link.leaves, self.layer[source]
        points = [Point(x, tops[layer] + self.vertices[source].height), Point(x, bottoms[layer])]
        for lane in self.lanes[link]:
            x, layer = lefts[lane] + LANE // 2, self.layer[lane]
            points += [Point(x, tops[layer]), Point(x, bottoms[layer])]
        points.append(Point(lefts[target] + enters, tops[self.layer[target]]))
        return tuple(dict.fromkeys(points))


def _shared(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, those that fan out of one vertex with the weight of one together, so that they bend no trunk."""
    fans: dict[int, int] = {}
    for one in segments:
        if one.weight == _LOOSE:
            fans[one.upper] = fans.get(one.upper, 0) + 1
    return [one._replace(weight=_LOOSE / fans[one.upper]) if one.weight == _LOOSE else one for one in segments]
