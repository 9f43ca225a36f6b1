"""What the types can't say about a loop: groups, carries, and references in the right body."""

from __future__ import annotations

from collections.abc import Callable

from podpipec_runtime.plan.errors import PlanError, at_least
from podpipec_runtime.plan.types import Cycle, Each, Fold, Loop, Ref

#: Checks a reference from inside of these loops; the text is the path to it.
CheckRef = Callable[[Ref, tuple[str, ...], str], None]


def check_loop(loop: Loop, chain: tuple[str, ...], path: str, check_ref: CheckRef) -> None:
    """Raises PlanError for a loop that can't be meant. `chain` has the ids of the loops around it."""
    check_ref(loop.over, chain, f"{path}.over")
    inside = (*chain, loop.id)
    match loop:
        case Each():
            check_ref(loop.yields, inside, f"{path}.yields")
            at_least(1, loop.width, f"{path}.width")
            if not (1 <= loop.step <= loop.group or loop.step == loop.group == 0):
                raise PlanError(f"groups of {loop.group} can't be {loop.step} apart", f"{path}.step")
        case Fold():
            check_ref(loop.yields, inside, f"{path}.yields")
            at_least(1, loop.width, f"{path}.width")
            at_least(2, loop.by, f"{path}.by")
        case Cycle():
            at_least(1, loop.depth, f"{path}.depth")
            _check_carries(loop, chain, path, check_ref)


def _check_carries(cycle: Cycle, chain: tuple[str, ...], path: str, check_ref: CheckRef) -> None:
    if not cycle.carries:
        raise PlanError(f"cycle `{cycle.id}` hands nothing on", f"{path}.carries")
    names: set[str] = set()
    for at, carry in enumerate(cycle.carries):
        here = f"{path}.carries[{at}]"
        if not carry.name.isidentifier():
            raise PlanError(f"`{carry.name}` is not a name", f"{here}.name")
        if carry.name in names:
            raise PlanError(f"`{carry.name}` is there twice", f"{here}.name")
        names.add(carry.name)
        check_ref(carry.start, chain, f"{here}.start")
        check_ref(carry.gives, (*chain, cycle.id), f"{here}.gives")
