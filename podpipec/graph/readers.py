"""Who writes a value, who reads it, and whether it is handed out of the flow: what its life depends on."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import (
    Call,
    Crossing,
    Datum,
    Each,
    Graph,
    Keep,
    Move,
    Node,
    Pin,
    deep_needs,
    step_of,
    walk,
)
from podpipec.graph.places import kept, outlives
from podpipec.types.typed import FromItem, FromStep, Origin


class Readers:
    """The readers of all values of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._kept = kept(graph)
        self._others = _others(graph)
        self._handed_out = [(name, *self._others.get(name, ())) for name, _ in graph.results.values()]

    def reads(self, node: Node) -> Mapping[Origin, None]:
        """What a node reads, its body included; of a list also what lies in it that its `each` did not write."""
        found: dict[Origin, None] = {}
        for origin in deep_needs(node):
            found[origin] = None
            found.update(dict.fromkeys(self._others.get(origin, ())))
        return found

    def inside(self, origin: Origin) -> tuple[Origin, ...]:
        """The values that lie in a list and that its `each` did not write."""
        return self._others.get(origin, ())

    def is_result_only_here(self, datum: Datum) -> bool:
        """Whether a value is handed out of the flow from the very place where it was written."""
        for names in self._handed_out:
            copies = {place for name in (names[0], datum.origin) for place in self._kept.get(name, {})}
            if datum.origin in names and not any(outlives(place, datum.place) for place in copies):
                return True
        return False


def _others(graph: Graph) -> dict[Origin, tuple[Origin, ...]]:
    """For each list the values in it that its `each` did not write: its own elements handed on, or one from outside."""
    over = {node.id: node.over for node, _ in walk(graph.nodes) if isinstance(node, Each)}
    direct: dict[Origin, Origin] = {}
    for node, _ in walk(graph.nodes):
        if isinstance(node, Each) and step_of(node.result) not in {inner.id for inner in node.body}:
            result = node.result
            direct[FromStep(node.id, "")] = over[result.each] if isinstance(result, FromItem) else result
    found = {}
    for name, first in direct.items():
        chain = [first]
        while (following := direct.get(chain[-1])) is not None:
            chain.append(following)
        found[name] = tuple(chain)
    return found


def written(node: Node) -> tuple[Datum, ...]:
    """What a node itself writes on a place of the pod."""
    match node:
        case Call(outputs=outputs):
            return outputs
        case Move(output=output) | Pin(output=output):
            return (output,)
        case Crossing(unit=unit, results=results) if unit is not None:
            return tuple(datum for datum in results if datum.place != "remote")
        case Crossing() | Keep() | Each():
            return ()
