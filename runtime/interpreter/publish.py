"""A step is done: its values are known, and others may go on."""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.lifetimes import carry, claim, release, settle
from podpipec_runtime.interpreter.state import ROOT
from podpipec_runtime.interpreter.tasks import Advance, Copied, Finale, Gate, Join, Launch, Visit
from podpipec_runtime.interpreter.turn import Turn, scope_of
from podpipec_runtime.interpreter.values import Instance, Loc, Value
from podpipec_runtime.plan.types import Cycle
from podpipec_runtime.shapes.graph import Graph


def publish(turn: Turn, instance: Instance, values: tuple[Value, ...], read: tuple[Value, ...] = ()) -> None:
    """`instance` is done for the first time. `read` is what it read, if its values may have to be made again."""
    if turn.work.rooms:
        turn.work = replace(turn.work, rooms=0)
    claim(turn, instance, values, read)
    _done(turn, instance, values, read)


def spare(turn: Turn, instance: Instance) -> None:
    """`instance` need not be done: nobody will ask for what it would give."""
    turn.flow = replace(turn.flow, spared=turn.flow.spared.insert(instance, None))
    _done(turn, instance, ())


def _done(turn: Turn, instance: Instance, values: tuple[Value, ...], read: tuple[Value, ...] = ()) -> None:
    turn.flow = replace(turn.flow, published=turn.flow.published.insert(instance, values))
    if values:
        carry(turn, instance, read)
    release(turn, instance)
    _let_follow(turn, instance)
    scope = scope_of(turn, instance)
    graph = turn.flow.scopes[scope].finish(instance.step)
    turn.flow = replace(turn.flow, scopes=turn.flow.scopes.insert(scope, graph))
    if not graph.done:
        turn.later(Visit(scope))
    elif scope == ROOT:
        turn.later(Finale())
    elif scope.step in turn.program.branches:
        turn.later(Join(scope))
    else:
        close(turn, scope)


def hold_back(turn: Turn, scope: Instance, body: Graph) -> Graph:
    """The body of an element that begins, in which steps wait for what elements before have not made yet."""
    if isinstance(turn.program.steps[scope.step].step, Cycle):
        around, index = scope.path[:-1], scope.path[-1]
        for name in body.after:
            for follower in turn.program.followers.get(name, ()):
                made = Instance(name, (*around, index - follower.delay))
                if index >= follower.delay and made not in turn.flow.published:
                    body = body.hold(follower.step)
    return body


def _let_follow(turn: Turn, instance: Instance) -> None:
    """What `instance` made is there: steps of later elements of a cycle that have begun may go on."""
    for follower in turn.program.followers.get(instance.step, ()):
        scope = Instance(scope_of(turn, instance).step, (*instance.path[:-1], instance.path[-1] + follower.delay))
        graph = turn.flow.scopes.get(scope)
        if graph is not None:
            turn.flow = replace(turn.flow, scopes=turn.flow.scopes.insert(scope, graph.let(follower.step)))
            turn.later(Visit(scope))


def close(turn: Turn, scope: Instance) -> None:
    """One thing less is unfinished in an element; after the last the next element may start."""
    left = turn.flow.open[scope] - 1
    if left:
        turn.flow = replace(turn.flow, open=turn.flow.open.insert(scope, left))
        return
    each = Instance(scope.step, scope.path[:-1])
    fan = turn.flow.fans[each]
    gate = fan.gate.finish(scope.path[-1])
    turn.flow = replace(
        turn.flow,
        open=turn.flow.open.remove(scope),
        fans=turn.flow.fans.insert(each, replace(fan, gate=gate)),
    )
    turn.later(Gate(each))


def open_more(turn: Turn, scope: Instance) -> None:
    """One thing more is unfinished in an element."""
    count = turn.flow.open.get(scope, 0) + 1
    turn.flow = replace(turn.flow, open=turn.flow.open.insert(scope, count))


def arrive(turn: Turn, loc: Loc, size: int) -> None:
    """An object is there. Who waited for it goes on; if nobody needs it, it goes again."""
    turn.stock = turn.stock.arrive(loc, size)
    wake(turn, loc)
    settle(turn, loc)


def wake(turn: Turn, loc: Loc) -> None:
    """Whoever waits for an object looks again when it is the last one missing."""
    waiters = turn.work.awaiting.get(loc)
    if waiters is None:
        return
    turn.work = replace(turn.work, awaiting=turn.work.awaiting.remove(loc))
    for instance in reversed(tuple(waiters)):
        job = turn.work.jobs.get(instance)
        if job is None:
            continue
        turn.set_job(instance, replace(job, waits=job.waits - 1))
        if job.waits == 1:
            match job.stage:
                case "fetching":
                    turn.later(Launch(instance))
                case "copying":
                    turn.later(Copied(instance))
                case _:
                    turn.later(Advance(instance))
