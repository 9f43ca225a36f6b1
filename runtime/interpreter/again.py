"""Steps that have to be done once more, for their data is gone and somebody needs it.

The elements around such a step must be under way. Where one isn't, the step waits at the gate of its loop, which
then visits that element again.
"""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.calls import keyed
from podpipec_runtime.interpreter.jobs import create, create_call, hurry, readable
from podpipec_runtime.interpreter.lifetimes import settle
from podpipec_runtime.interpreter.publish import open_more
from podpipec_runtime.interpreter.recorded import known, lost
from podpipec_runtime.interpreter.resolve import resolve
from podpipec_runtime.interpreter.state import Fan, Parked
from podpipec_runtime.interpreter.tasks import Gate
from podpipec_runtime.interpreter.turn import Turn, scopes_of
from podpipec_runtime.interpreter.values import Instance, Loc, leaves
from podpipec_runtime.plan.types import Call, Pin


def request(turn: Turn, instance: Instance, loc: Loc, cause: str) -> None:
    """Does a step once more for the object `loc`. The elements around it must be under way; where one isn't,
    the step waits at the gate."""
    if instance in turn.work.jobs or loc in turn.stock.content:
        hurry(turn, instance)
        return
    scopes = scopes_of(turn, instance)
    for at, scope in enumerate(scopes):
        if scope not in turn.flow.open:
            entry = (instance, loc, cause)
            if entry in turn.flow.parked.get(scope, ()):
                return
            _park(turn, scope, entry)
            for outer in scopes[:at]:
                open_more(turn, outer)
            return
    place = turn.program.steps.get(instance.step)
    if place is not None and isinstance(place.step, Call):
        at = turn.flow.by.get(instance, 0)
        create_call(turn, instance, keyed(turn, instance, at), first=False, cause=cause, at=at)
    elif place is not None and isinstance(place.step, Pin) and known(turn, instance) is not None:
        lost(turn, instance)
    else:
        create(turn, instance, first=False, cause=cause)


def _park(turn: Turn, scope: Instance, entry: Parked) -> None:
    parked = turn.flow.parked.get(scope)
    turn.flow = replace(turn.flow, parked=turn.flow.parked.insert(scope, (*(parked or ()), entry)))
    if parked is None:
        each = Instance(scope.step, scope.path[:-1])
        fan = _look_back(turn, each, turn.flow.fans[each])
        fan = replace(fan, gate=fan.gate.discover(scope.path[-1]))
        turn.flow = replace(turn.flow, fans=turn.flow.fans.insert(each, fan))
        turn.later(Gate(each))


def _look_back(turn: Turn, loop: Instance, fan: Fan) -> Fan:
    """Elements of a loop are visited again. Had it ended, what it reads stays once more until it has."""
    if fan.holds or not fan.gate.done or turn.facts.dry:
        return fan
    values = (resolve(turn, ref, loop.path) for ref in turn.program.outside[loop.step])
    holds = readable(turn, tuple(data for value in values for data in leaves(value)))
    turn.stock = turn.stock.hold(holds)
    return replace(fan, holds=holds)


def let_be(turn: Turn, loop: Instance) -> None:
    """A loop has ended once more."""
    fan = turn.flow.fans[loop]
    turn.flow = replace(turn.flow, fans=turn.flow.fans.insert(loop, replace(fan, holds=())))
    turn.stock = turn.stock.unhold(fan.holds)
    for loc in fan.holds:
        settle(turn, loc)
