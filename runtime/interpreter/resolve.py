"""From references to values."""

from __future__ import annotations

from datetime import UTC

from podpipec_runtime.calendar.written import shown
from podpipec_runtime.interpreter.program import INPUT
from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.text import Unknown, expand
from podpipec_runtime.interpreter.turn import Misfit, Turn
from podpipec_runtime.interpreter.values import (
    Data,
    Instance,
    Item,
    Items,
    Scalar,
    Value,
    items_of,
    stored_data,
)
from podpipec_runtime.plan.types import (
    CarryRef,
    ChildrenRef,
    ConstantRef,
    Cycle,
    Each,
    Fold,
    HelperRef,
    InputRef,
    ItemRef,
    Loop,
    NeedsRef,
    Open,
    ParentRef,
    PathPart,
    Ref,
    ShardsRef,
    StepRef,
    StreamRef,
    TextRef,
    WindowsRef,
)
from podpipec_runtime.shapes.fan_in import FanIn

_LONGEST_LABEL = 100


def resolve(turn: Turn | State, ref: Ref, path: tuple[int, ...]) -> Value:
    """The value of `ref` as seen from the element at `path`. What it leads to is published."""
    while isinstance(ref, CarryRef):
        ref, path = _before(turn, ref, path)
    match ref:
        case StepRef():
            place = turn.program.steps[ref.step]
            values = turn.flow.published[Instance(ref.step, path[: len(place.chain)])]
            names = turn.program.values.get(ref.step)
            return values[0 if names is None else names[ref.output]]
        case ItemRef():
            return _item(turn, ref.each, path).value
        case InputRef():
            return _input(turn, ref.input)
        case ShardsRef() | WindowsRef():
            return Items(slices(turn, ref.input))
        case ConstantRef():
            if isinstance(ref.value, str):
                return Scalar(ref.value)
            return Items(tuple(Scalar(text) for text in ref.value))
        case TextRef():
            return Scalar(text_at(turn, ref.parts, path))
        case ParentRef() | ChildrenRef() | NeedsRef():
            raise ValueError("a tree or a graph: refused before a run begins")
        case StreamRef():
            raise ValueError("a stream: refused before a run begins")
        case HelperRef():
            return Scalar(_address(turn, ref))


def _address(turn: Turn | State, ref: HelperRef) -> str:
    """Where the stages of a pod reach a helper."""
    plan = turn.program.plan
    opened = turn.program.steps[ref.step].step
    assert isinstance(opened, Open)  # as the plan's check has seen
    return f"localhost:{next(helper.port for helper in plan.helpers if helper.name == opened.helper)}"


def _before(turn: Turn | State, ref: CarryRef, path: tuple[int, ...]) -> tuple[Ref, tuple[int, ...]]:
    """What a carry is in the element at `path`: a reference, and the element that it is seen from."""
    place = turn.program.steps[ref.cycle]
    assert isinstance(place.step, Cycle)
    carry = next(each for each in place.step.carries if each.name == ref.name)
    around, index = path[: len(place.chain)], path[len(place.chain)]
    return (carry.gives, (*around, index - 1)) if index else (carry.start, around)


def _input(turn: Turn | State, name: str) -> Value:
    """A slice, or what a unit was given: a value, a list of values, a scalar."""
    kind = next(each.slice for each in turn.program.plan.inputs if each.name == name)
    if kind == "text":
        return Scalar(turn.facts.texts[name])
    found = slices(turn, name)
    return Items(found) if kind == "values" else found[0]


def slices(turn: Turn | State, name: str) -> tuple[Data, ...]:
    """The slices of an input, in the order of its shards or windows."""
    place = next(each.place for each in turn.program.plan.inputs if each.name == name)
    stored = turn.facts.inputs[name]
    return tuple(stored_data(each, place, slice_instance(turn, name, at)) for at, each in enumerate(stored))


def slice_instance(turn: Turn | State, name: str, index: int) -> Instance:
    """What stands for the pulling of one slice: the input's number and the slice's."""
    number = next(at for at, each in enumerate(turn.program.plan.inputs) if each.name == name)
    return Instance(INPUT, (number, index))


