"""How many elements a list surely has, whatever the data are."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Each, Graph, Loop
from podpipec.types.origin import FromConstant, FromShards, FromStep, FromWindows, Origin


def at_least(over: Origin, graph: Graph, loops: Mapping[str, Loop]) -> int:
    """The number of elements that a list has at least; `loops` are those of the graph, by their steps.

    Constants, shards and a range of windows have a known number, and so has what an `each` makes of each of their
    elements. A period may have none of a snapshot's windows, and a stage may write an empty list.
    """
    while isinstance(over, FromStep) and not over.output:
        loop = loops.get(over.step)
        if not isinstance(loop, Each) or loop.groups is not None or loop.by:
            return 0
        over = loop.over
    match over:
        case FromConstant(value=tuple() as texts):
            return len(texts)
        case FromShards():
            return next((len(entry.snapshot.shards) for entry in graph.entries if entry.origin == over), 0)
        case FromWindows(reach=(first, last)):
            return last - first + 1
        case _:
            return 0
