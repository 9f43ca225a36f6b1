"""The interpreter: `begin` a pass, then `step` with each event. Both are pure.

Given the same state and event, the same commands follow, in the same order.
"""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter import tasks
from podpipec_runtime.interpreter.again import request
from podpipec_runtime.interpreter.calls import written
from podpipec_runtime.interpreter.choice import close_branch
from podpipec_runtime.interpreter.commands import Command
from podpipec_runtime.interpreter.consume import over
from podpipec_runtime.interpreter.events import (
    Arrived,
    Broken,
    Event,
    Failed,
    Failure,
    Interrupted,
    Published,
    Sent,
    Vanished,
)
from podpipec_runtime.interpreter.fallback import fall_back, taken
from podpipec_runtime.interpreter.fit import come_in
from podpipec_runtime.interpreter.freeing import sequence
from podpipec_runtime.interpreter.jobs import advance, copied, end, finale, lead, look_again, sent
from podpipec_runtime.interpreter.lifetimes import claim_inputs, made_again
from podpipec_runtime.interpreter.program import RESULTS, Program
from podpipec_runtime.interpreter.publish import arrive, publish
from podpipec_runtime.interpreter.schedule import give_back, launch, leave_slot, schedule
from podpipec_runtime.interpreter.state import ROOT, Facts, State, initial
from podpipec_runtime.interpreter.traverse import enter, gate, visit
from podpipec_runtime.interpreter.turn import Misfit, Turn
from podpipec_runtime.interpreter.values import Instance, Loc, Record
from podpipec_runtime.plan.types import Call, Fallback

#: So many objects may turn out to be gone in one pass; more means that somebody keeps deleting them.
LOSSES = 100


def begin(program: Program, facts: Facts) -> tuple[State, tuple[Command, ...]]:
    """The first state of a pass, and what is to be done first."""
    turn = Turn(initial(program, facts))
    claim_inputs(turn)
    turn.later(tasks.Visit(ROOT) if program.plan.steps else tasks.Finale())
    return _work(turn)


def step(state: State, event: Event) -> tuple[State, tuple[Command, ...]]:
    """The state after `event`, and what is to be done because of it."""
    turn = Turn(state)
    match event:
        case Published():
            _published(turn, event)
        case Failed():
            _failed(turn, event)
        case Arrived():
            _arrived(turn, event)
        case Sent():
            _no_longer_copying(turn, event.instance)
            sent(turn, event.instance)
        case Vanished():
            _vanished(turn, event)
        case Broken():
            _no_longer_copying(turn, event.target or event.instance)
            turn.fail(event.failure)
        case Interrupted():
            turn.fail(Failure("interrupted", f"stopped by {event.signal}"))
    return _work(turn)


def _work(turn: Turn) -> tuple[State, tuple[Command, ...]]:
    try:
        _drain(turn)
        if not turn.facts.dry:
            schedule(turn)
            while turn.agenda:
                _drain(turn)
                schedule(turn)
    except Misfit as error:
        turn.agenda.clear()
        turn.fail(Failure("data", str(error)))
    _no_standstill(turn)
    turn.end_phase()
    return turn.state(), sequence(turn)


def _drain(turn: Turn) -> None:
    """Works until the agenda is empty."""
    agenda = turn.agenda
    while agenda:
        match agenda.popleft():
            case tasks.Visit(scope):
                visit(turn, scope)
            case tasks.Gate(each):
                gate(turn, each)
            case tasks.Enter(instance):
                enter(turn, instance)
            case tasks.Request(instance, loc, cause):
                request(turn, instance, loc, f"its data is gone, and {_who(cause)} needs it")
            case tasks.Advance(instance):
                advance(turn, instance)
            case tasks.Launch(instance):
                launch(turn, instance)
            case tasks.Copied(instance):
                copied(turn, instance)
            case tasks.Join(choice):
                close_branch(turn, choice)
            case tasks.Finale():
                finale(turn)


def _who(step: str) -> str:
    return "the result" if step.startswith("<") else f"`{step}`"