def text_at(turn: Turn | State, parts: tuple[PathPart, ...], path: tuple[int, ...]) -> str:
    """Text for the element at `path`."""
    try:
        return expand(
            parts,
            turn.facts.window,
            turn.facts.shard,
            lambda part: item_text(turn, part.each, path, part.format),
            lambda ref: scalar_text(turn, ref, path),
            turn.facts.zone,
        )
    except Unknown as error:
        raise Misfit(f"the flow needs a {error}, and the run was started without") from None


def scalar_text(turn: Turn | State, ref: Ref, path: tuple[int, ...]) -> str:
    """The text of a scalar. Raises Misfit for what is none."""
    value = resolve(turn, ref, path)
    if not isinstance(value, Scalar):
        raise Misfit("a text needs a scalar, and what there is is none")
    return value.text


def item_text(turn: Turn | State, each: str, path: tuple[int, ...], form: str = "") -> str:
    """What an element is in a text: itself if it is a scalar, a window by `form` if that is given, else what it is
    called."""
    item = _item(turn, each, path)
    if form and item.start is not None:
        return item.start.strftime(form)
    return item.value.text if isinstance(item.value, Scalar) else item.label


def arguments(turn: Turn | State, instance: Instance, at: int = 0) -> tuple[tuple[str, Value], ...]:
    """The arguments of a call, or of the one at `at` of a fallback, in the order of its stage's inputs."""
    call = turn.program.calls[instance.step][at]
    ports = turn.program.stages[call.stage].stage.inputs
    return tuple((port.name, resolve(turn, call.args[port.name], instance.path)) for port in ports)


def elements(turn: Turn, loop: Loop, path: tuple[int, ...]) -> tuple[Item, ...]:
    """What a loop goes over, and what its elements are called. Raises Misfit for what is no list."""
    value = resolve(turn, loop.over, path)
    found = items_of(value)
    if found is None:
        raise Misfit(f"`{loop.id}` goes over what is no list")
    if isinstance(loop, Fold) and not found:
        raise Misfit(f"`{loop.id}` folds a list that is empty, and nothing has no sum")
    if isinstance(loop, Each) and loop.group:
        return _groups(found, loop.group, loop.step)
    names: tuple[str, ...] = ()
    if isinstance(loop.over, ShardsRef):
        name = loop.over.input
        names = next(given.shards for given in turn.program.plan.inputs if given.name == name)
    elif isinstance(loop.over, WindowsRef):
        starts = turn.facts.windows[loop.over.input]
        return tuple(
            Item(one, shown(start, start.tzinfo or UTC), start) for one, start in zip(found, starts, strict=True)
        )
    return tuple(map(Item, found, names or _labels(found)))


def _labels(values: tuple[Value, ...]) -> tuple[str, ...]:
    """Scalars are called by their texts, if these fit on a line and no two are the same; others by their numbers."""
    texts = {value.text for value in values if isinstance(value, Scalar)}
    if len(texts) < len(values) or not all(len(text) <= _LONGEST_LABEL and text.isprintable() for text in texts):
        return tuple(map(str, range(len(values))))
    return tuple(value.text for value in values if isinstance(value, Scalar))


def _groups(found: tuple[Value, ...], size: int, step: int) -> tuple[Item, ...]:
    """Groups of neighbours, called by their number. They may be short at the end where none overlap."""
    starts = range(0, len(found) if step == size else len(found) - size + 1, step)
    return tuple(Item(Items(found[start : start + size]), str(at)) for at, start in enumerate(starts))


def _item(turn: Turn | State, loop: str, path: tuple[int, ...]) -> Item:
    depth = len(turn.program.steps[loop].chain)
    fold = Instance(loop, path[:depth])
    fan = turn.flow.fans[fold]
    if not isinstance(fan.gate, FanIn):
        return fan.items[path[depth]]
    group = fan.gate.groups[path[depth]]
    return Item(Items(tuple(member(turn, fold, each) for each in group.members)), group.label)


def member(turn: Turn | State, fold: Instance, number: int) -> Value:
    """What a fold's groups are made of: an element of its list, or what a group came to."""
    fan, step = turn.flow.fans[fold], turn.program.steps[fold.step].step
    assert isinstance(fan.gate, FanIn) and isinstance(step, Fold)
    if number < fan.gate.size:
        return fan.items[number].value
    return resolve(turn, step.yields, (*fold.path, number - fan.gate.size))
