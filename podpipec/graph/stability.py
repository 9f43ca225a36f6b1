"""Which values running again would not give again: their stability, and what took it from them.

A stage that calls a service gives what the service said at that moment. So that is unstable, and so is all that is
derived from it, until it is pinned: what is recorded once is the same from then on. A helper says what it was told:
where calls change one in no order, the next run may hear something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, assert_never

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
    inside,
)
from podpipec.graph.speakers import Speakers
from podpipec.source import Span
from podpipec.types.typed import (
    FromCarry,
    FromChildren,
    FromHelper,
    FromItem,
    FromNeeds,
    FromParent,
    FromStep,
    Origin,
    Service,
)
from podpipec_runtime.tuples import NamedTuple

Stability = Literal["stable", "unstable"]


class Touch(NamedTuple):
    """What made a value unstable: what a step does in words, and where the program says so.

    `depth` is how many loops and branches stand around the body in which it was decided what the value is: for all
    that is deeper it is one and the same.
    """

    what: str
    span: Span
    depth: int


class Stabilities(NamedTuple):
    """The unstable values of a graph, each with what made it so; all others are stable.

    `around` has the loops and choices that each node stands in, from the outermost.
    """

    touched: Mapping[Origin, Touch]
    around: Mapping[str, tuple[Loop | If, ...]] = MappingProxyType({})

    def of(self, origin: Origin) -> Stability:
        """The word for a value, as a program writes it."""
        return "unstable" if origin in self.touched else "stable"


def stability(graph: Graph) -> Stabilities:
    """The stability of every value of a graph."""
    work = _Work({}, dict(_around(graph.nodes)), Speakers(graph))
    while work.grew:  # what a body carries from element to element is known after a first look at it
        work.grew = False
        _nodes(graph.nodes, work)
    return Stabilities(work.found, work.around)


def _around(nodes: Sequence[Node]) -> Iterator[tuple[str, tuple[Loop | If, ...]]]:
    """What each node stands in. The nodes of both branches of a choice stand before it in its own body."""
    waiting: list[tuple[Sequence[Node], tuple[Loop | If, ...]]] = [(nodes, ())]
    while waiting:
        here, outer = waiting.pop()
        choices: dict[str, list[Loop | If]] = {}
        for node in reversed(here):  # what is around stands behind
            if isinstance(node, If):
                for name in (*node.then, *node.otherwise):
                    choices.setdefault(name, []).append(node)
        for node in here:
            around = (*outer, *choices.get(node.id, ()))
            yield node.id, around
            if isinstance(node, Loop):
                waiting.append((node.body, (*around, node)))


class _Work:
    """The unstable values that are known so far, and whether more became known."""

    def __init__(
        self, found: dict[Origin, Touch], around: Mapping[str, tuple[Loop | If, ...]], talks: Speakers
    ) -> None:
        self.found = found
        self.around = around
        self.talks = talks
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

    def gathered(self, node: Loop | If, read: Iterable[Origin], output: str = "") -> None:
        """What comes out of a loop or a choice is decided where that stands."""
        touch, depth = self.outermost(read), len(self.around[node.id])
        self.add(FromStep(node.id, output), touch and touch._replace(depth=min(touch.depth, depth)))


def _nodes(nodes: Sequence[Node], work: _Work) -> None:
    for node in nodes:
        match node:
            case Call(stage=stage):
                depth = len(work.around[node.id])
                touch = work.outermost(node.given.values(), _of_call(node, depth) or _heard(node, depth, work))
                for port in stage.outputs:
                    work.add(FromStep(node.id, port.name), touch)
            case Open(id=id_, args=args):
                work.add(FromHelper(id_), work.outermost(args.values(), _of_helper(node, len(work.around[id_]))))
            case Crossing(args=args, results=results):
                touch = work.outermost(args.values())
                for datum in results:
                    work.add(datum.origin, touch)
            case Move(value=value, output=output):
                work.add(output.origin, work.found.get(value))
            case Each(id=id_, over=over, body=body, result=result):
                work.add(FromItem(id_), work.outermost((over, result)) if node.by else work.found.get(over))
                _nodes(body, work)
                work.gathered(node, (result, over))  # of an unstable list it is not sure how many elements there are
            case Walk():
                _walk(node, work)
            case Cycle():
                _cycle(node, work)
            case Ordered(id=id_, over=over, body=body, result=result):
                work.add(FromItem(id_), work.found.get(over))
                _nodes(body, work)
                work.add(FromNeeds(id_), work.outermost((result, over)))
                work.gathered(node, (result, over))
            case If(args=args):
                work.gathered(node, args.values())  # what decides is among them
            case Execute(args=args, output=output):  # a flow that calls a service is refused when it is there
                work.add(output.origin, work.outermost(args.values()))
            case Pin() | Keep() | Close():
                pass  # what is recorded is the same from then on; a kept copy is no other value
            case _:
                assert_never(node)


def _walk(walk: Walk, work: _Work) -> None:
    work.add(FromItem(walk.id), work.found.get(walk.over))
    _nodes(walk.body, work)
    for down in walk.downs:
        work.add(FromParent(walk.id, down.name), work.outermost((down.start, down.value)))
    for up in walk.ups:
        # of an unstable tree it is not even sure what is below what
        work.add(FromChildren(walk.id, up.name), work.outermost((up.value, walk.over)))
        work.gathered(walk, (up.value, walk.over), up.name)


def _cycle(cycle: Cycle, work: _Work) -> None:
    work.add(FromItem(cycle.id), work.found.get(cycle.over))
    _nodes(cycle.body, work)
    for carry in cycle.carries:  # of an unstable list it is not sure how many elements there are
        work.add(FromCarry(cycle.id, carry.name), work.outermost((carry.start, carry.value, cycle.over)))
        work.gathered(cycle, (carry.start, carry.value, cycle.over), carry.name)


def _of_call(call: Call, depth: int) -> Touch | None:
    if call.otherwise:
        names = " or ".join(f"`{attempt.stage.name.text}`" for attempt in call.attempts)
        return Touch(f"{names} made it, whichever did not fail", call.span, depth)
    if not call.stage.calls:
        return None
    return Touch(f"`{call.stage.name.text}` calls {_services(call.stage.calls)}", call.span, depth)


def _of_helper(node: Open, depth: int) -> Touch | None:
    if not node.helper.calls:
        return None
    return Touch(f"the helper `{node.helper.name.text}` calls {_services(node.helper.calls)}", node.span, depth)


def _services(calls: Sequence[Service]) -> str:
    names = " and ".join(f"`{one.name.text}`" for one in calls)
    return f"the {'service' if len(calls) == 1 else 'services'} {names}"


def _heard(call: Call, depth: int, work: _Work) -> Touch | None:
    """What a call is told by a helper is unstable if others told that in no order, or told what is unstable."""
    for step, earlier, disorder in work.talks.heard(call):
        if disorder is not None:
            name, other = call.stage.name.text, disorder.stage.name.text
            what = f"`{name}` asks the helper of `{step}`, which `{other}` changes in no order"
            if disorder is call:
                what = f"`{name}` changes the helper of `{step}` for each element, in no order"
            return Touch(what, call.span, depth)
        touch = work.outermost(origin for one in earlier for origin in one.args.values())
        if touch is not None:
            return touch
    return None
