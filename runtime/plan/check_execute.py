"""What the types can't say about a run of a flow that is written at run time."""

from __future__ import annotations

import re

from podpipec_runtime.plan.check_walk import CheckRef
from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import Execute

_ARGUMENT = re.compile(r"[^\W\d]\w*|[1-9][0-9]*")


def check_execute(step: Execute, chain: tuple[str, ...], path: str, slots: int, check: CheckRef) -> None:
    """Raises PlanError for the first thing in it that can't be meant, in a pod with so many slots."""
    check(step.flow, chain, f"{path}.flow")
    for name, ref in step.args.items():
        if not _ARGUMENT.fullmatch(name):
            raise PlanError(f"`{name}` is neither a name nor a number", f"{path}.args")
        check(ref, chain, f"{path}.args.{name}")
    if step.bytes < 0:
        raise PlanError(f"{step.bytes} is less than 0", f"{path}.bytes")
    if len({one.place for one in step.room}) < len(step.room):
        raise PlanError("a place is there twice", f"{path}.room")
    for at, one in enumerate(step.room):
        if one.bytes < 0:
            raise PlanError(f"{one.bytes} is less than 0", f"{path}.room[{at}].bytes")
    if not step.slots or len(set(step.slots)) != len(step.slots):
        raise PlanError("it needs slots, each once", f"{path}.slots")
    for at, slot in enumerate(step.slots):
        if not 0 <= slot < slots:
            raise PlanError(f"the pod has no slot {slot}", f"{path}.slots[{at}]")
