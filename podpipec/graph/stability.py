"""Which values running again would not give again: their stability, and what took it from them.

A stage that calls a service gives what the service said at that moment. So that is unstable, and so is all that is
derived from it, until it is pinned: what is recorded once is the same from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from podpipec.graph.nodes import Call, Crossing, Each, Graph, Keep, Move, Node, Pin, inside
from podpipec.source import Span
from podpipec.types.typed import FromItem, FromStep, Origin

Stability = Literal["stable", "unstable"]


class Touch(NamedTuple):
    """What made a value unstable: what a step does in words, and where the program says so.

    `depth` is how many loops stand around the body in which it was decided what the value is: for all elements of
    deeper loops it is one and the same.
    """

    what: str
    span: Span
    depth: int


class Stabilities(NamedTuple):
    """The unstable values of a graph, each with what made it so; all others are stable."""

    touched: Mapping[Origin, Touch]

    def of(self, origin: Origin) -> Stability:
        """The word for a value, as a program writes it."""
        return "unstable" if origin in self.touched else "stable"


def stability(graph: Graph) -> Stabilities:
    """The stability of every value of a graph."""
    work = _Work({})
    while work.grew:  # what a body carries from element to element is known after a first look at it
        work.grew = False
        _nodes(graph.nodes, 0, work)
    return Stabilities(work.found)


class _Work:
    """The unstable values that are known so far, and whether more became known."""

    def __init__(self, found: dict[Origin, Touch]) -> None:
        self.found = found
        self.grew = True

    def outermost(self, read: Iterable[Origin], own: Touch | None = None) -> Touch | None:
        """Of what made these values unstable that which was decided for the most elements."""
        parts = (part for origin in read for part in (origin, *inside(origin)))
        touches = [self.found[part] for part in parts if part in self.found]
        return min((*(() if own is None else (own,)), *touches), key=lambda touch: touch.depth, default=None)

    def add(self, origin: Origin, touch: Touch | None) -> None:
        known = self.found.get(origin)
        if touch is not None and (known is None or touch.depth < known.depth):
            self.found[origin] = touch
            self.grew = True


def _nodes(nodes: Sequence[Node], depth: int, work: _Work) -> None:
    for node in nodes:
        match node:
            case Call(args=args, stage=stage):
                touch = work.outermost(args.values(), _of_call(node, depth))
                for port in stage.outputs:
                    work.add(FromStep(node.id, port.name), touch)
            case Crossing(args=args, results=results):
                touch = work.outermost(args.values())
                for datum in results:
                    work.add(datum.origin, touch)
            case Move(value=value, output=output):
                work.add(output.origin, work.found.get(value))
            case Each(id=id_, over=over, body=body, result=result):
                work.add(FromItem(id_), work.found.get(over))
                _nodes(body, depth + 1, work)
                # of an unstable list it is not even sure how many elements there are
                collected = work.outermost((result, over))
                work.add(FromStep(id_, ""), collected and collected._replace(depth=min(collected.depth, depth)))
            case Pin() | Keep():
                pass  # what is recorded is the same from then on; a kept copy is no other value


def _read(args: Mapping[str, Origin]) -> Iterator[Origin]:
    """What a step is given, and the scalars in its texts."""
    for origin in args.values():
        yield origin
        yield from inside(origin)


def _of_call(call: Call, depth: int) -> Touch | None:
    if not call.stage.calls:
        return None
    names = " and ".join(f"`{one.name.text}`" for one in call.stage.calls)
    services = "service" if len(call.stage.calls) == 1 else "services"
    return Touch(f"`{call.stage.name.text}` calls the {services} {names}", call.span, depth)
