"""What a step reads and makes, as files and directories, and when it is its turn."""

from __future__ import annotations

from podpipec_runtime.interpreter.program import INPUT, RESULTS
from podpipec_runtime.interpreter.resolve import arguments, resolve, slices
from podpipec_runtime.interpreter.state import Rank
from podpipec_runtime.interpreter.turn import Turn, rank
from podpipec_runtime.interpreter.values import Data, Instance, Loc, data_in, leaves
from podpipec_runtime.plan.types import Keep, Move, Pin


def needs(turn: Turn, instance: Instance) -> tuple[Data, ...]:
    """The files and directories that a job reads."""
    return turn.work.jobs[instance].reads


def reads(turn: Turn, instance: Instance, at: int) -> tuple[Data, ...]:
    """The files and directories that a step reads, with its call `at` if it is a fallback."""
    if instance == RESULTS:
        return data_in([resolve(turn, result.value, ()) for result in turn.program.plan.results])
    if instance.step == INPUT:
        return ()
    step = turn.program.steps[instance.step].step
    if isinstance(step, Keep | Move | Pin):
        return data_in([resolve(turn, step.value, instance.path)])
    return data_in([value for _, value in arguments(turn, instance, at)])


def makes(turn: Turn, instance: Instance) -> tuple[Data, ...]:
    """The files and directories that a step, which was done before, makes."""
    if instance.step == INPUT:
        number, index = instance.path
        return (slices(turn, turn.program.plan.inputs[number].name)[index],)
    return tuple(data for value in turn.flow.published[instance] for data in leaves(value))


def lies(turn: Turn, data: Data, step: Keep | Move | Pin) -> Loc | None:
    """Where `data` lies on the step's place: as an object of its own, or, where it is only to be kept, in the one that
    it was written in."""
    own = Loc(step.place, data.hash)
    if own in turn.stock.content:
        return own
    home = turn.stock.locate(data) if data.place == step.place and isinstance(step, Keep) else None
    return None if home is None else home[0]


def due(turn: Turn, instance: Instance) -> Rank:
    """When it is a job's turn, in the plan's order. A slice is brought for the first of those who wait for it."""
    if instance.step != INPUT:
        return rank(turn, instance)
    waiters = turn.work.awaiting.get(makes(turn, instance)[0].loc, ())
    return min((rank(turn, waiter) for waiter in waiters), default=rank(turn, instance))
