"""Work that has to be done, and the data that it needs first.

A call needs its inputs on the places where it reads them. What isn't there is copied from another place, or
its producer is asked for it once more, and so on backwards. Nothing is asked for before somebody needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace
from rpds import List

from podpipec_runtime.interpreter.calls import Keyed
from podpipec_runtime.interpreter.commands import Argument, Copy, Done, Finish, Pull, Retain, Send, Source, Text
from podpipec_runtime.interpreter.effects import cause_of, refused
from podpipec_runtime.interpreter.fit import excess, set_out
from podpipec_runtime.interpreter.keys import copy_key, value_digest
from podpipec_runtime.interpreter.lifetimes import free_rest, settle
from podpipec_runtime.interpreter.program import INPUT, RESULTS
from podpipec_runtime.interpreter.publish import close, open_more, publish, wake
from podpipec_runtime.interpreter.reading import due, lies, makes, needs, reads
from podpipec_runtime.interpreter.recorded import record
from podpipec_runtime.interpreter.releases import held
from podpipec_runtime.interpreter.resolve import resolve, text_at
from podpipec_runtime.interpreter.state import Job, Queued
from podpipec_runtime.interpreter.tasks import Advance, Copied, Enter, Request
from podpipec_runtime.interpreter.turn import Turn, scopes_of
from podpipec_runtime.interpreter.values import (
    Data,
    Instance,
    Items,
    Loc,
    Record,
    Scalar,
    Value,
    data_in,
    leaves,
    moved,
)
from podpipec_runtime.plan.types import Call, Keep, Move, Pin, PlaceName
from podpipec_runtime.shapes.heap import Node, push


def create_call(turn: Turn, instance: Instance, call: Keyed, *, first: bool, cause: str, at: int = 0) -> None:
    """A job for a call; one key is worked on once at a time, others who want its result follow."""
    if refused(turn, instance, at, first=first):
        return
    cause = cause or cause_of(turn, instance, at)
    if call.key in turn.work.flight:
        follow(turn, call.key, instance, first=first)
        return
    turn.work = replace(turn.work, flight=turn.work.flight.insert(call.key, instance))
    read = data_in(call.read)
    _create(turn, instance, Job(first, cause, call.key, call.parts, at=at, args=call.args, reads=read))


def follow(turn: Turn, key: str, instance: Instance, *, first: bool) -> None:
    """Waits for a result that somebody else is making."""
    followers: List[tuple[Instance, bool]] = turn.work.followers.get(key, List())
    if first or (instance, first) not in followers:
        followers = followers.push_front((instance, first))
        turn.work = replace(turn.work, followers=turn.work.followers.insert(key, followers))


def create(turn: Turn, instance: Instance, *, first: bool, cause: str) -> None:
    """A job for a keep, a move, a slice or the results."""
    _create(turn, instance, Job(first, cause, reads=reads(turn, instance, 0)))


def _create(turn: Turn, instance: Instance, job: Job) -> None:
    if not turn.facts.dry:
        for scope in scopes_of(turn, instance):
            open_more(turn, scope)
    turn.set_job(instance, job)
    turn.later(Advance(instance))


def end(turn: Turn, instance: Instance) -> None:
    """A job is over, well or not."""
    job = turn.work.jobs[instance]
    turn.work = replace(turn.work, jobs=turn.work.jobs.remove(instance), flight=turn.work.flight.discard(job.key))
    turn.stock = turn.stock.unhold(job.holds)
    for loc in job.holds:
        settle(turn, loc)
    for scope in scopes_of(turn, instance):
        close(turn, scope)
    if RESULTS in turn.work.jobs:
        turn.later(Advance(RESULTS))


def drop_unwanted(turn: Turn, instance: Instance) -> bool:
    """Whether nobody waits any more for what a job makes once more; then there is no such job."""
    job = turn.work.jobs[instance]
    if job.first or turn.facts.dry or any(data.loc in turn.work.awaiting for data in makes(turn, instance)):
        return False
    end(turn, instance)
    lead(turn, job.key)
    return True


def lead(turn: Turn, key: str) -> None:
    """Those who waited for the result of a key go on: with the record, or with a copy of the data."""
    followers = turn.work.followers.get(key)
    if followers is None:
        return
    turn.work = replace(turn.work, followers=turn.work.followers.remove(key))
    for instance, first in reversed(tuple(followers)):
        if first:
            turn.later(Enter(instance))
            continue
        for data in makes(turn, instance):
            wake(turn, data.loc)


def leave(turn: Turn, key: str) -> None:
    """The result of a key won't come from who worked on it: those who waited see to it themselves."""
    for instance, first in reversed(tuple(turn.work.followers.get(key, ()))):
        if first:
            turn.later(Enter(instance))
            continue
        for data in makes(turn, instance):
            for waiter in tuple(turn.work.awaiting.get(data.loc, ()))[-1:]:
                turn.later(Request(instance, data.loc, waiter.step))
    turn.work = replace(turn.work, followers=turn.work.followers.discard(key))


