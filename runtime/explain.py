"""What a run would do, and why, without doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from podpipec_runtime.interpreter.keys import Parts
from podpipec_runtime.interpreter.program import Program
from podpipec_runtime.interpreter.state import Facts, Rank, State
from podpipec_runtime.interpreter.step import begin
from podpipec_runtime.interpreter.turn import label, rank
from podpipec_runtime.interpreter.values import Instance
from podpipec_runtime.outcome import Action, Explanation
from podpipec_runtime.plan.order import within
from podpipec_runtime.plan.types import Call, Each, Keep
from podpipec_runtime.reasons import REUSED, reason

#: What a step's key was made of last, by the step's id and its elements' names.
Last = Callable[[str, tuple[str, ...]], Parts | None]


def explain(program: Program, facts: Facts, last: Last) -> tuple[Explanation, ...]:
    """Every call, keep and move, in the order of the plan. What depends on results that are not known yet
    `wait`s; whether it runs is seen when they are."""
    state, _ = begin(program, replace(facts, dry=True))
    found = [*_done(state), *_to_do(state, last), *_waiting(state)]
    return tuple(explanation for _, explanation in sorted(found, key=lambda each: each[0]))


_Ranked = tuple[Rank, Explanation]


def _done(state: State) -> Iterator[_Ranked]:
    for instance in state.flow.published:
        step = state.program.steps[instance.step].step
        if isinstance(step, Each) or instance in state.work.jobs:
            continue
        why = REUSED if isinstance(step, Call) else "there" if isinstance(step, Keep) else "made before"
        yield _told(state, instance, "reuse", why)


def _to_do(state: State, last: Last) -> Iterator[_Ranked]:
    for instance, job in state.work.jobs.items():
        place = state.program.steps.get(instance.step)
        if place is None:
            continue
        if isinstance(place.step, Call) and job.parts is not None:
            why = job.cause or reason(job.parts, last(instance.step, label(state, instance)))
            yield _told(state, instance, "run", why)
        else:
            yield _told(state, instance, "copy", job.cause or "not there yet")
    for followers in state.work.followers.values():
        for instance, _ in followers:
            yield _told(state, instance, "wait", "another step has the same command and inputs")


def _waiting(state: State) -> Iterator[_Ranked]:
    """The steps that were not reached, in the bodies that were."""
    known = set(state.flow.published) | set(state.work.jobs) | set(state.flow.fans)
    known |= {instance for many in state.work.followers.values() for instance, _ in many}
    for scope, graph in state.flow.scopes.items():
        before: dict[str, list[str]] = {name: [] for name in graph.after}
        for name, others in graph.after.items():
            if Instance(name, scope.path) not in state.flow.published:
                for other in others:
                    before[other].append(name)
        for name, firsts in before.items():
            if Instance(name, scope.path) in known:
                continue
            why = "waits for " + ", ".join(f"`{first}`" for first in firsts)
            for step in within(state.program.steps[name].step):
                if not isinstance(step, Each):
                    its = rank(state, Instance(name, scope.path))
                    element = label(state, Instance(name, scope.path))
                    order = state.program.steps[step.id].order
                    told = Explanation(step=step.id, element=element, action="wait", why=why)
                    yield (*its[:-1], order), told


def _told(state: State, instance: Instance, action: Action, why: str) -> _Ranked:
    element = label(state, instance)
    return rank(state, instance), Explanation(step=instance.step, element=element, action=action, why=why)
