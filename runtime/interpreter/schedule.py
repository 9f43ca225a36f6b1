"""Which ready call starts next, and in which slot.

The first in the plan's order goes first, and elements begun before others are before them in that order. A
call starts when one of its slots is free and what it may write fits the places next to what is there.
"""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Start
from podpipec_runtime.interpreter.consume import copied, over, take
from podpipec_runtime.interpreter.effects import effect_of
from podpipec_runtime.interpreter.fallback import note
from podpipec_runtime.interpreter.jobs import advance, argument, copy, drop_unwanted, hold, look_again, needs
from podpipec_runtime.interpreter.lifetimes import free
from podpipec_runtime.interpreter.program import INPUT, Port, source
from podpipec_runtime.interpreter.resolve import arguments, resolve
from podpipec_runtime.interpreter.state import Queued, Rank
from podpipec_runtime.interpreter.tasks import Launch
from podpipec_runtime.interpreter.turn import Turn, rank
from podpipec_runtime.interpreter.values import Instance, Loc, leaves
from podpipec_runtime.plan.types import Call, Cycle, Fold, Keep
from podpipec_runtime.shapes.heap import Node, pop

_Group = tuple[tuple[int, ...], Node[Queued]]


def schedule(turn: Turn) -> None:
    """Starts what can be started."""
    limit = turn.facts.parallel
    while turn.phase == "running" and turn.work.slots:
        if limit is not None and len(turn.work.running) >= limit:
            return
        group = _first(turn)
        if group is None:
            return
        slots, heap = group
        instance = heap.key[1]
        if not _is_queued(turn, instance):
            _pop(turn, group)
            continue
        if not _fits(turn, instance):
            if turn.work.running or turn.work.copying:
                return
            _make_room(turn, instance)
        _pop(turn, group)
        _take(turn, instance, next(slot for slot in slots if slot in turn.work.slots))


def _is_queued(turn: Turn, instance: Instance) -> bool:
    """Whether a call in the queue still waits for a slot; it may have lost what it reads since."""
    job = turn.work.jobs.get(instance)
    return job is not None and job.stage == "queued"


def _pop(turn: Turn, group: _Group) -> None:
    """Takes the first call of its slots out of the queue."""
    slots, heap = group
    rest = pop(heap)
    queue = turn.work.queue
    turn.work = replace(turn.work, queue=queue.remove(slots) if rest is None else queue.insert(slots, rest))


def _first(turn: Turn) -> _Group | None:
    """Of the calls that have a free slot, the first in order."""
    best: _Group | None = None
    for slots, heap in turn.work.queue.items():
        free_slot = any(slot in turn.work.slots for slot in slots)
        if free_slot and (best is None or heap.key < best[1].key):
            best = (slots, heap)
    return best


def _take(turn: Turn, instance: Instance, slot: int) -> None:
    """Gives a call its slot, and has its inputs brought into place."""
    job = turn.work.jobs[instance]
    if drop_unwanted(turn, instance):
        return
    wanted = needs(turn, instance)
    found = [turn.stock.anywhere(data) for data in wanted]
    if None in found:
        turn.set_job(instance, replace(job, stage="waiting"))
        advance(turn, instance)
        return
    hold(turn, instance, _locs(found))
    turn.work = replace(
        turn.work,
        slots=turn.work.slots.remove(slot),
        running=turn.work.running.insert(instance, slot),
    )
    _reserve(turn, instance, 1)
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="fetching"))
    fetched = False
    for place in {data.place for data in wanted}:
        lacking = [data for data in wanted if data.place == place and turn.stock.locate(data) is None]
        if lacking:
            fetched |= copy(turn, instance, lacking, place, "restore")
    if not fetched:
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
    args = tuple((name, argument(value, turn.stock.locate)) for name, value in arguments(turn, instance, job.at))
    stage = turn.program.stages[call.stage].stage
    slot = turn.work.running[instance]
    last = job.attempt > stage.retry
    noted, effect = note(turn, instance), effect_of(turn, instance, job.at)
    own = take(turn, instance)
    turn.ask(
        Start(instance, call, slot, job.attempt, job.key, job.parts, args, job.cause, last, job.at, noted, effect, own)
    )


def _locs(found: list[tuple[Loc, str] | None]) -> tuple[Loc, ...]:
    """The objects that were found, each once."""
    return tuple(dict.fromkeys(each[0] for each in found if each is not None))


