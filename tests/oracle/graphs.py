"""A way through a graph with dependencies, written out: each node of it after those that it depends on."""

from __future__ import annotations

from fractions import Fraction

from podpipec_runtime.plan import types as plan
from tests.oracle.gates import Turns
from tests.oracle.model import Scope
from tests.oracle.unrolling import Path, Unrolling, Value, shown


def ordered(of: Unrolling, step: plan.Ordered, path: Path, scope: Scope, part: Fraction) -> None:
    """All nodes, and the list of what came of them."""
    over = of.ref(step.over, path)
    outside = over.there | of.after(step.after, path)
    gate = Turns(step.width)
    before = len(of.builder.tasks)
    results: list[Value] = []
    whole: list[int] = []
    for node, needs in enumerate(of.world.graph.needs):
        inner, share = (*path, node), of.world.graph.shares[node]
        of.items[step.id, inner] = of.share(over, share)
        of.needed[step.id, inner] = of.collected(tuple(results[other] for other in needs))
        first = outside
        for other in needs:
            first |= whole[other]
        begins = of.builder.task(f"{shown(step.id, inner)} begins", scope, first, (), gate=gate)
        tasks = of.body(step.body, inner, scope, part * share)
        for number in range(begins + 1, len(of.builder.tasks)):
            task = of.builder.tasks[number]
            of.builder.tasks[number] = task._replace(needs=task.needs | 1 << begins)
        gate.begins[begins] = tasks
        whole.append(tasks | 1 << begins)
        results.append(of.ref(step.yields, inner)._replace(part=share))
    for task in of.builder.tasks[before:]:  # it begins when all is there that any of its steps needs from outside
        outside |= task.needs & ((1 << before) - 1)
    done = outside
    for number in range(before, len(of.builder.tasks)):
        task = of.builder.tasks[number]
        of.builder.tasks[number] = task._replace(needs=task.needs | outside)
        done |= 1 << number
    of.values[step.id, path] = {"": of.collected(tuple(results))._replace(there=done)}
    of.done[step.id, path] = done
