"""A flow across pods, written out: every unit with all of its steps, in a pod of its set.

A pod does one unit at a time. What crosses lies on the volume that all share, or in `remote`, and is there when the
unit that gives it is over; what lies in a pod goes with the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from podpipec_runtime.plan import types as plan
from tests.oracle.gates import Turns
from tests.oracle.lifetimes import life_of
from tests.oracle.model import Leaf, Run, Scope, bits
from tests.oracle.planned import Unroller
from tests.oracle.unrolling import Declared, Missing, Path, Unrolling, Value, shown
from tests.oracle.worlds import World

#: Where others can read.
SHARED = ("volume", "remote")


class Across(Unroller):
    """Writes out the plan of a flow across pods; `declared` is by the names of its flows."""

    def __init__(self, whole: plan.Macro, world: World, declared: Mapping[str, Declared], local: Iterable[str]) -> None:
        Unrolling.__init__(self, whole, world, {}, local)
        self.stages = {}
        self.whole = whole
        self.sizes = declared
        self.flows = {flow.flow: flow for flow in whole.flows}
        gates = [Turns(one.pods) for one in whole.sets]
        self.gates = {name: gate for one, gate in zip(whole.sets, gates, strict=True) for name in one.flows}
        self.inside: dict[int, tuple[Unroller, int]] = {}  # of leaves: the unit that they are in, and all its tasks
        self.given_on: dict[int, int] = {}  # of leaves that a unit gives: all of its tasks

    def run(self) -> Run:
        self.index(self.whole.steps, ())
        for given in self.whole.inputs:
            self.inputs[given.name] = self.given(given)
        self.body(self.whole.steps, (), (), Fraction(1))
        results = {result.name: self.ref(result.value, ()).leaves for result in self.whole.results}
        capacity = {} if self.whole.volume is None else {"volume": self.whole.volume.bytes}
        run = self.builder.run(results, {**capacity}, ())
        leaves = tuple(self._lives(run, number) for number in range(len(run.leaves)))
        return run._replace(leaves=leaves, helpers=tuple(self.helpers), wrong=tuple(self.wrong))

    def step(self, step: plan.Step, path: Path, scope: Scope, part: Fraction) -> None:
        if not isinstance(step, plan.Unit):
            super().step(step, path, scope, part)
            return
        flow, gate = self.flows[step.flow], self.gates[step.flow]
        args = {name: self.ref(ref, path) for name, ref in step.args.items()}
        needs = self.after(step.after, path)
        for value in args.values():
            needs |= value.there
        reads = [leaf for value in args.values() for leaf in value.leaves]
        for leaf in reads:
            if self.builder.leaves[leaf].place not in SHARED:
                self.wrong[f"`{step.id}` is given `{self.builder.leaves[leaf].name}` of another pod"] = None
        name = shown(step.id, path)
        begins = self.builder.task(f"{name} begins", scope, needs, reads, gate=gate)
        brings = self.builder.task(f"{name} brings in", scope, needs | 1 << begins, reads)
        inner = _Inner(self, flow, name)
        for given in flow.inputs:
            inner.inputs[given.name] = inner.brought(given, args[given.name], brings)
        inner.index(flow.steps, ())
        first = len(self.builder.leaves)
        tasks = inner.body(flow.steps, (), scope, Fraction(1))
        for number in bits(tasks):
            task = self.builder.tasks[number]
            self.builder.tasks[number] = task._replace(needs=task.needs | 1 << brings)
        gate.begins[begins] = tasks | 1 << brings
        whole = tasks | 1 << brings | 1 << begins
        for leaf in (*inner.ports, *range(first, len(self.builder.leaves))):
            self.inside[leaf] = (inner, whole)
        self.values[step.id, path] = self._results(step, flow, inner, path, whole)
        self.done[step.id, path] = whole

    def _results(self, step: plan.Unit, flow: plan.Plan, inner: Unroller, path: Path, whole: int) -> dict[str, Value]:
        """What it gives, where others can read it."""
        lie = {output.name: output for output in step.results}
        made = {}
        for result in flow.results:
            value = inner.ref(result.value, ())
            output = lie.get(result.name)
            if output is None:  # a scalar
                made[result.name] = value._replace(leaves=(), there=whole)
                continue
            there = {leaf: self._shared(leaf, output.place, step.id) for leaf in value.leaves}
            if value.bytes is not None and value.bytes > output.bytes:
                self.wrong[f"`{step.id}` may give {value.bytes} bytes, the plan says {output.bytes}"] = None
            for leaf in there.values():
                self.ports[leaf] = (step.id, result.name, path)
                self.given_on[leaf] = whole
            made[result.name] = _moved(value, there)._replace(there=whole)
        return made

    def _shared(self, leaf: int, place: str, unit: str) -> int:
        """A leaf, or its copy, that lies on a place that others can read. Raises Missing."""
        for number, other in enumerate(self.builder.leaves):
            if other.place == place and place in SHARED and (number == leaf or leaf in other.of):
                return number
        raise Missing(f"{unit} does not leave `{self.builder.leaves[leaf].name}` in {place}")

    def _lives(self, run: Run, number: int) -> Leaf:
        """What crosses lives as this plan says, what a unit has as its own plan says, and no longer than the unit; but
        what it keeps on the volume stays."""
        if number in self.given_on:
            leaf = life_of(self, run, number, kept=False)
            return leaf._replace(until=leaf.until | self.given_on[number])
        if number not in self.inside:
            return life_of(self, run, number)
        inner, whole = self.inside[number]
        leaf = life_of(inner, run, number)
        stays = leaf.forever and leaf.place in SHARED
        return leaf if stays or not leaf.forever else leaf._replace(until=leaf.until | whole, forever=False)


class _Inner(Unroller):
    """The steps of one unit, among those of the others."""

    def __init__(self, of: Across, flow: plan.Plan, name: str) -> None:
        super().__init__(flow, of.world, of.sizes.get(flow.flow, {}), ())
        self.builder, self.helpers, self.wrong = of.builder, of.helpers, of.wrong
        self.name = name

    def brought(self, given: plan.Input, value: Value, writer: int) -> Value:
        """What the unit is given: what lies on the volume it reads there, all else is brought to its place first."""
        if given.slice == "text":
            return value._replace(leaves=(), there=0)
        new: dict[int, int] = {}
        for number in value.leaves:
            of = self.builder.leaves[number]
            if of.place == given.place:
                new[number] = number
                continue
            leaf = Leaf(f"{self.name}: {of.name}", given.place, of.bytes, writer)
            new[number] = self.builder.leaf(leaf, ())
            self.ports[new[number]] = ("", given.name, ())
        return _moved(value, new)


def _moved(value: Value, new: Mapping[int, int]) -> Value:
    items = None if value.items is None else tuple(_moved(item, new) for item in value.items)
    return value._replace(leaves=tuple(new[leaf] for leaf in value.leaves), there=0, items=items)


def run_across(whole: plan.Macro, world: World, declared: Mapping[str, Declared], local: Iterable[str] = ()) -> Run:
    """The run of a plan across pods in a world. Raises Missing."""
    return Across(whole, world, declared, local).run()
