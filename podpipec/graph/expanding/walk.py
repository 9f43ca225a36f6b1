"""`walk`: one node, whatever the tree is.

What goes down and up is made from what went down and up before. Its bounds are those that hold for a node if they hold
for the parent, or for the children: they are found by trying, and where none is found there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.graph.data import Frame
from podpipec.graph.expanding.items import held_item
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Down, Node, Up, Walk
from podpipec.graph.values import Datum
from podpipec.graph.walking import after_children
from podpipec.types import typed
from podpipec.types.origin import FromChildren, FromParent, FromStep, Origin
from podpipec.types.sizes import LARGEST, Bound, wider
from podpipec.types.typed import WalkStep
from podpipec_runtime.tuples import NamedTuple

#: So often a larger bound is tried; a tree that is said to be no deeper than so many levels is followed level by level.
_TRIES, _LEVELS = 3, 32

_Bounds = Mapping[str, Bound | None]


class _Walking(NamedTuple):
    """A walk in the making: its step, its id, where its body stands, what goes down at first, what was noted before."""

    step: WalkStep
    id: str
    frame: Frame
    work: Expansion
    starts: Mapping[str, Origin]
    since: tuple[int, int]

    def body(self, downs: _Bounds, ups: _Bounds) -> tuple[Node, ...]:
        """The nodes of the body, if what comes from the parent and from all children together has these bounds."""
        known, scratch = self.work.data.known, self.frame.pod.scratch
        for down in self.step.downs:
            start = known.get(self.starts[down.name])
            place = start.place if start is not None else scratch
            origin = FromParent(self.id, down.name)
            datum = Datum(origin, down.name, down.value.content, place, downs[down.name], down.value.span)
            self.work.data.add(datum, self.frame.scope)
        for up in self.step.ups:
            children, content = FromChildren(self.id, up.name), up.value.content._replace(lists=1)
            name = f"children.{up.name}"
            datum = Datum(children, name, content, scratch, ups[up.name], up.value.span, None)
            self.work.data.add(datum, self.frame.scope)
        return self.work.again(self.step.body, self.frame, self.since)

    def made(self, lines: Sequence[typed.Down | typed.Up]) -> dict[str, Bound | None]:
        """The bounds of what goes down, or up, from a node of the body that was made last."""
        origins = {line.name: self.work.data.origin(line.value, self.frame) for line in lines}
        return {name: origin and self.work.data.bound_in(origin, self.frame) for name, origin in origins.items()}


def walk(step: WalkStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a walk, with those of its body."""
    over = work.data.origin(step.over, frame)
    inner = frame._replace(scope=(*frame.scope, True))
    starts = {down.name: work.data.origin(down.start, frame) for down in step.downs}
    begun = {name: origin for name, origin in starts.items() if origin is not None}
    if over is None or len(begun) < len(starts):
        return work.left_out()
    id_ = frame.prefix + step.id
    held_item(step, "Tree", over, frame, work)
    walking = _Walking(step, id_, inner, work, begun, work.noted)
    falling = _falling(walking)
    rising = _rising(walking, falling)
    body = walking.body(falling, rising)
    lines: tuple[typed.Down | typed.Up, ...] = (*step.downs, *step.ups)
    values = {line.name: work.data.origin(line.value, inner) for line in lines}
    made = {name: origin for name, origin in values.items() if origin is not None}
    if len(made) < len(lines):
        return work.left_out()
    downs = tuple(Down(down.name, begun[down.name], made[down.name]) for down in step.downs)
    ups = tuple(Up(up.name, made[up.name], _output(walking, up, made[up.name], rising)) for up in step.ups)
    for one in ups:
        if one.output is not None:
            work.data.add(one.output, frame.scope)
    _lie_where_made(walking, downs, ups)
    width, after = step.width or work.width(frame.pod), work.after(step.after, frame)
    walk_ = Walk(id_, over, step.order, width, step.depth, body, downs, ups, after, step.span)
    late = after_children(walk_)
    in_turn = sorted(range(len(body)), key=lambda index: index in late)  # what comes after the children stands behind
    return [walk_._replace(body=tuple(body[index] for index in in_turn))]


def _falling(walking: _Walking) -> _Bounds:
    """Bounds of what comes from the parent: of what it begins as, and of what any node makes of it.

    Nothing for what every level may make larger, unless it is known how many levels there are.
    """
    step, data = walking.step, walking.work.data
    bounds = {name: data.bound_in(origin, walking.frame) for name, origin in walking.starts.items()}
    nothing = {up.name: Bound(0, True) for up in step.ups}
    levels = step.depth if step.depth is not None and step.depth <= _LEVELS else None
    for _ in range((levels or _TRIES) - 1 if bounds else 0):
        walking.body(bounds, nothing)
        larger = {name: wider(bounds[name], made) for name, made in walking.made(step.downs).items()}
        if larger == bounds:
            return bounds
        bounds = larger
    if levels is None and bounds:
        walking.body(bounds, nothing)
        larger = {name: wider(bounds[name], made) for name, made in walking.made(step.downs).items()}
        bounds = {name: bound if bound == bounds[name] else None for name, bound in larger.items()}
    return bounds


def _rising(walking: _Walking, falling: _Bounds) -> _Bounds:
    """Bounds of what comes up from nodes none of which is below another, all together. Nothing where there is none.

    Such a bound is in proportion to what lies below the nodes. What a node makes if nothing comes up is its own part;
    if what it adds to that for what comes up is no more than came up, the bound of the parts holds for the whole.
    """
    ups = walking.step.ups
    if not ups:
        return {}
    walking.body(falling, {up.name: Bound(0, True) for up in ups})
    own = walking.made(ups)
    bounds = {name: bound if bound is not None and bound.share else None for name, bound in own.items()}
    for _ in range(_TRIES):
        walking.body(falling, bounds)
        larger = {name: _enough(bounds[name], own[name], made) for name, made in walking.made(ups).items()}
        if larger == bounds:
            return bounds
        bounds = larger
    return dict.fromkeys(own)


def _enough(bound: Bound | None, own: Bound | None, made: Bound | None) -> Bound | None:
    if bound is None or own is None or made is None or not made.share:
        return None
    return Bound(min(max(bound.bytes, made.bytes - own.bytes), LARGEST), True)


def _output(walking: _Walking, up: typed.Up, origin: Origin, rising: _Bounds) -> Datum | None:
    """What comes up from the root, outside of the walk."""
    step, made = walking.step, walking.work.data.known.get(origin)
    if made is None:
        return None
    name = shown(walking.id, up.name, len(step.ups))
    bound = rising[up.name] or made.bound
    return Datum(FromStep(walking.id, up.name), name, made.content, made.place, bound, step.span)


def _lie_where_made(walking: _Walking, downs: tuple[Down, ...], ups: tuple[Up, ...]) -> None:
    """What comes down or up lies where it was made: who insists on a place insists on that of all that it can be."""
    known, since = walking.work.data.known, walking.since[0]
    sources: dict[Origin, tuple[Origin, ...]] = {}
    for down in downs:
        sources[FromParent(walking.id, down.name)] = (down.start, down.value)
    for up in ups:
        children = FromChildren(walking.id, up.name)
        sources[children] = (up.value,)
        if up.value in known:
            place = known[up.value].place
            walking.work.data.add(known[children]._replace(place=place), walking.frame.scope)
    claims = walking.work.claims[since:]
    walking.work.claims[since:] = [
        claim._replace(value=value) for claim in claims for value in sources.get(claim.value, (claim.value,))
    ]
