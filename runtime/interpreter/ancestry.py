"""Which pins a pin is made of: the nearest ones, in its own element, in those around it, and in others.

They are found by going back from what is pinned, element by element: to what an element gave that came before in a
cycle or was made first in a fold, and into loops that have ended. A loop that this pass has not come to is gone
through as one: the pins around it that it reads are found, those in it are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Items
from podpipec_runtime.plan.order import branches, operands, refs
from podpipec_runtime.plan.types import CarryRef, Cycle, Each, Fold, If, ItemRef, Loop, Pin, Ref, Step, StepRef
from podpipec_runtime.shapes.fan_in import FanIn

#: A reference, and the element that it is seen from; one inside of a loop that is gone through as one has no more of
#: its path than leads to that loop.
_Seen = tuple[Ref, tuple[int, ...]]


def near(turn: Turn | State, instance: Instance) -> list[Instance]:
    """The pins that one is made of in its own element, in those around it and in those that came before: a resume can
    tell them before anything runs."""
    return [one for one in _nearest(turn, instance, enter=False) if _is_near(turn, instance, one)]


def far(turn: Turn | State, instance: Instance) -> list[Instance]:
    """All others that it is made of: in loops that are over, and in branches of choices that are made."""
    return [one for one in _nearest(turn, instance, enter=True) if not _is_near(turn, instance, one)]


def _is_near(turn: Turn | State, instance: Instance, other: Instance) -> bool:
    ours, theirs = (turn.program.pins.pins[one.step].around for one in (instance, other))
    if theirs != ours[: len(theirs)]:
        return False
    same = other.path == instance.path[: len(other.path)]
    return same or len(turn.program.steps[other.step].chain) == len(theirs)  # an element before may choose otherwise


def _nearest(turn: Turn | State, instance: Instance, *, enter: bool) -> Iterator[Instance]:
    """The first pins on each way back, as far as they are steps of an element that is known; `enter` loops that are
    over."""
    pin = turn.program.steps[instance.step].step
    assert isinstance(pin, Pin)
    made = turn.program.pins.of_pins
    waiting: list[_Seen] = [(pin.value, instance.path)]
    seen = set(waiting)
    carried: list[_Seen] = []
    told: set[_Seen] = set()  # carries that pins which were found are made of
    while waiting or carried:
        ref, path = waiting.pop() if waiting else carried.pop()
        match ref:
            case StepRef(step=name) if name in made:
                place = turn.program.steps[name]
                if not isinstance(place.step, Pin):
                    found = _made_of(turn, ref, place.step, path[: len(place.chain)], enter=enter)
                elif len(path) >= len(place.chain):
                    one = Instance(name, path[: len(place.chain)])
                    yield one
                    told |= _told(turn, instance, one)
                    continue
                else:
                    continue
            case ItemRef(each=name) if name in made:
                found = _element(turn, name, path)
            case CarryRef() if (ref, path) not in told:
                found = _carried(turn, ref, path)
            case _:
                continue
        new = [one for one in dict.fromkeys(found) if one not in seen]
        seen.update(new)
        for each in new:
            (carried if isinstance(each[0], CarryRef) else waiting).append(each)


def _told(turn: Turn | State, instance: Instance, other: Instance) -> set[_Seen]:
    """The carries that are behind another pin: what is made of that is made of all that they are made of. It does not
    speak for those that are pinned together with it."""
    pinning = turn.program.pins.pins[other.step]
    if other.path == instance.path and instance.step in pinning.together:
        return set()
    depths = ((one, len(turn.program.steps[one.cycle].chain)) for one in pinning.carries)
    return {(one, other.path) for one, depth in depths if len(other.path) == depth + 1}


def _made_of(turn: Turn | State, ref: StepRef, step: Step, path: tuple[int, ...], *, enter: bool) -> list[_Seen]:
    """What a step reads; of a loop also what its elements give."""
    fan = turn.flow.fans.get(Instance(step.id, path)) if enter else None
    match step:
        case Each() | Fold() if fan is not None:
            count = len(fan.gate.groups) if isinstance(fan.gate, FanIn) else len(fan.items)
            return [(step.over, path), *((step.yields, (*path, at)) for at in range(count))]
        case Cycle() if fan is not None:
            return [(step.over, path), (CarryRef(cycle=step.id, name=ref.output), (*path, len(fan.items)))]
        case If() if enter and Instance(step.id, path) in turn.flow.chosen:
            taken = branches(step)[0 if turn.flow.chosen[Instance(step.id, path)] else 1]
            given = () if taken.yields is None else (taken.yields,)
            return [(one, path) for one in (*(side.value for side in operands(step.condition)), *given)]
        case _:
            return [(one, path) for one in refs(step)]


def _element(turn: Turn | State, name: str, path: tuple[int, ...]) -> list[_Seen]:
    """What the element of a loop is; of a loop that is gone through as one, all its list."""
    place = turn.program.steps[name]
    loop, depth = place.step, len(place.chain)
    assert isinstance(loop, Loop)
    outer = path[:depth]
    fan = turn.flow.fans.get(Instance(name, outer)) if len(path) > depth else None
    if fan is None:
        return [(loop.over, outer), *([(loop.yields, path)] if isinstance(loop, Fold) else ())]
    at = path[depth]
    if isinstance(fan.gate, FanIn):
        assert isinstance(loop, Fold)
        size, members = fan.gate.size, fan.gate.groups[at].members
        groups = [(loop.yields, (*outer, one - size)) for one in members if one >= size]
        return [*groups, *(_listed(turn, loop.over, outer, one) for one in members if one < size)]
    group = fan.items[at].value
    if isinstance(loop, Each) and loop.group and isinstance(group, Items):
        first = at * loop.step
        return [_listed(turn, loop.over, outer, one) for one in range(first, first + len(group.items))]
    return [_listed(turn, loop.over, outer, at)]


def _listed(turn: Turn | State, over: Ref, path: tuple[int, ...], at: int) -> _Seen:
    """The element of a list at a number: what that element of the loop gave that collected it."""
    if isinstance(over, StepRef):
        place = turn.program.steps[over.step]
        if isinstance(place.step, Each):
            return place.step.yields, (*path[: len(place.chain)], at)
    return over, path


def _carried(turn: Turn | State, ref: CarryRef, path: tuple[int, ...]) -> list[_Seen]:
    """What an element was handed."""
    place = turn.program.steps[ref.cycle]
    assert isinstance(place.step, Cycle)
    carry, depth = next(one for one in place.step.carries if one.name == ref.name), len(place.chain)
    if len(path) <= depth:
        return [(carry.gives, path), (carry.start, path)]
    at = path[depth]
    return [(carry.gives, (*path[:depth], at - 1)) if at else (carry.start, path[:depth])]