def _published(turn: Turn, event: Published) -> None:
    instance, record = event.instance, event.record
    job = turn.work.jobs[instance]
    leave_slot(turn, instance)
    before = turn.records.get(job.key)
    turn.records = turn.records.insert(job.key, record)
    if before is not None and _hashes(before) != _hashes(record):
        _unstable(turn, instance)
    call = turn.program.steps[instance.step].step
    assert isinstance(call, Call)
    pairs = tuple(zip(record.outputs, call.outputs, strict=True))
    if turn.phase == "running" and job.first:
        publish(turn, instance, written(turn, instance, record))
    for stored, output in pairs:
        if turn.phase == "running":
            arrive(turn, Loc(output.place, stored.hash), stored.bytes)
        else:
            turn.stock = turn.stock.arrive(Loc(output.place, stored.hash), stored.bytes)
    if turn.phase == "running" and not job.first:
        made_again(turn, instance)
    if job.first and isinstance(call, Fallback):
        taken(turn, instance)
    end(turn, instance)
    if turn.phase == "running":
        lead(turn, job.key)


def _hashes(record: Record) -> tuple[str, ...]:
    return (*(stored.hash for stored in record.outputs), *record.texts)


def _unstable(turn: Turn, instance: Instance) -> None:
    """The same inputs gave other bytes. What was derived from the old ones must not meet the new ones: the
    pass ends, and a fresh one over the new records finds out what they concern."""
    turn.unstable = (*turn.unstable, instance.step)
    if turn.phase == "running":
        turn.phase = "again"


def _failed(turn: Turn, event: Failed) -> None:
    instance = event.instance
    job = turn.work.jobs[instance]
    give_back(turn, instance)
    retry = turn.program.stages[turn.program.calls[instance.step][job.at].stage].stage.retry
    if turn.phase == "running" and event.failure.again and job.attempt <= retry:
        waiting = turn.work.jobs[instance]
        turn.set_job(instance, replace(waiting, attempt=job.attempt + 1))
        turn.later(tasks.Advance(instance))
        return
    if turn.phase == "running" and fall_back(turn, instance, event.failure):
        return
    turn.fail(event.failure)


def _arrived(turn: Turn, event: Arrived) -> None:
    _no_longer_copying(turn, event.loc)
    if turn.phase != "running":
        turn.stock = turn.stock.arrive(event.loc, event.bytes)
        return
    arrive(turn, event.loc, event.bytes)
    if event.instance is not None:
        end(turn, event.instance)


def _vanished(turn: Turn, event: Vanished) -> None:
    if event.instance in turn.work.running and event.instance is not None:
        over(turn, event.instance, untouched=True)
    turn.stock = turn.stock.leave(event.loc)
    turn.losses += 1
    if turn.losses > LOSSES:
        turn.fail(Failure("data", f"data keeps disappearing from {event.loc.place}"))
    if event.target is not None:
        _no_longer_copying(turn, event.target)
        waiters = reversed(tuple(turn.work.awaiting.get(event.target, ())))
        turn.work = replace(turn.work, awaiting=turn.work.awaiting.discard(event.target))
        for instance in waiters:
            _look_again(turn, instance)
    if event.instance is not None:
        _no_longer_copying(turn, event.instance)
        _look_again(turn, event.instance)


def _look_again(turn: Turn, instance: Instance) -> None:
    """A job finds out anew what it lacks."""
    if instance not in turn.work.jobs:
        return
    if instance in turn.work.running:
        give_back(turn, instance)
    look_again(turn, instance)


def _no_longer_copying(turn: Turn, what: Loc | Instance | None) -> None:
    if what is not None:
        come_in(turn, what)
        if RESULTS in turn.work.jobs:
            turn.later(tasks.Advance(RESULTS))


def _no_standstill(turn: Turn) -> None:
    """No plan that was checked ends here; one that does is refused instead of waited for for ever."""
    busy = turn.work.running or turn.work.copying or turn.facts.dry
    if turn.phase == "running" and not busy:
        waiting = sorted(instance.step for instance in turn.work.jobs)
        turn.fail(Failure("data", f"the plan comes to a standstill; waiting: {', '.join(waiting[:5])}"))
