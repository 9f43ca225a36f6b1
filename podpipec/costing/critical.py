"""The critical path: the heaviest chain of steps that wait for each other, by bytes or by seconds.

A step weighs the bytes that it reads and writes, or the seconds that it is said to take. A loop weighs its body's
heaviest chain, as often as it takes to run all elements at its width. That slots are few is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from podpipec.costing.anatomy import Loop, everywhere
from podpipec.costing.edges import Edge
from podpipec.graph.liveness import total
from podpipec.graph.nodes import Graph, Node
from podpipec.graph.order import predecessors
from podpipec_runtime.tuples import NamedTuple

#: What one run of a step weighs: bytes or seconds.
Weigh = Callable[[str], float]


class Step(NamedTuple):
    """A step on the path. `rounds` is how many runs of it come one after the other."""

    name: str
    weight: float
    rounds: int


class Path(NamedTuple):
    """The steps, the first to run first, and what they weigh together. Not `whole` if rounds are not known."""

    weight: float
    steps: tuple[Step, ...]
    whole: bool = True


def by_bytes(graph: Graph, along: Sequence[Edge]) -> Weigh:
    """Weighs a step by the bytes that one run of it reads and writes. A copy is read and written."""
    weights: dict[str, int] = {}
    for edge in along:
        if edge.target.kind == "step":
            copies = 2 if edge.kind in ("keep", "move") else 1
            weights[edge.target.name] = weights.get(edge.target.name, 0) + copies * (edge.one or 0)
    for stand in everywhere(graph.nodes):
        if stand.anatomy.work == "run":
            for datum in stand.anatomy.writes:
                weights[stand.node.id] = weights.get(stand.node.id, 0) + (total(datum) or 0)
    return lambda step: float(weights.get(step, 0))


def by_seconds(seconds: Mapping[str, Sequence[float]]) -> Weigh:
    """Weighs a step by the mean of what its runs took; one that did not run takes no time."""
    means = {step: sum(found) / len(found) for step, found in seconds.items() if found}
    return lambda step: means.get(step, 0.0)


def critical_path(graph: Graph, weigh: Weigh, elements: Mapping[str, int] | None = None) -> Path:
    """The heaviest chain. `elements` tells how many elements a loop had, where a run has shown it."""
    loops = {stand.node.id: stand.anatomy.loop for stand in everywhere(graph.nodes) if stand.anatomy.loop is not None}
    return _path(graph.nodes, loops, weigh, elements or {}, 1)


def _path(
    nodes: Sequence[Node], loops: Mapping[str, Loop], weigh: Weigh, elements: Mapping[str, int], rounds: int
) -> Path:
    if not nodes:
        return Path(0.0, ())
    own: list[Path] = []
    for node in nodes:
        loop = loops.get(node.id)
        if loop is None:
            own.append(Path(weigh(node.id) * rounds, (Step(node.id, weigh(node.id), rounds),)))
        else:
            count = elements.get(node.id, loop.times)
            waves = -(-(1 if count is None else count) // loop.width)
            inner = _path(loop.nodes, loops, weigh, elements, rounds * waves)
            own.append(inner._replace(whole=inner.whole and count is not None))
    return _heaviest(own, predecessors(nodes))


def _heaviest(own: Sequence[Path], before: Sequence[Sequence[int]]) -> Path:
    """The chain of nodes that weighs most; of equals that which ends first in the program."""
    best: list[float] = []
    came: list[int] = []
    for index, needed in enumerate(before):
        previous = max(needed, key=lambda other: (best[other], -other), default=-1)
        best.append(own[index].weight + (best[previous] if previous >= 0 else 0.0))
        came.append(previous)
    at = max(range(len(own)), key=lambda index: (best[index], -index))
    weight, chain = best[at], []
    while at >= 0:
        chain.append(own[at])
        at = came[at]
    steps = tuple(step for path in reversed(chain) for step in path.steps)
    return Path(weight, steps, all(path.whole for path in own))
