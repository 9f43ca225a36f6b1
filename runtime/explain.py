"""What a run would do, and why, without doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from podpipec_runtime.interpreter.fallback import key_of
from podpipec_runtime.interpreter.keys import Parts
from podpipec_runtime.interpreter.program import Program
from podpipec_runtime.interpreter.state import Facts, Rank, State
from podpipec_runtime.interpreter.step import begin
from podpipec_runtime.interpreter.turn import label, rank
from podpipec_runtime.interpreter.values import Instance
from podpipec_runtime.outcome import Action, Explanation
from podpipec_runtime.plan.order import within
from podpipec_runtime.plan.types import Call, Fold, If, Keep, Loop, Pin
from podpipec_runtime.reasons import SPARED, reason, reused
from podpipec_runtime.shapes.fan_in import FanIn

#: What a step's key was made of last, by the step's id and its elements' names.
Last = Callable[[str, tuple[str, ...]], Parts | None]


def explain(program: Program, facts: Facts, last: Last) -> tuple[Explanation, ...]:
    """Every call, keep and move, in the order of the plan. What depends on results that are not known yet
    `wait`s; whether it runs is seen when they are."""
    state, _ = begin(program, replace(facts, dry=True))
    found = [*_done(state), *_to_do(state, last), *_waiting(state), *_not_begun(state), *_skipped(state)]
    return tuple(explanation for _, explanation in sorted(found, key=lambda each: each[0]))


_Ranked = tuple[Rank, Explanation]


def _done(state: State) -> Iterator[_Ranked]:
    for instance in state.flow.published:
        step = state.program.steps[instance.step].step
        if isinstance(step, Loop | If) or instance in state.work.jobs:
            continue
        if instance in state.flow.spared:
            why = SPARED
        elif isinstance(step, Call):
            at = state.flow.by.get(instance, 0)
            why = reused(
                state.program.calls[step.id][at].stage, state.records[key_of(state, instance)].why if at else ""
            )
        else:
            why = "there" if isinstance(step, Keep) else "pinned before" if isinstance(step, Pin) else "made before"
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
                    before[other].append(f"`{name}`")
        for name, firsts in before.items():
            if Instance(name, scope.path) in known:
                continue
            firsts += _behind(state, scope, name)
            why = "waits for " + ", ".join(firsts)
            yield from _all_in(state, Instance(name, scope.path), "wait", why)


def _skipped(state: State) -> Iterator[_Ranked]:
    """The steps of branches that are not taken."""
    for choice, chosen in state.flow.chosen.items():
        step = state.program.steps[choice.step].step
        assert isinstance(step, If)
        why = f"the condition of `{step.id}` {'holds' if chosen else 'does not hold'}"
        for inner in (step.otherwise if chosen else step.then).steps:
            yield from _all_in(state, Instance(inner.id, choice.path), "skip", why)


def _all_in(state: State, instance: Instance, action: Action, why: str) -> Iterator[_Ranked]:
    """A step, or the steps in its bodies."""
    its, element = rank(state, instance), label(state, instance)
    for step in within(state.program.steps[instance.step].step):
        if not isinstance(step, Loop | If):
            order = state.program.steps[step.id].order
            yield (*its[:-1], order), Explanation(step=step.id, element=element, action=action, why=why)


def _behind(state: State, scope: Instance, name: str) -> list[str]:
    """What a step of a cycle's element waits for that elements before have not made."""
    found: list[str] = []
    for made, followers in state.program.followers.items():
        for step, delay in followers:
            before = Instance(made, (*scope.path[:-1], scope.path[-1] - delay)) if step == name else None
            if before is not None and before.path[-1] >= 0 and before not in state.flow.published:
                found.append(f"`{made}` of {label(state, before)[-1]}")
    return found


def _not_begun(state: State) -> Iterator[_Ranked]:
    """The steps of a fold's groups whose members are not known yet."""
    for fold, fan in state.flow.fans.items():
        loop = state.program.steps[fold.step].step
        if not isinstance(loop, Fold) or not isinstance(fan.gate, FanIn) or fold in state.flow.published:
            continue
        body = [step.id for step in loop.body]
        for at in range(len(fan.gate.groups)):
            path = (*fold.path, at)
            reached = Instance(fold.step, path) in state.flow.scopes
            if not reached and not any(Instance(name, path) in state.flow.published for name in body):
                for name in body:
                    yield from _all_in(state, Instance(name, path), "wait", "waits for what the group is made of")


def _told(state: State, instance: Instance, action: Action, why: str) -> _Ranked:
    element = label(state, instance)
    return rank(state, instance), Explanation(step=instance.step, element=element, action=action, why=why)
