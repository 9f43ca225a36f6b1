"""Choices: the condition, the branch that is taken, and the one that is not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Choose
from podpipec_runtime.interpreter.lifetimes import release
from podpipec_runtime.interpreter.publish import publish
from podpipec_runtime.interpreter.resolve import resolve, scalar_text
from podpipec_runtime.interpreter.tasks import Join, Visit
from podpipec_runtime.interpreter.turn import Misfit, Turn
from podpipec_runtime.interpreter.values import Instance
from podpipec_runtime.plan.order import branches
from podpipec_runtime.plan.scalars import Meaning, NotScalar, meaning
from podpipec_runtime.plan.types import All, Any, Branch, Compare, Condition, If, Not, Operand, Truth

_COMPARE: dict[str, Callable[[Meaning, Meaning], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def enter_if(turn: Turn, instance: Instance, step: If) -> None:
    """Begins the branch that the condition chooses. What the other one would have read has one reader less."""
    chosen = holds(turn, step.condition, instance.path)
    turn.ask(Choose(instance, chosen))
    body = turn.program.branches[step.id][0 if chosen else 1]
    turn.flow = replace(
        turn.flow,
        chosen=turn.flow.chosen.insert(instance, chosen),
        scopes=turn.flow.scopes.insert(instance, body),
    )
    then, otherwise = branches(step)
    for name in skipped(otherwise if chosen else then):
        release(turn, Instance(name, instance.path))
    turn.later(Join(instance) if body.done else Visit(instance))


def skipped(branch: Branch) -> Iterator[str]:
    """The steps that don't happen when a branch is not taken, but for those that are inside of an `each`."""
    stack = list(reversed(branch.steps))
    while stack:
        step = stack.pop()
        yield step.id
        if isinstance(step, If):
            for inner in reversed(branches(step)):
                stack.extend(reversed(inner.steps))


def close_branch(turn: Turn, instance: Instance) -> None:
    """The branch is done: what it yields is the choice's value."""
    step = turn.program.steps[instance.step].step
    assert isinstance(step, If)
    branch = step.then if turn.flow.chosen[instance] else step.otherwise
    turn.flow = replace(turn.flow, scopes=turn.flow.scopes.remove(instance))
    publish(turn, instance, () if branch.yields is None else (resolve(turn, branch.yields, instance.path),))


def holds(turn: Turn, condition: Condition, path: tuple[int, ...]) -> bool:
    """Whether a condition holds. Raises Misfit for a scalar that is not of its type."""
    match condition:
        case Compare():
            return _COMPARE[condition.op](_meaning(turn, condition.left, path), _meaning(turn, condition.right, path))
        case Truth():
            return _meaning(turn, Operand(value=condition.value, type="Bool"), path) is True
        case Not():
            return not holds(turn, condition.of, path)
        case All():
            return all(holds(turn, each, path) for each in condition.of)
        case Any():
            return any(holds(turn, each, path) for each in condition.of)


def _meaning(turn: Turn, operand: Operand, path: tuple[int, ...]) -> Meaning:
    text = scalar_text(turn, operand.value, path)
    try:
        return meaning(text, operand.type)
    except NotScalar as error:
        raise Misfit(f"{error} for a condition, and `{text[:100]}` is there") from None
