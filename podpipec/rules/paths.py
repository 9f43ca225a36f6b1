"""Which paths a copy in `remote` is written to: all that its elements come to, as far as that is known.

What a unit of a flow across pods writes is seen from that flow, whose loops have many such units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from podpipec.graph.nodes import Crossing, Graph, Keep, Loop, Unit
from podpipec.graph.started import shard_loop, window_loop
from podpipec.graph.traversal import walk
from podpipec.source import Span
from podpipec.types.origin import FromConstant, FromShards, FromWindows, Item, Origin, Shard, Template, Window
from podpipec_runtime.tuples import NamedTuple

#: A path, what is known of it joined: texts, and what else stands for a text.
Path = tuple[object, ...]

#: More paths of one copy are not written out: they are told apart by how they are written alone.
_MOST = 10_000

#: Stands for the loop over the shards of which a run is for one.
_RUN = "{shard}"

_DIRECTIVE = re.compile(r"(%.)")


class Hole(NamedTuple):
    """A piece of a path: what it comes to for each element of a loop. Without a loop it is one and the same text."""

    loop: str
    texts: tuple[Path, ...]


class Write(NamedTuple):
    """A copy that is written to `remote`: by a step `by` of the flow that is started, `around` which that has loops.

    `call` is where the flow calls the unit that writes it, if one does; `shows` are the loops whose elements its path
    tells apart.
    """

    keep: Keep
    by: str
    call: Span | None
    around: tuple[Loop, ...]
    path: tuple[Hole, ...]

    @property
    def shows(self) -> frozenset[str]:
        """The loops whose elements the path names."""
        return frozenset(hole.loop for hole in self.path if hole.loop)


def writes(graph: Graph) -> Iterator[Write]:
    """Every copy in `remote` that a flow writes, itself or by its units."""
    for node, around in walk(graph.nodes):
        if isinstance(node, Keep) and node.place == "remote":
            yield Write(node, node.id, None, around, _path(node.path, graph, around, {}, ""))
        elif isinstance(node, Crossing) and node.unit is not None:
            holes = _started(node, node.unit, graph, around)
            prefix = f"{node.id}/"
            for keep, inside in walk(node.unit.graph.nodes):
                if isinstance(keep, Keep) and keep.place == "remote":
                    path = _path(keep.path, node.unit.graph, inside, holes, prefix)
                    yield Write(keep, node.id, node.span, around, path)


def _started(node: Crossing, unit: Unit, graph: Graph, around: Sequence[Loop]) -> Mapping[str, tuple[Loop, Graph]]:
    """For `shard` and `window` the loop of the calling flow whose element a unit is started for."""
    overs = {loop.id: loop.over for loop in around}
    told = (("shard", shard_loop(node, unit, overs)), ("window", window_loop(node, unit, overs)))
    return {word: (loop, graph) for word, name in told for loop in around if loop.id == name}


def _path(
    path: Template,
    graph: Graph,
    around: Sequence[Loop],
    started: Mapping[str, tuple[Loop, Graph]],
    prefix: str,
) -> tuple[Hole, ...]:
    loops = {loop.id: loop for loop in around}
    holes = []
    for part in path:
        match part:
            case Item(name=name, format=format_) if name in loops:
                holes.append(Hole(prefix + name, _elements(loops[name].over, graph, format_)))
            case Shard() | Window() if part.kind in started:
                loop, outside = started[part.kind]
                format_ = part.format if isinstance(part, Window) else ""
                holes.append(Hole(loop.id, _elements(loop.over, outside, format_)))
            case Shard():
                holes.append(Hole(_RUN, _of_run(graph)))
            case Window(format=format_):
                holes.append(Hole("", (_time(0, format_),)))
            case _:
                holes.append(Hole("", ((part,),)))
    return tuple(holes)


def _of_run(graph: Graph) -> tuple[Path, ...]:
    """The shards of which a run is for one. Runs for others write their own paths, and those are to differ, too."""
    sharded = (entry for entry in graph.entries if entry.snapshot.shards and not isinstance(entry.origin, FromShards))
    entry = next(sharded, None)
    return ((Shard(),),) if entry is None else tuple((name,) for name in entry.snapshot.shards)


def _elements(over: Origin, graph: Graph, format_: str) -> tuple[Path, ...]:
    """What the elements of a list are in a path."""
    entry = next((entry for entry in graph.entries if entry.origin == over), None)
    match over:
        case FromConstant(value=tuple() as texts):
            return tuple((text,) for text in texts)
        case FromShards() if entry is not None:
            return tuple((name,) for name in entry.snapshot.shards)
        case FromWindows(reach=reach) if entry is not None and entry.snapshot.clock is not None:
            datum = graph.data.get(over)
            first, last = reach or (0, (datum.length if datum else None) or 1)
            return tuple(
                _time(at * entry.snapshot.clock.seconds, format_) for at in range(first, last + (1 if reach else 0))
            )
        case _:
            return (((over, format_),),)


def _time(seconds: int, format_: str) -> Path:
    """The start of a window that is so many seconds from the run's, as a path shows it: what of it, and texts."""
    pieces = _DIRECTIVE.split(format_) if format_ else ("",)
    return tuple(
        "%" if piece == "%%" else (seconds, piece) if not format_ or _DIRECTIVE.fullmatch(piece) else piece
        for piece in pieces
    )


def paths(write: Write) -> Iterator[Path]:
    """Every path that a copy is written to, for each element of the loops that it shows once."""
    counts = {hole.loop: len(hole.texts) for hole in write.path}
    if prod(counts.values()) > _MOST:
        yield tuple(hole.texts for hole in write.path)
        return
    for indexes in product(*map(range, counts.values())):
        at = dict(zip(counts, indexes, strict=True))
        yield tuple(_joined([piece for hole in write.path for piece in hole.texts[at[hole.loop]]]))


def _joined(parts: Sequence[object]) -> Iterator[object]:
    """The same, with texts that stand side by side as one."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        yield part
        text = ""
    if text:
        yield text
