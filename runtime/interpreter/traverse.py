"""Going through the plan: which step may begin, and which is done without being run."""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.again import let_be, request
from podpipec_runtime.interpreter.choice import enter_if, skipped
from podpipec_runtime.interpreter.commands import Spare
from podpipec_runtime.interpreter.fallback import enter_call
from podpipec_runtime.interpreter.jobs import create, keep_done, pin_done
from podpipec_runtime.interpreter.keys import copy_key, value_digest
from podpipec_runtime.interpreter.lifetimes import let_go, release
from podpipec_runtime.interpreter.publish import close, hold_back, open_more, publish, spare
from podpipec_runtime.interpreter.reading import lies
from podpipec_runtime.interpreter.recorded import is_spared, known, lost
from podpipec_runtime.interpreter.releases import is_over
from podpipec_runtime.interpreter.resolve import elements, member, resolve, text_at
from podpipec_runtime.interpreter.state import Fan
from podpipec_runtime.interpreter.tasks import Gate, Visit
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Items, Value, leaves, moved
from podpipec_runtime.plan.order import branches
from podpipec_runtime.plan.types import Call, CarryRef, Cycle, Each, Fold, If, Keep, Loop, Move, Pin
from podpipec_runtime.shapes.cycle import Ring
from podpipec_runtime.shapes.fan_in import FanIn
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
    """Begins a step, unless all that came of it was pinned before."""
    if is_spared(turn, instance):
        _spare(turn, instance)
        return
    match turn.program.steps[instance.step].step:
        case Call():
            enter_call(turn, instance)
        case If() as choice:
            enter_if(turn, instance, choice)
        case Each() | Fold() | Cycle() as loop:
            _enter_loop(turn, instance, loop)
        case Keep() as keep:
            _enter_keep(turn, instance, keep)
        case Move() as move:
            _enter_move(turn, instance, move)
        case Pin() as pin:
            _enter_pin(turn, instance, pin)


def _spare(turn: Turn, instance: Instance) -> None:
    step = turn.program.steps[instance.step].step
    if isinstance(step, Call):
        turn.ask(Spare(instance, step.stage, done=False))
    elif isinstance(step, If):  # what its steps would have read has one reader less
        for branch in branches(step):
            for name in skipped(branch):
                release(turn, Instance(name, instance.path))
    spare(turn, instance)


def _enter_loop(turn: Turn, instance: Instance, loop: Loop) -> None:
    items = elements(turn, loop, instance.path)
    shape = _shape(loop, len(items), everything=turn.facts.dry)
    turn.flow = replace(turn.flow, fans=turn.flow.fans.insert(instance, Fan(shape, items)))
    turn.later(Gate(instance))


def _shape(loop: Loop, size: int, *, everything: bool) -> FanOut | FanIn | Ring:
    """The way to go through a loop; `everything` that can begin at once."""
    most = max(size, 1)
    match loop:
        case Each():
            return FanOut(size, most if everything else loop.width)
        case Fold():
            return FanIn.of(size, loop.by, most if everything else loop.width)
        case Cycle():
            return Ring(size, most if everything else loop.depth)


def _enter_keep(turn: Turn, instance: Instance, keep: Keep) -> None:
    value = resolve(turn, keep.value, instance.path)
    if keep.place == "remote":
        if turn.sent.get(text_at(turn, keep.path, instance.path)) == value_digest(value):
            publish(turn, instance, ())
        else:
            _do(turn, instance, ())
    elif is_over(turn, instance, keep, value):
        publish(turn, instance, ())
    elif all(lies(turn, data, keep) for data in leaves(value)):
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


def _enter_pin(turn: Turn, instance: Instance, pin: Pin) -> None:
    """What was recorded before is taken, whatever its source would be now."""
    value = known(turn, instance)
    if value is not None and any(lies(turn, data, pin) is None for data in leaves(value)):
        lost(turn, instance)
        return
    if value is not None:
        keep_done(turn, instance, pin, value, copied=False)
        publish(turn, instance, (value,))
        return
    source = resolve(turn, pin.value, instance.path)
    value = moved(source, pin.place, instance)
    if not turn.facts.dry and all(lies(turn, data, pin) for data in leaves(source)):
        pin_done(turn, instance, pin, value, copied=False, first=True)
    else:
        _do(turn, instance, (value,))


def gate(turn: Turn, instance: Instance) -> None:
    """Lets in the next elements of a loop, and ends it after the last."""
    fan = turn.flow.fans[instance]
    tight = turn.work.tight is not None
    indexes, shape = fan.gate.take(at_once=tight) if isinstance(fan.gate, FanOut) else fan.gate.take()
    ended, shape = shape.forget()
    scopes = turn.flow.scopes
    for index in ended:
        scopes = scopes.discard(Instance(instance.step, (*instance.path, index)))
    fans = turn.flow.fans.insert(instance, replace(fan, gate=shape))
    turn.flow = replace(turn.flow, fans=fans, scopes=scopes)
    if isinstance(shape, Ring):
        for index in ended:
            let_go(turn, instance, index - 1)
    for index in indexes:
        _begin_element(turn, Instance(instance.step, (*instance.path, index)))
    if shape.done and instance not in turn.flow.published:
        publish(turn, instance, _outcome(turn, instance, shape))
        if isinstance(shape, Ring):
            let_go(turn, instance, shape.size - 1)
    elif shape.done and fan.holds:
        let_be(turn, instance)


def _outcome(turn: Turn, instance: Instance, shape: FanOut | FanIn | Ring) -> tuple[Value, ...]:
    """The values of a loop that has ended."""
    loop = turn.program.steps[instance.step].step
    assert isinstance(loop, Loop)
    match loop:
        case Each():
            paths = ((*instance.path, index) for index in range(shape.size))
            return (Items(tuple(resolve(turn, loop.yields, path) for path in paths)),)
        case Fold():
            assert isinstance(shape, FanIn)
            return (member(turn, instance, shape.root),)
        case Cycle():
            after = (*instance.path, shape.size)
            return tuple(resolve(turn, CarryRef(cycle=loop.id, name=each.name), after) for each in loop.carries)


def _begin_element(turn: Turn, scope: Instance) -> None:
    open_more(turn, scope)
    parked = turn.flow.parked.get(scope)
    if parked is None:
        body = hold_back(turn, scope, turn.program.bodies[scope.step])
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
