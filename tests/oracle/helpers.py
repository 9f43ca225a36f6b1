"""Helpers, written out: a container beside the slots that starts, is spoken to, and ends."""

from __future__ import annotations

from podpipec_runtime.plan import types as plan
from tests.oracle.model import Helper, Scope, bits
from tests.oracle.unrolling import Missing, Path, Unrolling, Value, shown


def opened(of: Unrolling, step: plan.Open, path: Path, scope: Scope) -> None:
    """It starts when all is there that it is given."""
    given = [of.ref(ref, path) for ref in step.args.values()]
    needs = of.after(step.after, path)
    for value in given:
        needs |= value.there
    task = of.builder.task(shown(step.id, path), scope, needs, (leaf for value in given for leaf in value.leaves))
    of.done[step.id, path] = 1 << task
    of.values[step.id, path] = {"": Value(there=1 << task)}


def speaks(of: Unrolling, step: plan.Call, task: int, path: Path) -> None:
    """A call speaks to the helpers that it is given."""
    others = step.otherwise if isinstance(step, plan.Fallback) else ()
    for ref in (ref for args in (step.args, *(one.args for one in others)) for ref in args.values()):
        if isinstance(ref, plan.HelperRef):
            key = (ref.step, path[: len(of.steps[ref.step].chain)])
            of.spoken[key] = of.spoken.get(key, 0) | 1 << task


def closed(of: Unrolling, step: plan.Close, path: Path, scope: Scope) -> None:
    """It ends, after its scope. If it is lost before, that begins again, so what it reads from outside is there."""
    assert isinstance(of.plan, plan.Plan)
    if (step.opened, path) not in of.done:
        raise Missing(f"{step.id} ends what has not been started: {step.opened}")
    opens = of.done[step.opened, path]
    mine = opens
    for name in step.after:
        mine |= of.own.get((name, path), 0)
    mine &= ~_before(of, opens) | opens
    reads = [leaf for number in bits(mine) for leaf in of.builder.tasks[number].reads]
    written = [leaf for leaf in reads if of.builder.leaves[leaf].writer >= 0]
    inside = {leaf for leaf in written if mine >> of.builder.leaves[leaf].writer & 1}
    needs = of.after(step.after, path) | opens
    task = of.builder.task(shown(step.id, path), scope, needs, (leaf for leaf in reads if leaf not in inside))
    of.done[step.id, path] = 1 << task
    starts = of.steps[step.opened].step
    assert isinstance(starts, plan.Open)
    port = next(helper.port for helper in of.plan.helpers if helper.name == starts.helper)
    users = of.spoken.get((step.opened, path), 0)
    name = shown(starts.id, path)
    of.helpers.append(Helper(name, opens.bit_length() - 1, task, starts.seat, port, users))


def _before(of: Unrolling, tasks: int) -> int:
    """All that these tasks come after."""
    found, new = 0, tasks
    while new:
        needs = 0
        for number in bits(new):
            needs |= of.builder.tasks[number].needs
        new = needs & ~found
        found |= needs
    return found
