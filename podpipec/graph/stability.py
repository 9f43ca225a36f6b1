"""Which values running again would not give again: their stability, and what took it from them.

A stage that calls a service gives what the service said at that moment. So that is unstable, and so is all that is
derived from it, until it is pinned: what is recorded once is the same from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from podpipec.graph.nodes import Call, Crossing, Each, Graph, Move, Node
from podpipec.source import Span
from podpipec.types.typed import FromItem, FromStep, Origin

Stability = Literal["stable", "unstable"]


class Touch(NamedTuple):
    """What first made a value unstable: the step, what it does in words, and where the program says so."""

    step: str
    what: str
    span: Span


class Stabilities(NamedTuple):
    """The unstable values of a graph, each with what made it so; all others are stable."""

    touched: Mapping[Origin, Touch]

    def of(self, origin: Origin) -> Stability:
        """The word for a value, as a program writes it."""
        return "unstable" if origin in self.touched else "stable"


def stability(graph: Graph) -> Stabilities:
    """The stability of every value of a graph."""
    found: dict[Origin, Touch] = {}
    known = -1
    while known != len(found):  # what a body carries from element to element is known after a first look at it
        known = len(found)
        _nodes(graph.nodes, found)
    return Stabilities(found)


def _nodes(nodes: Sequence[Node], found: dict[Origin, Touch]) -> None:
    for node in nodes:
        match node:
            case Call(args=args, outputs=outputs):
                touch = _of_call(node) or _first(args.values(), found)
                _add((datum.origin for datum in outputs), touch, found)
            case Crossing(args=args, results=results):
                _add((datum.origin for datum in results), _first(args.values(), found), found)
            case Move(value=value, output=output):
                _add((output.origin,), found.get(value), found)
            case Each(id=id_, over=over, body=body, result=result):
                _add((FromItem(id_),), found.get(over), found)
                _nodes(body, found)
                # of an unstable list it is not even sure how many elements there are
                _add((FromStep(id_, ""),), _first((result, over), found), found)


def _of_call(call: Call) -> Touch | None:
    if not call.stage.calls:
        return None
    names = " and ".join(f"`{one.name.text}`" for one in call.stage.calls)
    services = "service" if len(call.stage.calls) == 1 else "services"
    return Touch(call.id, f"`{call.stage.name.text}` calls the {services} {names}", call.span)


def _first(read: Iterable[Origin], found: Mapping[Origin, Touch]) -> Touch | None:
    return next((found[origin] for origin in read if origin in found), None)


def _add(given: Iterable[Origin], touch: Touch | None, found: dict[Origin, Touch]) -> None:
    if touch is not None:
        for origin in given:
            found.setdefault(origin, touch)
