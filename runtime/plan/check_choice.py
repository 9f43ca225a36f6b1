"""What the types can't say about choices: branches that go together, comparisons that can be made."""

from __future__ import annotations

from collections.abc import Callable

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.order import branches
from podpipec_runtime.plan.scalars import captured, stored
from podpipec_runtime.plan.types import Compare, Condition, If, Not, Operand, Ref, Stage, Truth

#: How deep the parts of a condition may be nested.
DEEPEST_CONDITION = 200

#: What all numbers are to a comparison.
NUMBER = ""

#: Whether a reference leads somewhere, as seen from the bodies around it; the path is for the error.
CheckRef = Callable[[Ref, tuple[str, ...], str], None]


def shape(stage: Stage) -> tuple[list[int], list[str]]:
    """What those who read a stage's outputs rely on: which are lists how deep, and which are captured as what."""
    return [port.content.count("[]") for port in stored(stage)], [port.content for port in captured(stage)]


def check_if(step: If, chain: tuple[str, ...], path: str, check_ref: CheckRef) -> None:
    """Raises PlanError for a choice that can't be meant."""
    if (step.then.yields is None) != (step.otherwise.yields is None):
        raise PlanError("both branches give a value, or none does", path)
    for word, branch in zip(("then", "otherwise"), branches(step), strict=True):
        if branch.yields is not None:
            check_ref(branch.yields, (*chain, f"{step.id} {word}"), f"{path}.{word}.yields")
    _check_condition(step.condition, chain, f"{path}.condition", check_ref)


def _check_condition(
    condition: Condition, chain: tuple[str, ...], path: str, check_ref: CheckRef, depth: int = 0
) -> None:
    if depth > DEEPEST_CONDITION:
        raise PlanError(f"a condition is nested deeper than {DEEPEST_CONDITION}", path)
    match condition:
        case Compare():
            kinds = {_kind(side) for side in (condition.left, condition.right)}
            if len(kinds) > 1 or (kinds != {NUMBER} and condition.op not in ("==", "!=")):
                raise PlanError(f"these can't be compared by `{condition.op}`", path)
            for word, side in (("left", condition.left), ("right", condition.right)):
                check_ref(side.value, chain, f"{path}.{word}.value")
        case Truth():
            check_ref(condition.value, chain, f"{path}.value")
        case Not():
            _check_condition(condition.of, chain, f"{path}.of", check_ref, depth + 1)
        case _:
            for at, each in enumerate(condition.of):
                _check_condition(each, chain, f"{path}.of[{at}]", check_ref, depth + 1)


def _kind(side: Operand) -> str:
    return side.type if side.type in ("String", "Bool") else NUMBER
