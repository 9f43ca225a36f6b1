"""A `walk`, written out: the nodes of a tree of this world, each at its steps before and after its children."""

from __future__ import annotations

from fractions import Fraction

from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import refs, within
from tests.oracle.gates import Spot, Ways
from tests.oracle.model import Scope, bits
from tests.oracle.unrolling import Path, Unrolling, Value, shown


def walk(of: Unrolling, step: plan.Walk, path: Path, scope: Scope, part: Fraction) -> None:
    """The whole of it. Nodes deeper than it says are an error of the data, and left out."""
    _Walk(of, step, path, scope, part).play()


class _Walk:
    def __init__(self, of: Unrolling, step: plan.Walk, path: Path, scope: Scope, part: Fraction) -> None:
        self.of, self.step, self.path, self.scope, self.part = of, step, path, scope, part
        self.over = of.ref(step.over, path)
        self.gate = Ways(step.width, step.order == "depth_first")
        self.tree = of.world.tree
        late = _late(step)
        self.early = tuple(one for one in step.body if one.id not in late)
        self.late = tuple(one for one in step.body if one.id in late)
        self.count = len(self.tree.parents) + 1
        while step.depth is not None and self.tree.level(self.count - 1) > step.depth:
            self.count -= 1
        self.outside = 0

    def play(self) -> None:
        of, step = self.of, self.step
        start = {down.name: of.ref(down.start, self.path) for down in step.downs}
        self.outside = self.over.there | of.after(step.after, self.path)
        for value in start.values():
            self.outside |= value.there
        before = len(of.builder.tasks)
        self.gate.spots = [Spot(0) for _ in range(self.count)]
        came = self._node(0, -1, start, 0)
        self._by_levels()
        done = self.outside
        for number in range(before, len(of.builder.tasks)):
            task = of.builder.tasks[number]
            of.builder.tasks[number] = task._replace(needs=task.needs | self._needed(before))
            done |= 1 << number
        of.values.setdefault((step.id, self.path), {})
        for name, value in came.items():
            of.comes_to(step.id, name, self.path, value._replace(there=done))
        of.done[step.id, self.path] = done
        self._lives(done)

    def _needed(self, before: int) -> int:
        """A walk begins when all is there that any of its steps needs from outside."""
        needs = self.outside
        for task in self.of.builder.tasks[before:]:
            needs |= task.needs & ((1 << before) - 1)
        return needs

    def _node(self, node: int, parent: int, given: dict[str, Value], needs: int) -> dict[str, Value]:
        """A node and all below it; what comes up from it."""
        of, step, spot = self.of, self.step, self.gate.spots[node]
        inner = (*self.path, node)
        share = self.tree.shares[node]
        first = len(of.builder.tasks)
        of.items[step.id, inner] = of.share(self.over, share)
        of.carried[step.id, inner] = given
        spot.parent = parent
        begins = of.builder.task(f"{shown(step.id, inner)} begins", self.scope, needs, (), gate=self.gate)
        spot.begins = 1 << begins
        spot.early = self._steps(self.early, inner, share, spot.begins)
        ready = spot.begins | spot.early
        down = {one.name: of.ref(one.value, inner) for one in step.downs}
        below = [child for child in range(1, self.count) if self.tree.parents[child - 1] == node]
        risen = [self._node(child, node, down, ready) for child in below]
        of.risen[step.id, inner] = {up.name: of.collected(tuple(one[up.name] for one in risen)) for up in step.ups}
        for child in below:
            ready |= self.gate.spots[child].whole
        if self.late:
            goes_on = of.builder.task(f"{shown(step.id, inner)} goes on", self.scope, ready, (), gate=self.gate)
            spot.goes_on = 1 << goes_on
            spot.late = self._steps(self.late, inner, share, spot.goes_on)
        spot.whole = (1 << len(of.builder.tasks)) - (1 << first)
        return {up.name: of.ref(up.value, inner) for up in step.ups}

    def _steps(self, body: tuple[plan.Step, ...], inner: Path, share: Fraction, needs: int) -> int:
        """The steps of a node before, or after, its children."""
        tasks = self.of.body(body, inner, self.scope, self.part * share)
        for number in bits(tasks):
            task = self.of.builder.tasks[number]
            self.of.builder.tasks[number] = task._replace(needs=task.needs | needs)
        return tasks

    def _by_levels(self) -> None:
        """Breadth first, a node begins when all of the level above have."""
        if self.gate.depth_first:
            return
        for node, spot in enumerate(self.gate.spots):
            for other, above in enumerate(self.gate.spots):
                if self.tree.level(other) == self.tree.level(node) - 1:
                    number = spot.begins.bit_length() - 1
                    task = self.of.builder.tasks[number]
                    self.of.builder.tasks[number] = task._replace(needs=task.needs | above.begins)

    def _lives(self, done: int) -> None:
        """Until when what a node hands down, or up, is there."""
        for node, spot in enumerate(self.gate.spots):
            parent = self.gate.spots[spot.parent].whole if node else done
            self.of.below[self.step.id, (*self.path, node)] = (spot.whole, parent)


def _late(step: plan.Walk) -> frozenset[str]:
    """The steps of a node that need something of its children, and those that need these.

    A helper that only these speak to starts among them.
    """
    late: set[str] = set()
    while True:
        before = len(late)
        for top in step.body:
            for inner in within(top):
                own = any(isinstance(ref, plan.ChildrenRef) and ref.walk == step.id for ref in refs(inner))
                named = {
                    ref.step for ref in refs(inner) if isinstance(ref, plan.StepRef | plan.HelperRef | plan.StreamRef)
                }
                if (
                    own
                    or late.intersection(
                        named,
                    )
                    or late.intersection(inner.after)
                ):
                    late.add(top.id)
        for top in step.body:
            if isinstance(top, plan.Close) and top.id in late:
                late.add(top.opened)
        if len(late) == before:
            return frozenset(late)
