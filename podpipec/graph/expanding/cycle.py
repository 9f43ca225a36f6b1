"""`cycle`: one node, whatever the number of elements.

What is carried is made from what was carried before. Its bound is one that holds for what an element hands on if it
holds for what it was given: it is found by trying, and where none is found there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.items import list_item
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Carry, Cycle, Node
from podpipec.graph.values import Captured, Datum
from podpipec.types import typed
from podpipec.types.origin import FromCarry, FromConstant, FromStep, Origin
from podpipec.types.sizes import Bound, wider
from podpipec.types.typed import CycleStep
from podpipec.types.units import size_text
from podpipec_runtime.tuples import NamedTuple

_Bounds = dict[str, Bound | None]


class _Cycling(NamedTuple):
    """A cycle in the making: its step and id, where its body stands, what is carried first, what was noted before."""

    step: CycleStep
    id: str
    frame: Frame
    work: Expansion
    starts: Mapping[str, Origin]
    since: tuple[int, int]

    def body(self, bounds: _Bounds) -> tuple[Node, ...]:
        """The nodes of the body, if what the element before hands on has these bounds."""
        known, data = self.work.data.known, self.work.data
        for carry in self.step.carries:
            origin, content = FromCarry(self.id, carry.name), carry.value.content
            if content.scalar:
                data.scalars[origin] = Captured(carry.name, content, carry.value.span)
                continue
            start = known.get(self.starts[carry.name])
            place = start.place if start is not None else self.frame.pod.scratch
            span = carry.start.span
            data.add(Datum(origin, carry.name, content, place, bounds[carry.name], span), self.frame.scope)
        return self.work.again(self.step.body, self.frame, self.since)

    def made(self) -> dict[str, Origin]:
        """What an element of the body that was made last hands on, as far as it is known."""
        found = {one.name: self.work.data.origin(one.value, self.frame) for one in self.step.carries}
        return {name: origin for name, origin in found.items() if origin is not None}

    def wider(self, bounds: _Bounds) -> _Bounds:
        """What is handed on, or was before, whichever is larger; nothing where a bound is unknown."""
        found = {name: self.work.data.bound_in(origin, self.frame) for name, origin in self.made().items()}
        return {name: wider(bound, found.get(name)) for name, bound in bounds.items()}


def cycle(step: CycleStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a cycle, with those of its body."""
    over = work.data.origin(step.over, frame)
    depth = 1 if step.depth is None else work.number(step.depth, step.span, frame)
    starts = {one.name: work.data.origin(one.start, frame) for one in step.carries}
    begun = {name: origin for name, origin in starts.items() if origin is not None}
    if over is None or depth is None or len(begun) < len(starts):
        return work.left_out()
    id_ = frame.prefix + step.id
    source = work.data.known.get(over) or work.data.scalars.get(over)
    count = len(over.value) if isinstance(over, FromConstant) else source.length if source else 1
    scope = (*frame.scope, count is None)
    list_item(step, over, count, frame, work)
    cycling = _Cycling(step, id_, frame._replace(scope=scope), work, begun, work.noted)
    bounds, body = _bounded(cycling)
    made = cycling.made()
    if len(made) < len(begun):
        return work.left_out()
    carries = tuple(_carry(cycling, one, begun[one.name], made[one.name], bounds, frame) for one in step.carries)
    width = depth if count is None else max(1, min(depth, count))
    return [Cycle(id_, over, body, carries, count, width, work.after(step.after, frame), step.span)]


def _bounded(cycling: _Cycling) -> tuple[_Bounds, tuple[Node, ...]]:
    """Bounds that hold for what is handed on if they hold for what was, and the body that has them.

    What every element may enlarge is refused.
    """
    data = cycling.work.data
    bounds: _Bounds = {
        one.name: wider(start, start)
        for one in cycling.step.carries
        for start in (data.bound_in(cycling.starts[one.name], cycling.frame),)
    }
    first = bounds
    for _ in range(len(bounds) + 1):  # what one hands on, the next may be made of
        body = cycling.body(bounds)
        larger = cycling.wider(bounds)
        if larger == bounds:
            return bounds, body
        before, bounds = bounds, larger
    for one in cycling.step.carries:
        now, then = before[one.name], bounds[one.name]
        if now is not None and then is not None and now != then:
            _grows(cycling, one, first[one.name] or now, then)
    return bounds, cycling.body(bounds)


def _carry(cycling: _Cycling, carry: typed.Carry, start: Origin, value: Origin, bounds: _Bounds, frame: Frame) -> Carry:
    work, name = cycling.work, shown(cycling.id, carry.name, len(cycling.step.carries))
    origin = FromStep(cycling.id, carry.name)
    if carry.value.content.scalar:
        work.data.scalars[origin] = Captured(name, carry.value.content, cycling.step.span)
        return Carry(carry.name, start, value, None)
    first, made = work.data.known.get(start), work.data.known.get(value)
    if first is None or made is None:
        return Carry(carry.name, start, value, None)
    if first.place != made.place:
        work.wrong.append(
            error(
                "L4",
                f"`{carry.name}` begins on `{first.place}`, and goes on on `{made.place}`",
                carry.value.span,
                "one value, one place",
                (first.span, f"lies on `{first.place}` from here"),
                (made.span, f"lies on `{made.place}` from here"),
                help=f"write both to one place, as in `x in {made.place} = …`, or `move` what it begins as",
            )
        )
    output = made._replace(origin=origin, name=name, bound=bounds[carry.name], span=cycling.step.span)
    work.data.add(output, frame.scope)
    return Carry(carry.name, start, value, output)


def _grows(cycling: _Cycling, carry: typed.Carry, first: Bound, then: Bound) -> None:
    cycling.work.wrong.append(
        error(
            "R2",
            f"`{carry.name}` can grow with every element: {size_text(first.bytes)}, {size_text(then.bytes)}, and so on",
            carry.value.span,
            "bounded by its inputs alone",
            (carry.start.span, "what it begins as"),
            help="give the stage's output a bound of its own, such as `size sum 1GiB`",
        )
    )
