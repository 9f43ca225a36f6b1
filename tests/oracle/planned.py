"""A run as the plan says it: its steps written out element by element, values freed when its lifetimes say so.

Bounds inside a fan out of unknown length are in proportion to the element: the plan gives those of the whole list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import bodies, needed, operands, within
from podpipec_runtime.plan.scalars import captured
from tests.oracle.model import Builder, Leaf, Run, Scope, Stage
from tests.oracle.worlds import World

#: Which element of each fan around.
Path = tuple[int, ...]


class Missing(Exception):  # noqa: N818 - it is a finding about a plan, not a fault of the oracle
    """The plan refers to what is not there."""


class _Value(NamedTuple):
    """Leaves, the tasks after which they are there, and the elements of a list."""

    leaves: tuple[int, ...]
    there: int = 0
    items: tuple[_Value, ...] | None = None
    parts: bool = False  # of a list that a stage made: one folder, as many elements as the data says
    part: Fraction = Fraction(1)  # of an element: its share of such a list


class _Step(NamedTuple):
    """Where a step stands in the plan."""

    step: plan.Step
    chain: tuple[str, ...]


class _Unroller:
    def __init__(self, whole: plan.Plan, world: World, local: Iterable[str]) -> None:
        self.plan = whole
        self.world = world
        self.local = frozenset(local)
        self.builder = Builder()
        self.stages = {stage.name: stage for stage in whole.stages}
        self.steps: dict[str, _Step] = {}
        self.values: dict[tuple[str, Path], dict[str, _Value]] = {}
        self.done: dict[tuple[str, Path], int] = {}
        self.inputs: dict[str, _Value] = {}
        self.items: dict[tuple[str, Path], _Value] = {}
        self.ports: dict[int, tuple[str, str, Path]] = {}  # of each leaf: what wrote it, which output, where
        self.scopes: dict[str, Scope] = {}
        self.carried: dict[tuple[str, Path], dict[str, _Value]] = {}
        self.until: dict[int, int] = {}  # of leaves that are carried: the tasks of the element that sees them
        self.also: dict[int, list[tuple[str, str, Path]]] = {}  # of leaves: what loops came to that are these
        self.chosen = 0

    def run(self) -> Run:
        self._index(self.plan.steps, ())
        for given in self.plan.inputs:
            self.inputs[given.name] = self._input(given)
        self._body(self.plan.steps, (), (), Fraction(1))
        results = {result.name: self._ref(result.value, ()).leaves for result in self.plan.results}
        capacity: dict[str, int] = {place.name: place.bytes for place in self.plan.pod.places}
        run = self.builder.run(results, capacity, ())
        return run._replace(leaves=tuple(self._lifetime(run, number) for number in range(len(run.leaves))))

    def _index(self, body: tuple[plan.Step, ...], chain: tuple[str, ...]) -> None:
        for step in body:
            self.steps[step.id] = _Step(step, chain)
            inner = (*chain, step.id) if isinstance(step, plan.Loop) else chain
            for below in bodies(step):
                self._index(below, inner)

    def _input(self, given: plan.Input) -> _Value:
        many = given.slice == "shards" or not isinstance(given.windows, plan.At)
        leaves = []
        for number in range(given.most):
            leaf = Leaf(f"{given.name}/{number}", given.place, given.bytes, -1, local=given.name in self.local)
            leaves.append(self.builder.leaf(leaf, ()))
            self.ports[leaves[-1]] = ("", given.name, ())
        items = tuple(_Value((leaf,)) for leaf in leaves) if many else None
        return _Value(tuple(leaves), 0, items)

    # --- steps ---

    def _body(self, body: tuple[plan.Step, ...], path: Path, scope: Scope, part: Fraction) -> int:
        """Write the steps of a body out; their tasks. `part` is the share of its list that the element has."""
        tasks = 0
        for step in body:
            before = len(self.builder.tasks)
            match step:
                case plan.Call():
                    self._call(step, path, scope, part)
                case plan.Each():
                    self._each(step, path, scope, part)
                case plan.Fold():
                    self._fold(step, path, scope, part)
                case plan.Cycle():
                    self._cycle(step, path, scope, part)
                case plan.If():
                    self._if(step, path, scope, part)
                case plan.Keep():
                    self._keep(step, path, scope)
                case plan.Move():
                    self._move(step, path, scope, part)
                case plan.Pin():
                    self._pin(step, path, scope)
            for number in range(before, len(self.builder.tasks)):
                tasks |= 1 << number
        return tasks

    def _call(self, step: plan.Call, path: Path, scope: Scope, part: Fraction) -> None:
        stage = self.stages[step.stage]
        args = [self._ref(ref, path) for ref in step.args.values()]
        for other in step.otherwise if isinstance(step, plan.Fallback) else ():
            args += [self._ref(ref, path) for ref in other.args.values()]
        needs = self._after(step.after, path)
        for value in args:
            needs |= value.there
        task = self.builder.task(
            _shown(step.id, path),
            scope,
            needs,
            (leaf for value in args for leaf in value.leaves),
            Stage(step.slots, stage.cpu, stage.memory),
        )
        lists = {port.name for port in stage.outputs if port.content.endswith("[]")}
        made = {}
        for output in step.outputs:
            leaf = self._leaf(step.id, output.name, path, scope, output.place, output.bytes * part, task)
            made[output.name] = _Value((leaf,), 1 << task, None, output.name in lists)
        for port in captured(stage):
            made[port.name] = _Value((), 1 << task)
        self.values[step.id, path] = made
        self.done[step.id, path] = 1 << task

    def _leaf(self, step: str, output: str, path: Path, scope: Scope, place: str, size: Fraction, task: int) -> int:
        number = self.builder.leaf(Leaf(f"{_shown(step, path)}.{output}", place, int(size), task), scope)
        self.ports[number] = (step, output, path)
        return number

    def _each(self, step: plan.Each, path: Path, scope: Scope, part: Fraction) -> None:
        over = self._ref(step.over, path)
        fan = self.builder.open()
        items = over.items
        if items is None:
            items = tuple(_Value(over.leaves, part=share) for share in self.world.parts)
        if step.group:
            items = _grouped(items, step)
        elements = []
        results: list[_Value] = []
        for index, item in enumerate(items):
            inner = (*path, index)
            self.items[step.id, inner] = item
            within = (*scope, (fan, index))
            tasks = self._body(step.body, inner, within, part * item.part)
            elements.append(tasks or 1 << self.builder.task(_shown(step.id, inner), within, 0, ()))
            results.append(self._ref(step.yields, inner)._replace(part=item.part))
        inside = 0
        for mask in elements:
            inside |= mask
        outside = over.there | self._after(step.after, path)
        for value in results:
            outside |= value.there & ~inside
        over_after = self.builder.close(fan, elements, step.width, outside)
        leaves = tuple(dict.fromkeys(leaf for value in results for leaf in value.leaves))
        self.values[step.id, path] = {"": _Value(leaves, over_after, tuple(results))}
        self.done[step.id, path] = over_after

    def _fold(self, step: plan.Fold, path: Path, scope: Scope, part: Fraction) -> None:
        """From the top: what covers so many elements is made of what covers parts of them."""
        over = self._ref(step.over, path)
        assert over.items is not None  # how many there are is known
        fan = self.builder.open()
        elements: list[int] = []

        def made(items: tuple[_Value, ...]) -> _Value:
            if len(items) == 1:
                return items[0]
            size = step.by
            while size * step.by < len(items):
                size *= step.by
            size = 1 if len(items) <= step.by else size
            members = tuple(made(items[at : at + size]) for at in range(0, len(items), size))
            inner, within = (*path, len(elements)), (*scope, (fan, len(elements)))
            elements.append(0)
            self.items[step.id, inner] = _joined(members)
            number = inner[-1]
            elements[number] = self._body(step.body, inner, within, part)
            return self._ref(step.yields, inner)

        value = made(over.items)
        inside = 0
        for mask in elements:
            inside |= mask
        outside = over.there | self._after(step.after, path)
        over_after = self.builder.close(fan, elements, step.width, outside, waiting=True)
        self._comes_to(step.id, "", path, value._replace(there=over_after))
        self.done[step.id, path] = over_after

    def _cycle(self, step: plan.Cycle, path: Path, scope: Scope, part: Fraction) -> None:
        over = self._ref(step.over, path)
        fan = self.builder.open()
        items = over.items
        if items is None:
            items = tuple(_Value(over.leaves, part=share) for share in self.world.parts)
        carries = {carry.name: self._ref(carry.start, path) for carry in step.carries}
        outside = over.there | self._after(step.after, path)
        for value in carries.values():
            outside |= value.there
        elements: list[int] = []
        for index, item in enumerate(items):
            inner, within = (*path, index), (*scope, (fan, index))
            self.items[step.id, inner] = item
            self.carried[step.id, inner] = carries
            tasks = self._body(step.body, inner, within, part * item.part)
            tasks = tasks or 1 << self.builder.task(_shown(step.id, inner), within, 0, ())
            for value in carries.values():
                for leaf in value.leaves:
                    self.until[leaf] = self.until.get(leaf, 0) | tasks
            elements.append(tasks)
            carries = {carry.name: self._ref(carry.gives, inner) for carry in step.carries}
        over_after = self.builder.close(fan, elements, step.depth, outside)
        for name, value in carries.items():
            self._comes_to(step.id, name, path, value._replace(there=over_after))
        self.done[step.id, path] = over_after

    def _comes_to(self, step: str, output: str, path: Path, value: _Value) -> None:
        """What a loop comes to lives as long as the plan says of it, whatever it is made of."""
        self.values.setdefault((step, path), {})[output] = value
        for leaf in value.leaves:
            self.also.setdefault(leaf, []).append((step, output, path))

    def _if(self, step: plan.If, path: Path, scope: Scope, part: Fraction) -> None:
        """It is made when all is there that either branch reads; then the branch that is not taken is over."""
        holds = self.world.choices[self.chosen % len(self.world.choices)]
        self.chosen += 1
        head = self._after(tuple(name for name in needed(step) if (name, path) in self.done), path)
        head |= self._after(step.after, path)
        for operand in operands(step.condition):
            head |= self._ref(operand.value, path).there
        taken, other = (step.then, step.otherwise) if holds else (step.otherwise, step.then)
        for top in other.steps:
            for skipped in within(top):
                self.done[skipped.id, path] = head
        tasks = self._body(taken.steps, path, scope, part)
        for number in range(len(self.builder.tasks)):
            if tasks >> number & 1:
                task = self.builder.tasks[number]
                self.builder.tasks[number] = task._replace(needs=task.needs | head)
        value = _Value(()) if taken.yields is None else self._ref(taken.yields, path)
        self.values[step.id, path] = {"": value._replace(there=value.there | tasks | head)}
        self.done[step.id, path] = tasks | head

    def _keep(self, step: plan.Keep, path: Path, scope: Scope) -> None:
        value = self._ref(step.value, path)
        needs = value.there | self._after(step.after, path)
        task = self.builder.task(_shown(step.id, path), scope, needs, value.leaves)
        for leaf in value.leaves:
            of = self.builder.leaves[leaf]
            copy = Leaf(f"{of.name} (kept)", step.place, of.bytes, task, forever=True, of=(leaf,))
            self.builder.leaf(copy, scope)
        self.done[step.id, path] = 1 << task

    def _move(self, step: plan.Move, path: Path, scope: Scope, part: Fraction) -> None:
        value = self._ref(step.value, path)
        needs = value.there | self._after(step.after, path)
        task = self.builder.task(_shown(step.id, path), scope, needs, value.leaves)
        leaf = self._leaf(step.id, "", path, scope, step.place, step.bytes * part, task)
        self.values[step.id, path] = {"": _Value((leaf,), 1 << task)}
        self.done[step.id, path] = 1 << task

    def _pin(self, step: plan.Pin, path: Path, scope: Scope) -> None:
        value = self._ref(step.value, path)
        needs = value.there | self._after(step.after, path)
        task = self.builder.task(_shown(step.id, path), scope, needs, value.leaves)
        copies = []
        for leaf in value.leaves:
            of = self.builder.leaves[leaf]
            copy = Leaf(_shown(step.id, path), step.place, of.bytes, task, forever=True)
            copies.append(self.builder.leaf(copy, scope))
        self.values[step.id, path] = {"": _Value(tuple(copies), 1 << task)}
        self.done[step.id, path] = 1 << task

    # --- references ---

    def _after(self, steps: tuple[str, ...], path: Path) -> int:
        needs = 0
        for step in steps:
            here = path[: len(self.steps[step].chain)]
            if (step, here) not in self.done:
                raise Missing(f"after {step}, which comes later or is not there")
            needs |= self.done[step, here]
        return needs

    def _ref(self, ref: plan.Ref, path: Path) -> _Value:
        match ref:
            case plan.InputRef() | plan.ShardsRef() | plan.WindowsRef():
                return self.inputs[ref.input]
            case plan.ItemRef():
                return self.items[ref.each, path[: len(self.steps[ref.each].chain) + 1]]
            case plan.CarryRef():
                return self.carried[ref.cycle, path[: len(self.steps[ref.cycle].chain) + 1]][ref.name]
            case plan.StepRef():
                made = self.values.get((ref.step, path[: len(self.steps[ref.step].chain)]))
                if made is None or ref.output not in made:
                    raise Missing(f"{ref.step}.{ref.output}, which comes later or is not there")
                return made[ref.output]
            case plan.ConstantRef(value=tuple() as texts):
                return _Value((), 0, tuple(_Value(()) for _ in texts))
            case plan.TextRef():
                there = 0
                for part in ref.parts:
                    there |= self._ref(part.value, path).there if isinstance(part, plan.ValuePart) else 0
                return _Value((), there)
        return _Value(())

    # --- lifetimes ---

    def _lifetime(self, run: Run, number: int) -> Leaf:
        """A leaf with the life that the plan gives it: the last of those that it names; what it does not name stays."""
        leaf = run.leaves[number]
        if leaf.of or number not in self.ports:
            return leaf
        until = (1 << leaf.writer if leaf.writer >= 0 else 0) | self.until.get(number, 0)
        forever = False
        for step, output, path in (self.ports[number], *self.also.get(number, ())):
            of = [one for one in self.plan.lifetimes if one.place == leaf.place]
            lives = [life for life in of if self._is_of(life.value, step, output)]
            for life in lives:
                for name in life.until:
                    until |= self._anchor(name, path, self.steps[step].chain if step else ())
            forever = forever or not lives or any(not life.until for life in lives)
        return leaf._replace(until=until, forever=forever)

    def _is_of(self, ref: plan.Ref, step: str, output: str) -> bool:
        match ref:
            case plan.InputRef() | plan.ShardsRef() | plan.WindowsRef():
                return not step and ref.input == output
            case plan.StepRef():
                target = self.steps[ref.step].step
                if isinstance(target, plan.Each):
                    return self._is_of(target.yields, step, output)
                return (ref.step, ref.output) == (step, output)
            case plan.ItemRef():
                each = self.steps[ref.each].step
                return isinstance(each, plan.Loop) and self._is_of(each.over, step, output)
        return False

    def _anchor(self, name: str, path: Path, chain: tuple[str, ...]) -> int:
        """The tasks after which a step is over, as seen from a value's own body."""
        around = self.steps[name].chain
        shared = 0
        while shared < min(len(chain), len(around)) and chain[shared] == around[shared]:
            shared += 1
        return self.done[name if shared == len(around) else around[shared], path[:shared]]


