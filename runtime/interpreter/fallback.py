"""Calls that begin, and what is tried after one that has failed for good.

What a fallback published is known by a record of its own, under a key made of all its calls' keys: it tells which
of them it was. So a resume takes that one, and the result by its own key, as for any call.
"""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.calls import Keyed, keyed, written
from podpipec_runtime.interpreter.commands import FallBack, Forget, Note, Reuse, Spare
from podpipec_runtime.interpreter.effects import is_done
from podpipec_runtime.interpreter.events import Failure
from podpipec_runtime.interpreter.jobs import create_call, end, follow, lead, leave
from podpipec_runtime.interpreter.keys import fallback_key
from podpipec_runtime.interpreter.publish import publish, spare
from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.tasks import Enter
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Record


def enter_call(turn: Turn, instance: Instance) -> None:
    """Begins a call: it is done at once if its result is known."""
    if len(turn.program.calls[instance.step]) > 1:
        _enter_fallback(turn, instance)
        return
    if is_done(turn, instance):
        turn.ask(Spare(instance, turn.program.calls[instance.step][0].stage, done=True))
        spare(turn, instance)
        return
    call = keyed(turn, instance, 0)
    record = turn.records.get(call.key)
    if record is None:
        create_call(turn, instance, call, first=True, cause="")
    else:
        _reuse(turn, instance, 0, call, record, "")


def _reuse(turn: Turn, instance: Instance, at: int, call: Keyed, record: Record, why: str) -> None:
    turn.ask(Reuse(instance, call.key, turn.program.calls[instance.step][at].stage, why))
    publish(turn, instance, written(turn, instance, record), call.read)


def _enter_fallback(turn: Turn, instance: Instance) -> None:
    key = key_of(turn, instance)
    fallen = turn.work.fallen.get(instance, ())
    at, why = len(fallen), "; ".join(fallen)
    before = turn.records.get(key)
    if before is not None and keyed(turn, instance, before.by).key in turn.records:
        at, why = before.by, before.why
    call = keyed(turn, instance, at)
    record = turn.records.get(call.key)
    if record is not None:
        noted = Record((), (), at, why)
        if at and noted != before:
            turn.records = turn.records.insert(key, noted)
            turn.ask(Note(key, noted))
        turn.flow = replace(turn.flow, by=turn.flow.by.insert(instance, at))
        _reuse(turn, instance, at, call, record, why)
        settled(turn, instance, key)
    elif turn.work.flight.get(key, instance) != instance:
        follow(turn, key, instance, first=True)
    else:
        turn.work = replace(turn.work, flight=turn.work.flight.insert(key, instance))
        create_call(turn, instance, call, first=True, cause=fallen[-1] if fallen else "", at=at)


def key_of(turn: Turn | State, instance: Instance) -> str:
    """The key under which it is known which call of a fallback was taken."""
    calls = turn.program.calls[instance.step]
    return fallback_key(keyed(turn, instance, at).key for at in range(len(calls)))


def note(turn: Turn, instance: Instance) -> tuple[str, Record] | None:
    """What has to be recorded with the result of a call, for it to be known that it was taken; the first of a
    fallback needs no word."""
    job = turn.work.jobs[instance]
    if not (job.first and job.at):
        return None
    return key_of(turn, instance), Record((), (), job.at, "; ".join(turn.work.fallen[instance]))


def settled(turn: Turn, instance: Instance, key: str) -> None:
    """A fallback is published: those that are the same take what it took."""
    if turn.work.flight.get(key) == instance:
        turn.work = replace(turn.work, flight=turn.work.flight.remove(key))
    lead(turn, key)


def taken(turn: Turn, instance: Instance) -> None:
    """A call of a fallback was published for the first time."""
    noted = note(turn, instance)
    if noted is not None:
        turn.records = turn.records.insert(*noted)
    turn.flow = replace(turn.flow, by=turn.flow.by.insert(instance, turn.work.jobs[instance].at))
    settled(turn, instance, key_of(turn, instance))


def fall_back(turn: Turn, instance: Instance, failure: Failure) -> bool:
    """A call failed for good. Whether something is tried instead.

    Where the data of a result that was published before had to be made once more and can't be, the result is
    forgotten, and a fresh pass tries all calls of the fallback anew.
    """
    calls, job = turn.program.calls[instance.step], turn.work.jobs[instance]
    if failure.kind != "stage" or len(calls) == 1 or (job.first and job.at + 1 == len(calls)):
        return False
    stage = calls[job.at].stage
    why = f"`{stage}` failed: {failure.message}"
    if job.first:
        fallen = (*turn.work.fallen.get(instance, ()), why)
        turn.work = replace(turn.work, fallen=turn.work.fallen.insert(instance, fallen))
        turn.ask(FallBack(instance, stage, calls[job.at + 1].stage, failure.message))
        end(turn, instance)
        turn.later(Enter(instance))
        leave(turn, job.key)
        return True
    for key in (key_of(turn, instance), job.key):
        turn.records = turn.records.discard(key)
        turn.ask(Forget(key))
    end(turn, instance)
    turn.given_up = (*turn.given_up, instance.step)
    turn.phase = "again"
    return True
