"""How long leaves are there: as long as the plan's lifetimes say; what these do not name stays."""

from __future__ import annotations

from podpipec_runtime.plan import types as plan
from tests.oracle.model import Leaf, Run
from tests.oracle.unrolling import Path, Unrolling


def lived(of: Unrolling, run: Run) -> Run:
    """The run, each of its leaves with its life."""
    return run._replace(leaves=tuple(life_of(of, run, number) for number in range(len(run.leaves))))


def life_of(of: Unrolling, run: Run, number: int, kept: bool = True) -> Leaf:
    """A leaf of a run with its life; that of a copy is what the step says that keeps it, if `kept`."""
    leaf = run.leaves[number]
    if kept and number in of.kept:
        keep, path = of.kept[number]
        return _kept(of, leaf, keep, path)
    if number not in of.ports:
        return leaf
    until = (1 << leaf.writer if leaf.writer >= 0 else 0) | of.until.get(number, 0)
    forever = False
    for step, output, path in (of.ports[number], *of.also.get(number, ())):
        lives = [one for one in of.plan.lifetimes if one.place == leaf.place and _is_of(of, one.value, step, output)]
        for name in (name for life in lives for name in life.until):
            until |= _anchor(of, name, path, of.steps[step].chain if step else (), (step, output))
        forever = forever or not lives or any(not life.until for life in lives)
    return leaf._replace(until=until, forever=forever)


def _kept(of: Unrolling, leaf: Leaf, keep: plan.Keep, path: Path) -> Leaf:
    """A copy goes when all steps that the plan names are over; where it names none, it stays."""
    until = 1 << leaf.writer
    for name in keep.until:
        until |= _anchor(of, name, path, of.steps[keep.id].chain, (keep.id, ""))
    return leaf._replace(until=until, forever=not keep.until)


def _is_of(of: Unrolling, ref: plan.Ref, step: str, output: str) -> bool:
    """Whether a reference is to what a step wrote, or to a list with that in it."""
    match ref:
        case plan.InputRef() | plan.ShardsRef() | plan.WindowsRef():
            return not step and ref.input == output
        case plan.StepRef():
            target = of.steps[ref.step].step
            if isinstance(target, plan.Each | plan.Ordered):
                return _is_of(of, target.yields, step, output)
            return (ref.step, ref.output) == (step, output)
        case plan.ItemRef():
            loop = of.steps[ref.each].step
            return isinstance(loop, plan.Repeated) and _is_of(of, loop.over, step, output)
    return False


def _anchor(of: Unrolling, name: str, path: Path, chain: tuple[str, ...], value: tuple[str, str]) -> int:
    """The tasks after which a step is over, as seen from a value's own body.

    The walk that a value itself stands in is over for it when all below its node are done, or its parent is.
    """
    if chain and chain[-1] == name and isinstance(of.steps[name].step, plan.Walk):
        step = of.steps[name].step
        assert isinstance(step, plan.Walk)
        below, parent = of.below[name, path]
        goes_up = any(_may_be(of, up.value, *value) for up in step.ups)
        return parent if goes_up else below
    around = of.steps[name].chain
    shared = 0
    while shared < min(len(chain), len(around)) and chain[shared] == around[shared]:
        shared += 1
    return of.done[name if shared == len(around) else around[shared], path[:shared]]


def _may_be(of: Unrolling, ref: plan.Ref, step: str, output: str) -> bool:
    """Whether a value can be what a step wrote: itself, a list with it inside, or one branch of a choice."""
    if _is_of(of, ref, step, output):
        return True
    if isinstance(ref, plan.StepRef) and isinstance(of.steps[ref.step].step, plan.If):
        choice = of.steps[ref.step].step
        assert isinstance(choice, plan.If)
        ways = (choice.then.yields, choice.otherwise.yields)
        return any(_may_be(of, way, step, output) for way in ways if way is not None)
    return False
