"""Choices and fallbacks for random plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podpipec_runtime.plan.types import (
    All,
    Alternative,
    Any,
    Branch,
    Call,
    Compare,
    Condition,
    ConstantRef,
    Fallback,
    If,
    Not,
    Operand,
    Ref,
    Step,
    StepRef,
    Truth,
)

if TYPE_CHECKING:
    from tests.runtime.random_plans import Maker, Seen


def choice(maker: Maker, seen: list[Seen], items: tuple[str, ...]) -> Step:
    """A choice with or without a value; a value of a branch is made in it, or comes from without."""
    name = maker.name()
    condition = condition_of(maker, [ref for ref, _ in seen if ref in maker.scalars])
    maker.deep += 1
    bodies, values = [], []
    for _ in range(2):
        inner = list(seen)
        bodies.append(tuple(maker.body(inner, maker.random.randint(0, 3), items)))
        values.append(list(reversed(inner)))
    maker.deep -= 1
    is_list = maker.random.random() < 0.3
    found = [[ref for ref, listed in value if listed == is_list and isinstance(ref, StepRef)] for value in values]
    yields: list[Ref | None] = [None, None]
    if all(found) and maker.random.random() < 0.8:
        yields = [maker.random.choice(refs[:3]) for refs in found]
        seen.append((StepRef(step=name), is_list))
    then, otherwise = (Branch(steps=body, yields=value) for body, value in zip(bodies, yields, strict=True))
    return If(id=name, condition=condition, then=then, otherwise=otherwise)


def condition_of(maker: Maker, scalars: list[Ref], depth: int = 0) -> Condition:
    random = maker.random
    roll = random.random()
    if roll < 0.3 and depth < 2:
        parts = tuple(condition_of(maker, scalars, depth + 1) for _ in range(random.randint(1, 3)))
        return All(of=parts) if random.random() < 0.5 else Any(of=parts)
    if roll < 0.4 and depth < 2:
        return Not(of=condition_of(maker, scalars, depth + 1))
    truths = [ref for ref in scalars if maker.scalars[ref] == "Bool"]
    if truths and random.random() < 0.5:
        return Truth(value=random.choice(truths))
    numbers: list[Ref] = [ref for ref in scalars if maker.scalars[ref] == "Int"]
    left, right = random.choice(numbers or [ConstantRef(value="7")]), ConstantRef(value=str(random.randint(0, 256)))
    op = random.choice(["<", ">=", "=="])
    return Compare(op=op, left=Operand(value=left, type="Int"), right=Operand(value=right, type="Int"))


def fallback(maker: Maker, first: Step, seen: list[Seen], items: tuple[str, ...], outputs: dict[str, str]) -> Step:
    """A call with others behind it; often the first ones always fail."""
    assert isinstance(first, Call)
    calls = [maker.stage(seen, items, outputs, maker.random.choice(["bad", "st"])) for _ in range(2)]
    calls = calls[: maker.random.randint(0, 2)]
    last, args = maker.stage(seen, items, outputs, "st")
    calls.append((last, args))
    stage, given = (maker.stages[first.stage], first.args) if maker.random.random() < 0.4 else calls[0]
    others = tuple(Alternative(stage=other.name, args=args) for other, args in calls)
    return Fallback(
        id=first.id,
        stage=stage.name,
        args=given,
        outputs=first.outputs,
        slots=first.slots,
        after=first.after,
        otherwise=others if stage is not calls[0][0] or len(others) == 1 else others[1:],
    )