def give_back(turn: Turn, instance: Instance) -> None:
    """A call leaves its slot; it waits until it is told otherwise."""
    over(turn, instance)
    slot = turn.work.running[instance]
    turn.work = replace(turn.work, slots=turn.work.slots.insert(slot, None), running=turn.work.running.remove(instance))
    _reserve(turn, instance, -1)
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="waiting", waits=0))


def _outputs(turn: Turn, instance: Instance) -> dict[str, int]:
    """The most bytes that a call may write to each place."""
    call = turn.program.steps[instance.step].step
    assert isinstance(call, Call)
    found: dict[str, int] = {}
    for output in call.outputs:
        found[output.place] = found.get(output.place, 0) + output.bytes
    return found


def _reserve(turn: Turn, instance: Instance, sign: int) -> None:
    reserved = turn.work.reserved
    for place, size in _outputs(turn, instance).items():
        reserved = reserved.insert(place, reserved.get(place, 0) + sign * size)
    turn.work = replace(turn.work, reserved=reserved)


def _excess(turn: Turn, instance: Instance) -> dict[str, int]:
    """By how much each place would be overfull, at worst, if a call started now."""
    wanted = _outputs(turn, instance)
    for data in needs(turn, instance):
        if turn.stock.locate(data) is None:
            wanted[data.place] = wanted.get(data.place, 0) + data.bytes
    for data in copied(turn, instance):
        wanted[data.place] = wanted.get(data.place, 0) + data.bytes
    found: dict[str, int] = {}
    for place in turn.program.plan.pod.places:
        more = wanted.get(place.name, 0)
        there = turn.stock.used.get(place.name, 0) + turn.work.reserved.get(place.name, 0)
        if more and there + more > place.bytes:
            found[place.name] = there + more - place.bytes
    return found


def _fits(turn: Turn, instance: Instance) -> bool:
    return not _excess(turn, instance)


def _make_room(turn: Turn, instance: Instance) -> None:
    """Drops data that comes later in the plan, and that is made again when it is needed.

    Whoever waits with it asks for it again at once: so what that is made of stays when it has been made.

    A run from the start always fits, for the plan was proven to. After a resume, values from late in the plan
    can lie where early ones have to be made again; without this both would have to fit. Only later values go
    for earlier ones, so this comes to an end.
    """
    excess = _excess(turn, instance)
    gone: set[Loc] = set()
    reads = {found[0] for data in needs(turn, instance) if (found := turn.stock.anywhere(data)) is not None}
    for _, loc in sorted(_later_values(turn, rank(turn, instance)), reverse=True):
        size = turn.stock.content.get(loc, 0)
        stays = loc in reads or loc in turn.stock.pinned or loc in turn.facts.kept
        if excess.get(loc.place, 0) > 0 and size and not stays:
            free(turn, loc)
            excess[loc.place] -= size
            gone.add(loc)
    for other, job in turn.work.jobs.items():
        if job.stage in ("waiting", "queued") and other != instance and not gone.isdisjoint(job.holds):
            look_again(turn, other)


def _later_values(turn: Turn, than: Rank) -> list[tuple[Rank, Loc]]:
    """The objects of values that steps after `than` wrote, and of no earlier one: those that live, and those
    that were made once more and wait for their reader."""
    firsts: dict[Loc, Rank] = {}
    for port, claims in turn.claims.items():
        for path, entry in claims.items():
            its = _port_rank(turn, port, path)
            for loc in entry.locs:
                firsts[loc] = min(its, firsts.get(loc, its))
    for instance, job in turn.work.jobs.items():
        if job.stage in ("waiting", "queued") and instance.step != INPUT:
            for data in needs(turn, instance):
                its = rank(turn, data.origin)
                firsts[data.loc] = min(its, firsts.get(data.loc, its))
    return [(its, loc) for loc, its in firsts.items() if its > than]


def _port_rank(turn: Turn, port: Port, path: tuple[int, ...]) -> Rank:
    """The rank of what wrote a value; of the first, where it is what a loop came to or handed on. A kept copy counts
    as there before all else, for it is there for what comes after a fault."""
    if port.step == INPUT:
        return (-1,)
    match turn.program.steps[port.step].step:
        case Keep():
            return (-1,)
        case Fold() | Cycle():
            value = resolve(turn, *source(port, path))
            return min((rank(turn, data.origin) for data in leaves(value)), default=(-1,))
        case _:
            return rank(turn, Instance(port.step, path))
