"""Who writes a value, who reads it, and whether it is handed out of the flow: what its life depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.graph.nodes import (
    Call,
    Close,
    Crossing,
    Cycle,
    Each,
    Execute,
    Graph,
    If,
    Keep,
    Loop,
    Move,
    Node,
    Open,
    Ordered,
    Pin,
    Walk,
)
from podpipec.graph.places import kept, outlives
from podpipec.graph.traversal import comes_to, deep_needs, gives, walk
from podpipec.graph.values import Datum
from podpipec.types.origin import FromItem, FromParent, FromStep, Origin, step_of


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
            if datum.origin in names:
                copies = {place for name in (names[0], datum.origin) for place in self._kept.get(name, {})}
                if not any(outlives(place, datum.place) for place in copies):
                    return True
        return False


def _others(graph: Graph) -> dict[Origin, tuple[Origin, ...]]:
    """For what a loop gives the values in it that the loop did not write: its own elements handed on, or from outside;
    for what a choice gives the values that it may be; for what comes down in a tree what it begins as."""
    given: dict[Origin, tuple[Loop, Origin]] = {}
    direct: dict[Origin, tuple[Origin, ...]] = {}
    for node, _ in walk(graph.nodes):
        if isinstance(node, Call):
            continue
        if isinstance(node, Loop) and not comes_to(node):
            given.update((name, (node, value)) for name, value in gives(node))
        if isinstance(node, If):
            direct[FromStep(node.id, "")] = node.results or ()
        elif isinstance(node, Walk):
            direct.update({FromParent(node.id, down.name): (down.start,) for down in node.downs})
    found: dict[Origin, tuple[Origin, ...]] = {}

    def parts(origin: Origin) -> tuple[Origin, ...]:
        """What a value may be made of; asked for in the order of the program, so that it goes no deeper than bodies."""
        if origin not in found:
            here: Iterable[Origin] = direct.get(origin, ())
            if origin in given:
                loop, value = given[origin]
                here = _handed_on(loop, value, parts(value))
            found[origin] = tuple(dict.fromkeys(one for part in here for one in (part, *parts(part))))
        return found[origin]

    for name in (*given, *direct):
        parts(name)
    return {origin: inside for origin, inside in found.items() if inside}


def _handed_on(loop: Loop, value: Origin, inside: tuple[Origin, ...]) -> list[Origin]:
    """What of a value that a loop gives, or of what that may be, is not written in the body."""
    body = {inner.id for inner in loop.body}
    outside = [one for one in (value, *inside) if step_of(one) not in body]
    return [loop.over if one == FromItem(loop.id) else one for one in outside]


def written(node: Node) -> tuple[Datum, ...]:
    """What a node itself writes on a place of the pod; of a loop what it comes to, if that is no list."""
    match node:
        case Call(outputs=outputs):
            return outputs
        case Move(output=output) | Pin(output=output) | Execute(output=output):
            return (output,)
        case Crossing(unit=unit, results=results) if unit is not None:
            return tuple(datum for datum in results if datum.place != "remote")
        case Each(values=values) | Cycle(values=values):
            return values
        case Crossing() | Keep() | Walk() | Ordered() | If() | Open() | Close():
            return ()
