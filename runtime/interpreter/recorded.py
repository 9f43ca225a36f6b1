"""What was pinned before: whether it still holds, what need not run because of it, and what is recorded now."""

from __future__ import annotations

from msgspec import to_builtins
from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Remember
from podpipec_runtime.interpreter.keys import digest
from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.turn import Turn, label
from podpipec_runtime.interpreter.values import Instance, Pinned, Value, leaves, pinned, pinned_value
from podpipec_runtime.plan.types import Pin


def name_of(turn: Turn | State, instance: Instance) -> str:
    """Under what name a step of an element is known from run to run."""
    return "\n".join((instance.step, *label(turn, instance)))


def lineage(turn: Turn | State, instance: Instance) -> str:
    """What a pin derives from in this run: another program, other slices, or another answer that was pinned before,
    are another value."""
    pinning, chain = turn.program.pins.pins[instance.step], turn.program.steps[instance.step].chain
    slices = []
    for source in pinning.sources:
        stored = turn.facts.inputs[source.input]
        if source.each:
            stored = stored[instance.path[chain.index(source.each)] :][:1]
        slices.append([each.hash for each in stored])
    before = _before(turn, instance)
    if not before:
        return digest(pinning.recipe, slices)
    answers = [turn.recorded.get(name_of(turn, one)) for one in before]
    return digest(pinning.recipe, slices, [None if one is None else to_builtins(one) for one in answers])


def _before(turn: Turn | State, instance: Instance) -> list[Instance]:
    """The nearest pins that one is made of, as far as a resume can tell before anything runs; none that is taken
    together with it."""
    from podpipec_runtime.interpreter.ancestry import near  # few flows pin anything

    group = _group(turn, instance)
    return sorted(one for one in near(turn, instance) if one not in group)


def known(turn: Turn, instance: Instance) -> Value | None:
    """What was pinned before this pass, if it still holds. It is the same throughout the pass."""
    first = _group(turn, instance)[0]
    holds = turn.flow.recorded.get(first)
    if holds is None:
        holds = _hold(turn, first)
        turn.flow = replace(turn.flow, recorded=turn.flow.recorded.insert(first, holds))
    return _value(turn, instance) if holds else None


def _group(turn: Turn | State, instance: Instance) -> tuple[Instance, ...]:
    """The pins that are taken together with one, itself included."""
    return tuple(Instance(step, instance.path) for step in turn.program.pins.pins[instance.step].together)


def _hold(turn: Turn, first: Instance) -> bool:
    """Whether all pins of a group are there as they were recorded, and all that they are made of."""
    seen, waiting = {first}, [first]
    while waiting:
        one = waiting.pop()
        holds = turn.flow.recorded.get(one)
        group = _group(turn, one) if holds is None else ()
        if holds is False or any(_value(turn, each) is None for each in group) or len(_makings(turn, group)) > 1:
            return False
        for earlier in (each for pin in group for each in _before(turn, pin)):
            leader = _group(turn, earlier)[0]
            if leader not in seen:
                seen.add(leader)
                waiting.append(leader)
    return True


def _makings(turn: Turn, group: tuple[Instance, ...]) -> set[int]:
    """Of which making the pins of a group are: of two if a run went down between recording one and the other."""
    found = (turn.facts.recorded.get(name_of(turn, each)) for each in group)
    return {one.making for one in found if one is not None}


def _value(turn: Turn, instance: Instance) -> Value | None:
    one: Pinned | None = turn.facts.recorded.get(name_of(turn, instance))
    if one is None or one.lineage != lineage(turn, instance):
        return None
    value = _lying(turn, instance, one)
    return value if all(_is_there(turn, name, was) for name, was in one.others) else None


def _lying(turn: Turn, instance: Instance, one: Pinned) -> Value | None:
    """What was recorded, if it lies where it was kept."""
    pin = turn.program.steps[instance.step].step
    assert isinstance(pin, Pin)
    value = pinned_value(one, pin.place, instance)
    return value if all(data.loc in turn.facts.content for data in leaves(value)) else None


def _is_there(turn: Turn, name: str, was: str) -> bool:
    """Whether a pin of another loop or branch is there, and what it was. What that derives from is part of the recipe
    and of the slices of whatever is made of it."""
    one, step = turn.facts.recorded.get(name), name.partition("\n")[0]
    return one is not None and _answer(one) == was and _lying(turn, Instance(step), one) is not None


def _answer(one: Pinned) -> str:
    return digest("answer", to_builtins(one))


def _others(turn: Turn, instance: Instance) -> tuple[tuple[str, str], ...]:
    """The pins of other loops and branches that one is made of, with those that these are made of."""
    from podpipec_runtime.interpreter.ancestry import far, near

    found: dict[str, str] = {}
    waiting = far(turn, instance)
    while waiting:
        earlier = waiting.pop()
        name = name_of(turn, earlier)
        one = turn.recorded.get(name)
        if name not in found and one is not None:  # what a branch pins that was not taken is not there
            found |= {name: _answer(one), **dict(one.others)}
            waiting += (*near(turn, earlier), *far(turn, earlier), *_group(turn, earlier))
    return tuple(sorted(found.items()))


def is_spared(turn: Turn, instance: Instance) -> bool:
    """Whether a step need not run, because all that it is there for was pinned before."""
    pins = turn.program.pins.spared.get(instance.step, ())
    return bool(pins) and all(known(turn, Instance(pin, instance.path)) is not None for pin in pins)


def record(turn: Turn, instance: Instance, value: Value) -> None:
    """From now on this is what was pinned."""
    making = 1 + max(_makings(turn, _group(turn, instance)), default=0)
    one = pinned(lineage(turn, instance), value, _others(turn, instance), making)
    name = name_of(turn, instance)
    turn.recorded = turn.recorded.insert(name, one)
    turn.ask(Remember(name, one))


def lost(turn: Turn, instance: Instance) -> None:
    """What was pinned is gone. A fresh pass pins anew, and makes anew what was made of the old."""
    turn.recorded = turn.recorded.discard(name_of(turn, instance))
    turn.given_up = (*turn.given_up, instance.step)
    if turn.phase == "running":
        turn.phase = "again"
