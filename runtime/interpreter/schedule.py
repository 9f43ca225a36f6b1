"""Which ready call starts next, and in which slot.

The first in the plan's order goes first, and elements begun before others are before them in that order. A
call starts when one of its slots is free and what it may write fits the places next to what is there. A copy or a
slice that fits needs not wait here; one that does not waits as a call does. Where room was made, one starts at a time.
"""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Start
from podpipec_runtime.interpreter.consume import over, take
from podpipec_runtime.interpreter.effects import effect_of
from podpipec_runtime.interpreter.fallback import note
from podpipec_runtime.interpreter.fit import excess, own_bytes, reserve
from podpipec_runtime.interpreter.jobs import advance, argument, begin_copy, copy, drop_unwanted, hold
from podpipec_runtime.interpreter.reading import needs
from podpipec_runtime.interpreter.room import clear, for_ever, make_room, no_end
from podpipec_runtime.interpreter.state import Queued
from podpipec_runtime.interpreter.tasks import Launch
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Loc
from podpipec_runtime.shapes.heap import Node, pop

_Group = tuple[tuple[int, ...], Node[Queued]]


def schedule(turn: Turn) -> None:
    """Starts what can be started."""
    while turn.phase == "running":
        group = _first(turn)
        if group is None or (turn.work.tight is not None and turn.agenda):
            return  # what lies still earlier may be asked for
        slots, heap = group
        instance = heap.key[1]
        if not _is_queued(turn, instance) or drop_unwanted(turn, instance):
            _pop(turn, group)
            continue
        idle, too_much = not turn.work.running and not turn.work.copying, excess(turn, instance)
        if too_much and clear(turn, too_much):
            continue
        if not idle and (turn.work.tight is not None or too_much):
            return
        if turn.work.tight is not None and heap.key[0] > turn.work.tight:
            turn.work = replace(turn.work, tight=None)
        if too_much and (make_room(turn, instance) or turn.agenda):
            if for_ever(turn):
                turn.fail(no_end(instance))
            continue
        _pop(turn, group)
        _take(turn, instance, next((slot for slot in slots if slot in turn.work.slots), None))


def _is_queued(turn: Turn, instance: Instance) -> bool:
    """Whether a call in the queue still waits; it may have lost what it reads since."""
    job = turn.work.jobs.get(instance)
    return job is not None and job.stage == "queued"


def _pop(turn: Turn, group: _Group) -> None:
    """Takes the first call of its slots out of the queue."""
    slots, heap = group
    rest = pop(heap)
    queue = turn.work.queue
    turn.work = replace(turn.work, queue=queue.remove(slots) if rest is None else queue.insert(slots, rest))


def _first(turn: Turn) -> _Group | None:
    """Of the calls that may have a slot now, and of what waits without one, the first in order."""
    limit = turn.facts.parallel
    full = limit is not None and len(turn.work.running) >= limit
    best: _Group | None = None
    for slots, heap in turn.work.queue.items():
        may = not slots or (not full and any(slot in turn.work.slots for slot in slots))
        if may and (best is None or heap.key < best[1].key):
            best = (slots, heap)
    return best


def _take(turn: Turn, instance: Instance, slot: int | None) -> None:
    """Gives a call its slot, and has its inputs brought into place; a move has none, and begins."""
    job = turn.work.jobs[instance]
    wanted = needs(turn, instance)
    found = [turn.stock.anywhere(data) for data in wanted]
    if None in found:
        turn.set_job(instance, replace(job, stage="waiting"))
        advance(turn, instance)
        return
    if slot is None:
        begin_copy(turn, instance)
        return
    hold(turn, instance, _locs(found))
    turn.work = replace(
        turn.work,
        slots=turn.work.slots.remove(slot),
        running=turn.work.running.insert(instance, slot),
    )
    reserve(turn, instance, own_bytes(turn, instance))
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="fetching"))
    elsewhere = [(data, data.place) for data in wanted if turn.stock.locate(data) is None]
    if not copy(turn, instance, elsewhere, "restore"):
        turn.later(Launch(instance))


def launch(turn: Turn, instance: Instance) -> None:
    """Starts a call whose inputs are in place."""
    if turn.phase != "running":
        return
    found = [turn.stock.locate(data) for data in needs(turn, instance)]
    if None in found:
        give_back(turn, instance)
        advance(turn, instance)
        return
    hold(turn, instance, _locs(found))
    job = turn.work.jobs[instance]
    call = turn.program.calls[instance.step][job.at]
    assert job.parts is not None
    turn.set_job(instance, replace(job, stage="running"))
    args = tuple((name, argument(value, turn.stock.locate)) for name, value in job.args)
    stage = turn.program.stages[call.stage].stage
    slot = turn.work.running[instance]
    last = job.attempt > stage.retry
    noted, effect = note(turn, instance), effect_of(turn, instance, job.at)
    own = take(turn, instance)
    reserve(turn, instance, own_bytes(turn, instance))
    turn.ask(
        Start(instance, call, slot, job.attempt, job.key, job.parts, args, job.cause, last, job.at, noted, effect, own)
    )


def _locs(found: list[tuple[Loc, str] | None]) -> tuple[Loc, ...]:
    """The objects that were found, each once."""
    return tuple(dict.fromkeys(each[0] for each in found if each is not None))


def give_back(turn: Turn, instance: Instance) -> None:
    """A call leaves its slot; it waits until it is told otherwise."""
    leave_slot(turn, instance)
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="waiting", waits=0))


def leave_slot(turn: Turn, instance: Instance) -> None:
    """What a call held while it ran is free."""
    over(turn, instance)
    reserve(turn, instance, {})
    work = turn.work
    slots = work.slots.insert(work.running[instance], None)
    turn.work = replace(work, slots=slots, running=work.running.remove(instance))