def _grouped(items: tuple[_Value, ...], step: plan.Each) -> tuple[_Value, ...]:
    """The plan's bound of a group is that of the list as often as an element can be in a group."""
    groups = [items[at : at + step.group] for at in range(0, len(items), step.step)]
    often = -(-step.group // step.step)
    made = [_joined(one) for one in groups if step.step == step.group or len(one) == step.group]
    return tuple(one._replace(part=one.part / often) if one.part != 1 else one for one in made)


def _joined(items: tuple[_Value, ...]) -> _Value:
    """A group: it is there when its members are. Of a list that a stage made it has their parts of the bytes."""
    there = 0
    for item in items:
        there |= item.there
    leaves = tuple(dict.fromkeys(leaf for item in items for leaf in item.leaves))
    parts = any(item.part != 1 for item in items)
    return _Value(leaves, there, items, part=sum((item.part for item in items), Fraction(0)) if parts else Fraction(1))


def _shown(step: str, path: Path) -> str:
    return step + "".join(f"[{index}]" for index in path)


def run_of(whole: plan.Plan, world: World, local: Iterable[str] = ()) -> Run:
    """The run of a plan in a world. Raises Missing where the plan refers to what is not there yet, or never."""
    return _Unroller(whole, world, local).run()


def peaks_of(whole: plan.Plan) -> Mapping[str, int]:
    """What the plan says of each place."""
    return {peak.place: peak.bytes for peak in whole.peaks}
