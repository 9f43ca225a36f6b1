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
)
from podpipec.graph.speakers import Speakers
from podpipec.source import Span
from podpipec.types.declarations import Service
from podpipec.types.origin import (
    FromCarry,
    FromChildren,
    FromHelper,
    FromItem,
    FromNeeds,
    FromParent,
    FromStep,
    Origin,
    inside,
)
from podpipec_runtime.tuples import NamedTuple

Stability = Literal["stable", "unstable"]


class Touch(NamedTuple):
    """What made a value unstable: what a step does in words, and where the program says so.

    `depth` is how many loops and branches stand around the body in which it was decided what the value is: for all
    that is deeper it is one and the same. `handed`: an element of the loop there has it from the others.
    """

    what: str
    span: Span
    depth: int
    handed: bool = False


class Stabilities(NamedTuple):
    """The unstable values of a graph, each with what made it so; all others are stable.

    `around` has the loops and choices that each node stands in, from the outermost. `read` says for each unstable value
    what it is made of, and `said` which step was told something when it was made.
    """

    touched: Mapping[Origin, Touch]
    around: Mapping[str, tuple[Loop | If, ...]] = MappingProxyType({})
    read: Mapping[Origin, tuple[Origin, ...]] = MappingProxyType({})
    said: Mapping[Origin, str] = MappingProxyType({})

    def of(self, origin: Origin) -> Stability:
        """The word for a value, as a program writes it."""
        return "unstable" if origin in self.touched else "stable"


def stability(graph: Graph) -> Stabilities:
    """The stability of every value of a graph."""
    work = _Work({}, dict(_around(graph.nodes)), Speakers(graph))
    while work.grew:  # what a body carries from element to element is known after a first look at it
        work.grew = False
        _nodes(graph.nodes, work)
    return Stabilities(work.found, work.around, work.read, work.said)


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
        self.read: dict[Origin, tuple[Origin, ...]] = {}
        self.said: dict[Origin, str] = {}
        self.around = around
        self.talks = talks
        self.grew = True

    def made(self, origin: Origin, read: Iterable[Origin], own: Touch | None = None, step: str = "") -> None:
        """A value is made of others, and of what its own step was told."""
        parts = _with_parts(read)
        self._add(origin, self._outermost(parts, own), parts)
        if own is not None:
            self.said[origin] = step

    def handed(self, loop: Loop, origin: Origin, read: Iterable[Origin]) -> None:
        """What an element of a loop has from other elements: for all of them it hangs on the same answers."""
        parts = _with_parts(read)
        touch, depth = self._outermost(parts), len(self.around[loop.id])
        if touch is not None and touch.depth > depth:
            touch = touch._replace(depth=depth, handed=True)
        self._add(origin, touch, parts)

    def gathered(self, node: Loop | If, read: Iterable[Origin], output: str = "") -> None:
        """What comes out of a loop or a choice is decided where that stands."""
        parts = _with_parts(read)
        touch, depth = self._outermost(parts), len(self.around[node.id])
        if touch is not None:
            touch = touch._replace(depth=min(touch.depth, depth), handed=touch.handed and touch.depth < depth)
        self._add(FromStep(node.id, output), touch, parts)

    def _outermost(self, parts: Iterable[Origin], own: Touch | None = None) -> Touch | None:
        """Of what made these values unstable that which was decided for the most elements."""
        touches = [self.found[part] for part in parts if part in self.found]
        return min((*(() if own is None else (own,)), *touches), key=lambda touch: touch.depth, default=None)

    def _add(self, origin: Origin, touch: Touch | None, read: tuple[Origin, ...]) -> None:
        known = self.found.get(origin)
        if touch is None:
            return
        self.read[origin] = read
        if known is None or touch.depth < known.depth:
            self.found[origin] = touch
            self.grew = True


def _with_parts(read: Iterable[Origin]) -> tuple[Origin, ...]:
    return tuple(part for each in read for part in (each, *inside(each)))


def _nodes(nodes: Sequence[Node], work: _Work) -> None:
    for node in nodes:
        match node:
            case Call(stage=stage):
                depth = len(work.around[node.id])
                own = _of_call(node, depth)
                heard, told = (None, ()) if own else _heard(node, depth, work)
                for port in stage.outputs:
                    work.made(FromStep(node.id, port.name), (*node.given.values(), *told), own or heard, node.id)
            case Open(id=id_, args=args):
                work.made(FromHelper(id_), args.values(), _of_helper(node, len(work.around[id_])), id_)
            case Crossing(args=args, results=results):
                for datum in results:
                    work.made(datum.origin, args.values())
            case Move(value=value, output=output):
                work.made(output.origin, (value,))
            case Each(id=id_, over=over, body=body, result=result):
                work.made(FromItem(id_), (over,))
                if node.by:
                    work.handed(node, FromItem(id_), (over, result))
                _nodes(body, work)
                work.gathered(node, (result, over))  # of an unstable list it is not sure how many elements there are
            case Walk():
                _walk(node, work)
            case Cycle():
                _cycle(node, work)
            case Ordered(id=id_, over=over, body=body, result=result):
                work.made(FromItem(id_), (over,))
                _nodes(body, work)
                work.handed(node, FromNeeds(id_), (result, over))
                work.gathered(node, (result, over))
            case If(args=args):
                work.gathered(node, args.values())  # what decides is among them
            case Execute(args=args, output=output):  # a flow that calls a service is refused when it is there
                work.made(output.origin, args.values())
            case Pin() | Keep() | Close():
                pass  # what is recorded is the same from then on; a kept copy is no other value
            case _:
                assert_never(node)


def _walk(walk: Walk, work: _Work) -> None:
    work.made(FromItem(walk.id), (walk.over,))
    _nodes(walk.body, work)
    for down in walk.downs:
        work.handed(walk, FromParent(walk.id, down.name), (down.start, down.value))
    for up in walk.ups:
        # of an unstable tree it is not even sure what is below what
        work.handed(walk, FromChildren(walk.id, up.name), (up.value, walk.over))
        work.gathered(walk, (up.value, walk.over), up.name)


def _cycle(cycle: Cycle, work: _Work) -> None:
    work.made(FromItem(cycle.id), (cycle.over,))
    _nodes(cycle.body, work)
    for carry in cycle.carries:  # of an unstable list it is not sure how many elements there are
        work.handed(cycle, FromCarry(cycle.id, carry.name), (carry.start, carry.value, cycle.over))
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


def _heard(call: Call, depth: int, work: _Work) -> tuple[Touch | None, tuple[Origin, ...]]:
    """What a call is told by a helper is unstable if others told that in no order, or told what is unstable: which
    disorder that is, or what it was told."""
    told: list[Origin] = []
    for step, earlier, disorder in work.talks.heard(call):
        if disorder is not None:
            name, other = call.stage.name.text, disorder.stage.name.text
            what = f"`{name}` asks the helper of `{step}`, which `{other}` changes in no order"
            if disorder is call:
                what = f"`{name}` changes the helper of `{step}` for each element, in no order"
            return Touch(what, call.span, depth), ()
        told += (origin for one in earlier for origin in one.args.values())
    return None, tuple(told)
