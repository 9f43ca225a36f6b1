"""Which paths a copy in `remote` is written to: all that its elements come to, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from podpipec.graph.nodes import Graph, Keep, Loop
from podpipec.types.typed import FromConstant, FromShards, FromWindows, Item

#: A path, what is known of it joined: texts, and what else stands for a text.
Path = tuple[object, ...]

#: More paths of one copy are not written out: they are told apart by how they are written alone.
_MOST = 10_000


def paths(keep: Keep, around: Sequence[Loop], graph: Graph) -> Iterator[Path]:
    """Every path that a copy is written to."""
    over = {loop.id: loop.over for loop in around}
    shards: Mapping[object, tuple[str, ...]] = {entry.origin: entry.snapshot.shards for entry in graph.entries}
    parts: list[tuple[object, ...]] = []
    for part in keep.path:
        if not isinstance(part, Item):
            parts.append((part,))
            continue
        match over.get(part.name):
            case FromConstant(value=tuple() as texts):
                parts.append(texts)
            case FromShards() as origin if origin in shards:
                parts.append(shards[origin])
            case FromWindows() as origin:
                parts.append(((origin, part.format),))
            case _:
                parts.append((part,))
    if prod(map(len, parts)) > _MOST:
        yield keep.path
        return
    for one in product(*parts):
        yield tuple(_joined(one))


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