def advance(turn: Turn, instance: Instance) -> None:
    """Asks for what a job lacks, or lets it go on."""
    job = turn.work.jobs.get(instance)
    if job is None or turn.phase != "running" or job.stage != "waiting":
        return
    if drop_unwanted(turn, instance):
        return
    if not wait(turn, instance, needs(turn, instance)):
        _go_on(turn, instance)


def wait(turn: Turn, instance: Instance, wanted: tuple[Data, ...]) -> bool:
    """Holds what is there, and asks for what is nowhere; whether there was such."""
    missing: dict[Loc, Data] = {}
    for data in wanted:
        if turn.stock.anywhere(data) is None:
            missing.setdefault(data.loc, data)
    hold(turn, instance, readable(turn, wanted))
    job = turn.work.jobs[instance]
    if missing:
        turn.set_job(instance, replace(job, stage="waiting", waits=len(missing)))
    for loc, data in missing.items():
        await_loc(turn, loc, instance)
        turn.later(Request(data.origin, loc, instance.step))
    return bool(missing)


def readable(turn: Turn, wanted: tuple[Data, ...]) -> tuple[Loc, ...]:
    """Where `wanted` is to be read: where it is, or where it will be."""
    found = [turn.stock.anywhere(data) for data in wanted]
    return tuple(dict.fromkeys(data.loc if at is None else at[0] for data, at in zip(wanted, found, strict=True)))


def look_again(turn: Turn, instance: Instance) -> None:
    """A job that waits finds out anew what it lacks."""
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="waiting", waits=0))
    turn.later(Advance(instance))


def hold(turn: Turn, instance: Instance, locs: tuple[Loc, ...]) -> None:
    """What a job needs isn't freed; what it no longer needs may be."""
    job = turn.work.jobs[instance]
    if locs == job.holds:
        return
    turn.stock = turn.stock.hold(locs).unhold(job.holds)
    turn.set_job(instance, replace(job, holds=locs))
    for loc in job.holds:
        settle(turn, loc)


def await_loc(turn: Turn, loc: Loc, instance: Instance) -> None:
    """A job waits for an object."""
    waiters: List[Instance] = turn.work.awaiting.get(loc, List()).push_front(instance)
    turn.work = replace(turn.work, awaiting=turn.work.awaiting.insert(loc, waiters))


def _go_on(turn: Turn, instance: Instance) -> None:
    """Everything that a job reads can be had without running anything."""
    if instance == RESULTS:
        if len(turn.work.jobs) == 1 and not turn.work.copying:
            _finish(turn)
        return
    step = None if instance.step == INPUT else turn.program.steps[instance.step].step
    if isinstance(step, Call):
        _queue(turn, instance, step.slots)
    elif isinstance(step, Keep) and step.place == "remote":
        _send(turn, instance, step)
    elif turn.work.tight is not None or excess(turn, instance):
        _queue(turn, instance, ())
    else:
        begin_copy(turn, instance)


def _queue(turn: Turn, instance: Instance, slots: tuple[int, ...]) -> None:
    """A job may start as soon as one of `slots` is free and it is its turn."""
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="queued"))
    queued: Queued = (due(turn, instance), instance)
    heap: Node[Queued] | None = turn.work.queue.get(slots)
    turn.work = replace(turn.work, queue=turn.work.queue.insert(slots, push(heap, queued)))


def hurry(turn: Turn, instance: Instance) -> None:
    """Somebody else waits for a slice: it may be due earlier."""
    job = turn.work.jobs.get(instance)
    if instance.step == INPUT and job is not None and job.stage == "queued":
        _queue(turn, instance, ())


def begin_copy(turn: Turn, instance: Instance) -> None:
    """A keep, a move or a pin has what does not lie there yet copied; a slice is brought."""
    if instance.step == INPUT:
        _pull(turn, instance)
        return
    step = turn.program.steps[instance.step].step
    assert isinstance(step, Keep | Move | Pin)
    value = resolve(turn, step.value, instance.path)
    lacking = [data for data in leaves(value) if not lies(turn, data, step)]
    turn.set_job(instance, replace(turn.work.jobs[instance], stage="copying"))
    if not copy(turn, instance, [(data, step.place) for data in lacking], type(step).__name__.lower()):
        turn.later(Copied(instance))


def copy(turn: Turn, instance: Instance, wanted: Iterable[tuple[Data, PlaceName]], why: str) -> bool:
    """Asks for copies of what is `wanted`, each an object of its own on the place beside it; whether there are any."""
    targets: dict[Loc, Source] = {}
    for data, place in wanted:
        found = turn.stock.anywhere(data)
        assert found is not None
        targets[Loc(place, data.hash)] = Source(*found, data.hash, data.bytes)
    job = turn.work.jobs[instance]
    turn.set_job(instance, replace(job, waits=len(targets)))
    for target, source in targets.items():
        turn.stock = turn.stock.hold((target,))
        job = turn.work.jobs[instance]
        turn.set_job(instance, replace(job, holds=(*job.holds, target)))
        await_loc(turn, target, instance)
        if target not in turn.work.copying:
            set_out(turn, target, source.bytes)
            turn.ask(Copy(source, target.place, why))
    return bool(targets)


