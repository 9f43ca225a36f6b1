"""What the types can't say about a walk: names are unique, and what goes down needs nothing that comes up."""

from __future__ import annotations

from collections.abc import Callable

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.order import refs, siblings, within
from podpipec_runtime.plan.types import ChildrenRef, ParentRef, Ref, Step, StepRef, Walk

#: Raises PlanError for a reference, seen from inside of these steps, that does not lead anywhere.
CheckRef = Callable[[Ref, tuple[str, ...], str], None]


def check_walk(walk: Walk, chain: tuple[str, ...], path: str, check: CheckRef) -> None:
    """Raises PlanError for the first thing in a walk's head that can't be meant."""
    check(walk.over, chain, f"{path}.over")
    if walk.width < 1:
        raise PlanError(f"{walk.width} is less than 1", f"{path}.width")
    if walk.depth is not None and walk.depth < 1:
        raise PlanError(f"{walk.depth} is less than 1", f"{path}.depth")
    seen: set[str] = set()
    inside, late = (*chain, walk.id), _after_children(walk)
    for at, down in enumerate(walk.downs):
        _once(down.name, seen, f"{path}.downs[{at}].name")
        check(down.start, chain, f"{path}.downs[{at}].start")
        check(down.value, inside, f"{path}.downs[{at}].value")
        if isinstance(down.value, ChildrenRef) or (isinstance(down.value, StepRef) and down.value.step in late):
            raise PlanError("what goes down needs what comes up", f"{path}.downs[{at}].value")
    for at, up in enumerate(walk.ups):
        _once(up.name, seen, f"{path}.ups[{at}].name")
        check(up.value, inside, f"{path}.ups[{at}].value")


def _once(name: str, seen: set[str], path: str) -> None:
    if name in seen or not name.isidentifier():
        raise PlanError(f"`{name}` is there twice" if name in seen else f"`{name}` is not a name", path)
    seen.add(name)


def _after_children(walk: Walk) -> set[str]:
    """The steps of the body that come after the children."""
    before = siblings(walk.body)
    late = {step.id for step in walk.body if _reads_children(step, walk.id)}
    while more := {name for name, needed in before.items() if name not in late and late.intersection(needed)}:
        late |= more
    return late


def _reads_children(step: Step, walk: str) -> bool:
    found = (ref for inner in within(step) for ref in refs(inner))
    return any(isinstance(ref, ChildrenRef) and ref.walk == walk for ref in found)


def check_handed(ref: ParentRef | ChildrenRef, around: Step | None, path: str) -> None:
    """Raises PlanError unless the step around is a walk that hands something on under that name."""
    if not isinstance(around, Walk):
        raise PlanError(f"no `walk` `{ref.walk}` is around this", f"{path}.walk")
    lines = around.downs if isinstance(ref, ParentRef) else around.ups
    if all(line.name != ref.name for line in lines):
        way = "down" if isinstance(ref, ParentRef) else "up"
        raise PlanError(f"nothing goes {way} as `{ref.name}`", f"{path}.name")
