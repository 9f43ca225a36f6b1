"""What a call consumes: the object itself, if nobody else needs it, or else a copy of its own.

Two values with the same bytes are one object, and an element of a folder is a part of one. Who consumes such a value
gets a copy, and the object stays for the others. An object that is taken is on no place from then on: what fails, or
dies, in the middle has it made again by who made it, as for any object that is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Data, Instance, Loc, leaves
from podpipec_runtime.plan.types import Call


def _consumed(turn: Turn, instance: Instance) -> Iterator[tuple[Data, bool]]:
    """What a call consumes, and whether the object itself can be taken, as far as can be said now."""
    call = turn.program.steps[instance.step].step
    if not isinstance(call, Call) or not call.consumes:
        return
    job = turn.work.jobs[instance]
    found = [(name, data, turn.stock.locate(data)) for name, value in job.args for data in leaves(value)]
    times = Counter(there[0] for _, _, there in found if there is not None)
    for name, data, there in found:
        if name in call.consumes and there is not None:
            loc, inner = there
            stays = loc in turn.stock.pinned or loc in turn.facts.kept
            free = not inner and times[loc] == 1 and not stays and data.elements != ()
            # its own claim ends with this call; once it has ended, any claim is somebody else's
            others = turn.stock.claims.get(loc, 0) - (1 if job.first else 0)
            yield data, free and others <= 0 and turn.stock.holds.get(loc, 0) <= (loc in job.holds)


def copied(turn: Turn, instance: Instance) -> Iterator[Data]:
    """What a call would need a copy of, beside the object that stays."""
    return (data for data, takes in _consumed(turn, instance) if not takes)


def take(turn: Turn, instance: Instance) -> tuple[Loc, ...]:
    """Takes what a call that starts can take; the bytes count until it is over."""
    found = [there[0] for data, takes in _consumed(turn, instance) if takes and (there := turn.stock.locate(data))]
    if not found:
        return ()
    taken = tuple((loc, turn.stock.content[loc]) for loc in found)
    for loc in found:
        turn.stock = turn.stock.take(loc)
    turn.set_job(instance, replace(turn.work.jobs[instance], taken=taken))
    return tuple(found)


def over(turn: Turn, instance: Instance, *, untouched: bool = False) -> None:
    """A call is over, and what it took is gone; or it did not come to begin, and all is where it was."""
    job = turn.work.jobs[instance]
    if not job.taken:
        return
    for loc, size in job.taken:
        turn.stock = turn.stock.taken_gone(loc, size)
        if untouched:
            turn.stock = turn.stock.arrive(loc, size)
    turn.set_job(instance, replace(job, taken=()))
