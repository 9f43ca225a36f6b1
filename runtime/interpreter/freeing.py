"""When what nobody needs any more is deleted: behind the calls that start now, unless its room is needed for them.

Before an object is deleted the journal must have what made it superfluous, and a large one takes its time. A call
that starts waits for neither if it fits beside what is still there, and beside all that is under way.
"""

from __future__ import annotations

from podpipec_runtime.interpreter.commands import Command, Copy, Free, Pull, Start
from podpipec_runtime.interpreter.fit import taken
from podpipec_runtime.interpreter.turn import Turn


def sequence(turn: Turn) -> tuple[Command, ...]:
    """The commands of a turn, in the order in which they are done."""
    commands = turn.commands
    starts = [command for command in commands if isinstance(command, Start)]
    frees = [command for command in commands if isinstance(command, Free)]
    if not starts or not frees or any(_brings_back(turn, each) for each in commands) or not _fits(turn, frees):
        return tuple(commands)
    return (*(command for command in commands if not isinstance(command, Free)), *frees)


def _brings_back(turn: Turn, command: Command) -> bool:
    """Whether a command may be for the very object that just went."""
    return isinstance(command, Copy | Pull) or (isinstance(command, Start) and command.key in turn.records)


def _fits(turn: Turn, frees: list[Free]) -> bool:
    """Whether there is room for all that starts beside what goes."""
    left = {place.name: place.bytes - taken(turn, place.name) for place in turn.program.plan.pod.places}
    for free in frees:
        left[free.loc.place] -= free.bytes
    return all(left[free.loc.place] >= 0 for free in frees)
