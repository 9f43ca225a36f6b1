"""Who writes a value, who reads it, and whether it is handed out of the flow: what its life depends on."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import (
    Call,
    Close,
    Crossing,
    Datum,
    Each,
    Graph,
    If,
    Keep,
    Move,
    Node,
    Open,
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
    """For each list the values in it that its `each` did not write: its own elements handed on, or one from outside;
    and for what a choice gives the values that it may be."""
    eaches = {FromStep(node.id, ""): node for node, _ in walk(graph.nodes) if isinstance(node, Each)}
    choices = {FromStep(node.id, ""): node.results for node, _ in walk(graph.nodes) if isinstance(node, If)}
    found: dict[Origin, tuple[Origin, ...]] = {}

    def parts(origin: Origin) -> tuple[Origin, ...]:
        """What a value may be made of; asked for in the order of the program, so that it goes no deeper than bodies."""
        if origin not in found:
            each = eaches.get(origin) if isinstance(origin, FromStep) else None
            direct = choices.get(origin) if isinstance(origin, FromStep) else None
            here = _handed_on(each, parts(each.result)) if each is not None else direct or ()
            found[origin] = tuple(dict.fromkeys(one for part in here for one in (part, *parts(part))))
        return found[origin]

    for node, _ in walk(graph.nodes):
        if isinstance(node, Each | If):
            parts(FromStep(node.id, ""))
    return {origin: inside for origin, inside in found.items() if inside}


def _handed_on(each: Each, inside: tuple[Origin, ...]) -> list[Origin]:
    """What of an element's result, or of what that may be, is not written in the element."""
    body = {inner.id for inner in each.body}
    outside = [one for one in (each.result, *inside) if step_of(one) not in body]
    return [each.over if one == FromItem(each.id) else one for one in outside]


def written(node: Node) -> tuple[Datum, ...]:
    """What a node itself writes on a place of the pod."""
    match node:
        case Call(outputs=outputs):
            return outputs
        case Move(output=output) | Pin(output=output):
            return (output,)
        case Crossing(unit=unit, results=results) if unit is not None:
            return tuple(datum for datum in results if datum.place != "remote")
        case Crossing() | Keep() | Each() | If() | Open() | Close():
            return ()
