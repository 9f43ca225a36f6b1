"""Going through the plan: which step may begin, and which is done without being run."""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.choice import enter_if
from podpipec_runtime.interpreter.fallback import enter_call
from podpipec_runtime.interpreter.jobs import create, keep_done, on_place, request
from podpipec_runtime.interpreter.keys import copy_key, value_digest
from podpipec_runtime.interpreter.publish import close, open_more, publish
from podpipec_runtime.interpreter.resolve import elements, resolve, text_at
from podpipec_runtime.interpreter.state import Fan
from podpipec_runtime.interpreter.tasks import Gate, Visit
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Items, Value, leaves, moved
from podpipec_runtime.plan.types import Call, Each, If, Keep, Move
from podpipec_runtime.shapes.fan_out import FanOut


def visit(turn: Turn, scope: Instance) -> None:
    """Begins every step of a body that waits for nothing any more."""
    graph = turn.flow.scopes.get(scope)
    if graph is None:
        return
    names, graph = graph.take()
    _, graph = graph.forget()
    turn.flow = replace(turn.flow, scopes=turn.flow.scopes.insert(scope, graph))
    for name in names:
        enter(turn, Instance(name, scope.path))


def enter(turn: Turn, instance: Instance) -> None:
    """Begins a step."""
    match turn.program.steps[instance.step].step:
        case Call():
            enter_call(turn, instance)
        case If() as choice:
            enter_if(turn, instance, choice)
        case Each() as each:
            _enter_each(turn, instance, each)
        case Keep() as keep:
            _enter_keep(turn, instance, keep)
        case Move() as move:
            _enter_move(turn, instance, move)


def _enter_each(turn: Turn, instance: Instance, each: Each) -> None:
    items = elements(turn, each, instance.path)
    width = max(len(items), 1) if turn.facts.dry else each.width
    fan = Fan(FanOut(len(items), width), items)
    turn.flow = replace(turn.flow, fans=turn.flow.fans.insert(instance, fan))
    turn.later(Gate(instance))


def _enter_keep(turn: Turn, instance: Instance, keep: Keep) -> None:
    value = resolve(turn, keep.value, instance.path)
    if keep.place == "remote":
        if turn.sent.get(text_at(turn, keep.path, instance.path)) == value_digest(value):
            publish(turn, instance, ())
        else:
            _do(turn, instance, ())
    elif all(on_place(turn, data, keep.place) for data in leaves(value)):
        keep_done(turn, instance, keep, value, copied=False)
        publish(turn, instance, ())
    else:
        _do(turn, instance, ())


def _do(turn: Turn, instance: Instance, values: tuple[Value, ...]) -> None:
    """A copy has to be made. A dry pass goes on as if it were."""
    create(turn, instance, first=True, cause="")
    if turn.facts.dry:
        publish(turn, instance, values)


def _enter_move(turn: Turn, instance: Instance, move: Move) -> None:
    """A move whose source is nowhere at hand is made when somebody asks for its data."""
    value = resolve(turn, move.value, instance.path)
    target = moved(value, move.place, instance)
    known = copy_key(move, value) in turn.records
    there = all(turn.stock.locate(data) is not None for data in leaves(target))
    gone = any(turn.stock.anywhere(data) is None for data in leaves(value))
    if known or there or gone:
        publish(turn, instance, (target,), (value,))
    else:
        _do(turn, instance, (target,))


def gate(turn: Turn, instance: Instance) -> None:
    """Lets in the next elements of an `each`, and ends it after the last."""
    fan = turn.flow.fans[instance]
    indexes, shape = fan.gate.take()
    ended, shape = shape.forget()
    scopes = turn.flow.scopes
    for index in ended:
        scopes = scopes.discard(Instance(instance.step, (*instance.path, index)))
    fans = turn.flow.fans.insert(instance, replace(fan, gate=shape))
    turn.flow = replace(turn.flow, fans=fans, scopes=scopes)
    for index in indexes:
        _begin_element(turn, Instance(instance.step, (*instance.path, index)))
    if shape.done and instance not in turn.flow.published:
        each = turn.program.steps[instance.step].step
        assert isinstance(each, Each)
        paths = ((*instance.path, index) for index in range(shape.size))
        publish(turn, instance, (Items(tuple(resolve(turn, each.yields, path) for path in paths)),))


def _begin_element(turn: Turn, scope: Instance) -> None:
    open_more(turn, scope)
    parked = turn.flow.parked.get(scope)
    if parked is None:
        body = turn.program.bodies[scope.step]
        turn.flow = replace(turn.flow, scopes=turn.flow.scopes.insert(scope, body))
        if body.done:
            close(turn, scope)
        else:
            turn.later(Visit(scope))
        return
    turn.flow = replace(turn.flow, parked=turn.flow.parked.remove(scope))
    for instance, loc, cause in parked:
        request(turn, instance, loc, cause)
        for outer in outer_scopes(turn, scope):
            close(turn, outer)
    close(turn, scope)


def outer_scopes(turn: Turn, scope: Instance) -> tuple[Instance, ...]:
    """The elements around the element `scope`, outermost first."""
    chain = turn.program.steps[scope.step].chain
    return tuple(Instance(each, scope.path[: at + 1]) for at, each in enumerate(chain))
