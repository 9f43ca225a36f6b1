"""A run as the plan says it: its steps written out element by element, values freed when its lifetimes say so.

Bounds inside a fan out of unknown length are in proportion to the element: the plan gives those of the whole list. With
the bounds that the program declares, values are as large as those and what they are made of allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import chains, needed, operands, within
from podpipec_runtime.plan.scalars import captured
from tests.oracle import graphs, helpers, lists, mixing, recipes, trees
from tests.oracle.lifetimes import lived
from tests.oracle.model import Leaf, Run, Scope, Stage, bits
from tests.oracle.unrolling import Declared, Missing, Path, Unrolling, Value, shown
from tests.oracle.worlds import World

__all__ = ["Missing", "Path", "peaks_of", "run_of"]


class Unroller(Unrolling):
    """Writes out the plan of one pod."""

    plan: plan.Plan

    def __init__(self, whole: plan.Plan, world: World, declared: Declared, local: Iterable[str]) -> None:
        super().__init__(whole, world, declared, local)
        self.stages = {stage.name: stage for stage in whole.stages}

    def run(self) -> Run:
        """The whole run."""
        self.index(self.plan.steps, ())
        for given in self.plan.inputs:
            self.inputs[given.name] = self.given(given)
        self.body(self.plan.steps, (), (), Fraction(1))
        results = {result.name: self.ref(result.value, ()).leaves for result in self.plan.results}
        capacity: dict[str, int] = {place.name: place.bytes for place in self.plan.pod.places}
        run = lived(self, self.builder.run(results, capacity, ()))
        return run._replace(helpers=tuple(self.helpers), wrong=tuple(self.wrong))

    def body(self, body: tuple[plan.Step, ...], path: Path, scope: Scope, part: Fraction) -> int:
        tasks = 0
        piped = chains(body)
        for step in body:
            before = len(self.builder.tasks)
            if step.id in piped:
                self._chained(step, piped[step.id], path, scope, part)
            else:
                self.step(step, path, scope, part)
            mine = (1 << len(self.builder.tasks)) - (1 << before)
            self.own[step.id, path] = mine or self.done[step.id, path] if step.id in piped else mine
            tasks |= mine
        return tasks

    def step(self, step: plan.Step, path: Path, scope: Scope, part: Fraction) -> None:
        """Write one step out, which is in no chain."""
        match step:
            case plan.Call():
                self._call(step, path, scope, part)
            case plan.Each():
                lists.each(self, step, path, scope, part)
            case plan.Fold():
                lists.fold(self, step, path, scope, part)
            case plan.Cycle():
                lists.cycle(self, step, path, scope, part)
            case plan.Walk():
                trees.walk(self, step, path, scope, part)
            case plan.Ordered():
                graphs.ordered(self, step, path, scope, part)
            case plan.Execute():
                recipes.execute(self, step, path, scope, part)
            case plan.If():
                self._if(step, path, scope, part)
            case plan.Keep() | plan.Move() | plan.Pin():
                self._copy(step, path, scope)
            case plan.Open():
                helpers.opened(self, step, path, scope)
            case plan.Close():
                helpers.closed(self, step, path, scope)
            case plan.Unit():
                raise Missing(f"{step.id} is a unit, in the plan of one pod")

    # --- calls ---

    def _call(self, step: plan.Call, path: Path, scope: Scope, part: Fraction) -> None:
        task = self.builder.task(shown(step.id, path), scope, 0, ())
        self._calling(step, task, path, scope, part)

    def _chained(self, step: plan.Step, chain: tuple[str, ...], path: Path, scope: Scope, part: Fraction) -> None:
        """A call of a chain: all of them are one task, and what they write is there when it is over."""
        assert isinstance(step, plan.Call)
        if (chain[0], path) not in self.joined:
            self.joined[chain[0], path] = self.builder.task(shown(" → ".join(chain), path), scope, 0, ())
        self._calling(step, self.joined[chain[0], path], path, scope, part)

    def _calling(self, step: plan.Call, task: int, path: Path, scope: Scope, part: Fraction) -> None:
        stage = self.stages[step.stage]
        others = step.otherwise if isinstance(step, plan.Fallback) else ()
        ways = [(stage, {name: self.ref(ref, path) for name, ref in step.args.items()})]
        ways += (
            (self.stages[one.stage], {key: self.ref(ref, path) for key, ref in one.args.items()}) for one in others
        )
        args = [value for _, given in ways for value in given.values()]
        needs = self.after(step.after, path)
        for value in args:
            needs |= value.there
        needs &= ~(1 << task)  # a stream is there while it is written
        self.builder.joining(task, needs, Stage(step.slots, stage.cpu, stage.memory))
        self.builder.reading(task, (leaf for value in args for leaf in value.leaves))
        self._meet(step.id, ways)
        self._consumes(step, task, path, scope)
        helpers.speaks(self, step, task, path)
        self._gives(step, ways, task, path, scope, part)
        self.done[step.id, path] = 1 << task

    def _gives(
        self,
        step: plan.Call,
        ways: list[tuple[plan.Stage, dict[str, Value]]],
        task: int,
        path: Path,
        scope: Scope,
        part: Fraction,
    ) -> None:
        stage = self.stages[step.stage]
        atoms = mixing.united(value.atoms for _, given in ways for value in given.values())
        lies = {output.name: output for output in step.outputs}
        made = {port.name: Value((), 1 << task, atoms=atoms) for port in captured(stage)}
        for position, port in enumerate(stage.outputs):
            output = lies.get(port.name)
            otherwise = None if output is None else output.bytes * part
            sizes = [self.size(one.name, one.outputs[position].name, given, otherwise) for one, given in ways]
            size = None if None in sizes else max(size for size in sizes if size is not None)
            if output is None:
                made.setdefault(port.name, Value((), 1 << task, bytes=size, atoms=atoms))
                continue
            assert size is not None
            if size > output.bytes:
                self.wrong[f"`{step.id}` may write {size} bytes, the plan says {output.bytes}"] = None
            leaf = self.leaf(step.id, output.name, path, scope, output.place, size, task)
            made[output.name] = Value((leaf,), 1 << task, bytes=size, atoms=atoms)
        self.values[step.id, path] = made

    def _meet(self, step: str, ways: list[tuple[plan.Stage, dict[str, Value]]]) -> None:
        for _, given in ways:
            both = mixing.mixed(mixing.united(value.atoms for value in given.values()))
            if both is not None:
                self.wrong[f"`{step}` is given {both}"] = None

    def _consumes(self, step: plan.Call, task: int, path: Path, scope: Scope) -> None:
        """What it takes is its own; an element of a folder stays there, and it gets a copy."""
        for name in step.consumes:
            value = self.ref(step.args[name], path)
            if value.folder:
                for leaf in value.leaves:
                    of = self.builder.leaves[leaf]
                    size = of.bytes * value.part if value.bytes is None else value.bytes
                    copy = Leaf(f"{of.name} (to work on)", of.place, int(size), task)
                    self.builder.leaf(copy, scope)
            else:
                of_ = self.builder.tasks[task]
                self.builder.tasks[task] = of_._replace(consumes=(*of_.consumes, *value.leaves))

    # --- choices and copies ---

    def _if(self, step: plan.If, path: Path, scope: Scope, part: Fraction) -> None:
        """It is made when all is there that either branch reads; then the branch that is not taken is over."""
        holds = self.world.choices[self.chosen % len(self.world.choices)]
        self.chosen += 1
        head = self.after((*needed(step), *step.after), path)
        for operand in operands(step.condition):
            head |= self.ref(operand.value, path).there
        taken, other = (step.then, step.otherwise) if holds else (step.otherwise, step.then)
        for top in other.steps:
            for skipped in within(top):
                self.done[skipped.id, path] = head
        tasks = self.body(taken.steps, path, scope, part)
        for number in bits(tasks):
            task = self.builder.tasks[number]
            self.builder.tasks[number] = task._replace(needs=task.needs | head)
        value = Value() if taken.yields is None else self.ref(taken.yields, path)
        self.values[step.id, path] = {"": value._replace(there=value.there | tasks | head)}
        self.done[step.id, path] = tasks | head

    def _copy(self, step: plan.Keep | plan.Move | plan.Pin, path: Path, scope: Scope) -> None:
        value = self.ref(step.value, path)
        needs = value.there | self.after(step.after, path)
        task = self.builder.task(shown(step.id, path), scope, needs, value.leaves)
        self.done[step.id, path] = 1 << task
        if isinstance(step, plan.Keep):
            for leaf in self.copied("", step.place, value, task, scope):
                self.kept[leaf] = (step, path)
            return
        if isinstance(step, plan.Pin):
            leaves = tuple(self.copied(shown(step.id, path), step.place, value, task, scope))
        else:
            size = Fraction(step.bytes) * value.part if value.bytes is None else value.bytes
            leaves = (self.leaf(step.id, "", path, scope, step.place, size, task),)
        items = (
            None if value.items is None else tuple(one._replace(leaves=leaves, there=1 << task) for one in value.items)
        )
        self.values[step.id, path] = {"": value._replace(leaves=leaves, there=1 << task, items=items)}


def run_of(
    whole: plan.Plan,
    world: World,
    local: Iterable[str] = (),
    declared: Declared | None = None,
    lengths: Mapping[str, int] | None = None,
) -> Run:
    """The run of a plan in a world. Raises Missing where the plan refers to what is not there yet, or never.

    `lengths` are those of lists that it is started with, as a unit, where they are known.
    """
    unroller = Unroller(whole, world, declared or {}, local)
    unroller.lengths = lengths or {}
    return unroller.run()


def peaks_of(whole: plan.Plan | plan.Macro) -> Mapping[str, int]:
    """What the plan says of each place."""
    return {peak.place: peak.bytes for peak in whole.peaks}