def copied(turn: Turn, instance: Instance) -> None:
    """A keep, a move or a pin has all its copies."""
    job = turn.work.jobs[instance]
    step = turn.program.steps[instance.step].step
    assert isinstance(step, Keep | Move | Pin)
    value = resolve(turn, step.value, instance.path)
    if any(lies(turn, data, step) is None for data in leaves(value)):
        turn.set_job(instance, replace(job, stage="waiting", waits=0))
        turn.later(Advance(instance))
        return
    if isinstance(step, Keep):
        keep_done(turn, instance, step, value, copied=True)
        publish(turn, instance, ())
    elif isinstance(step, Pin):
        pin_done(turn, instance, step, moved(value, step.place, instance), copied=True, first=job.first)
    else:
        key = copy_key(step, value)
        turn.records = turn.records.insert(key, Record(()))
        turn.ask(Done(key))
        if job.first:
            publish(turn, instance, (moved(value, step.place, instance),))
    end(turn, instance)


def pin_done(turn: Turn, instance: Instance, pin: Pin, value: Value, *, copied: bool, first: bool) -> None:
    """A pinned value lies on its place: it is recorded, and stays for good."""
    keep_done(turn, instance, pin, value, copied=copied)
    record(turn, instance, value)
    if first:
        publish(turn, instance, (value,))


def keep_done(turn: Turn, instance: Instance, keep: Keep | Pin, value: Value, *, copied: bool) -> None:
    """What is kept stays for good, or as long as it is said to."""
    if isinstance(keep, Keep) and keep.until:
        locs = [loc for data in leaves(value) if (loc := lies(turn, data, keep)) is not None]
        held(turn, instance, keep, locs, copied=copied)
        return
    for data in leaves(value):
        loc = lies(turn, data, keep)
        assert loc is not None
        turn.stock = turn.stock.pin(loc)
        turn.ask(Retain(loc, turn.stock.content[loc], keep.id, instance.path, copied))


def _send(turn: Turn, instance: Instance, keep: Keep) -> None:
    value = resolve(turn, keep.value, instance.path)
    job = turn.work.jobs[instance]
    turn.set_job(instance, replace(job, stage="copying"))
    set_out(turn, instance, 0)
    path = text_at(turn, keep.path, instance.path)
    turn.ask(Send(instance, argument(value, turn.stock.anywhere, split=False), value_digest(value), path))


def sent(turn: Turn, instance: Instance) -> None:
    """A value lies at its remote path."""
    keep = turn.program.steps[instance.step].step
    assert isinstance(keep, Keep)
    value = resolve(turn, keep.value, instance.path)
    turn.sent = turn.sent.insert(text_at(turn, keep.path, instance.path), value_digest(value))
    publish(turn, instance, ())
    end(turn, instance)


def _pull(turn: Turn, instance: Instance) -> None:
    number, index = instance.path
    given = turn.program.plan.inputs[number]
    (data,) = makes(turn, instance)
    loc = data.loc
    if loc in turn.work.copying:  # another slice has the same bytes; whoever waits, waits for the object
        end(turn, instance)
        return
    job = turn.work.jobs[instance]
    turn.set_job(instance, replace(job, stage="copying"))
    set_out(turn, loc, data.bytes)
    turn.ask(Pull(instance, given.name, index, loc))


Find = Callable[[Data], tuple[Loc, str] | None]


def argument(value: Value, find: Find, *, split: bool = True) -> Argument:
    """Where `value` is to be read, as `find` tells it; `split` gives the folder of a list as its elements."""
    match value:
        case Scalar():
            return Text(value.text)
        case Items():
            return tuple(argument(item, find, split=split) for item in value.items)
        case Data():
            found = find(value)
            assert found is not None
            return _below(value, *found) if split else Source(*found, value.hash, value.bytes)


def _below(data: Data, loc: Loc, inner: str) -> Argument:
    if data.elements is None:
        return Source(loc, inner, data.hash, data.bytes)
    prefix = f"{inner}/" if inner else ""
    cut = len(data.inner) + 1 if data.inner else 0
    return tuple(_below(element, loc, prefix + element.inner[cut:]) for element in data.elements)


def finale(turn: Turn) -> None:
    """Every step is done; the results must be somewhere."""
    create(turn, RESULTS, first=True, cause="")


def _finish(turn: Turn) -> None:
    for data in needs(turn, RESULTS):
        found = turn.stock.anywhere(data)
        assert found is not None
        turn.stock = turn.stock.pin(found[0])
        turn.ask(Retain(found[0], data.bytes, "", (), copied=False))
    end(turn, RESULTS)
    free_rest(turn)
    turn.phase = "over"
    turn.ask(Finish("done"))
