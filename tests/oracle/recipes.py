"""A flow that is written at run time, at its worst: it fills all that it may, and is active in every slot at once."""

from __future__ import annotations

from fractions import Fraction

from podpipec_runtime.plan import types as plan
from tests.oracle import mixing
from tests.oracle.model import Leaf, Run, Scope, Stage
from tests.oracle.unrolling import Path, Unrolling, Value, shown


def execute(of: Unrolling, step: plan.Execute, path: Path, scope: Scope, part: Fraction) -> None:
    """A stage in each slot; all that they may fill is there from the first to the last, beside what comes of it."""
    given = [of.ref(ref, path) for ref in (step.flow, *step.args.values())]
    needs = of.after(step.after, path)
    for value in given:
        needs |= value.there
    reads = [leaf for value in given for leaf in value.leaves]
    name = shown(step.id, path)
    begins = of.builder.task(f"{name} is checked", scope, needs, reads)
    filled = [of.builder.leaf(Leaf(f"{name}, at work", room.place, room.bytes, begins), scope) for room in step.room]
    active = 0
    for slot in step.slots:
        stages = (Stage((slot,), _cores(of, slot)),)
        active |= 1 << of.builder.task(f"{name} in slot {slot}", scope, needs | 1 << begins, reads, stages)
    ends = of.builder.task(f"{name} ends", scope, needs | active, (*reads, *filled))
    size = Fraction(step.bytes) * part
    leaf = of.leaf(step.id, "", path, scope, step.place, size, ends)
    atoms = mixing.united(value.atoms for value in given)
    of.values[step.id, path] = {"": Value((leaf,), 1 << ends, bytes=size, atoms=atoms)}
    of.done[step.id, path] = 1 << begins | active | 1 << ends


def _cores(of: Unrolling, slot: int) -> int:
    """All that a slot has. Of its memory what they fill in `ram` is a part."""
    assert isinstance(of.plan, plan.Plan)
    return of.plan.pod.slots[slot].cpu


def without(run: Run) -> Run:
    """The run, where flows that are written at run time fill nothing: what the plan's peaks are of."""
    return run._replace(
        leaves=tuple(leaf._replace(bytes=0) if leaf.name.endswith(", at work") else leaf for leaf in run.leaves)
    )
