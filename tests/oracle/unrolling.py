"""What all constructs of a plan need to be written out: values, references, and who is done when."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from podpipec.syntax import tree
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import bodies
from tests.oracle import mixing
from tests.oracle.model import Builder, Helper, Leaf, Scope
from tests.oracle.sizes import high
from tests.oracle.worlds import World

#: Which element of each fan around.
Path = tuple[int, ...]

#: By the names of stages in the plan and of their outputs: the bounds as the program has them, where it has some.
Declared = Mapping[str, Mapping[str, tree.Expression]]


class Missing(Exception):  # noqa: N818 - it is a finding about a plan, not a fault of the oracle
    """The plan refers to what is not there."""


class Value(NamedTuple):
    """Leaves, the tasks after which they are there, and the elements of a list.

    `bytes` is how much it is in this world, where that is known; `part` is the share that an element has of a list that
    a stage made: one `folder`, as many elements as the data says.
    """

    leaves: tuple[int, ...] = ()
    there: int = 0
    items: tuple[Value, ...] | None = None
    part: Fraction = Fraction(1)
    bytes: Fraction | None = Fraction(0)
    atoms: mixing.Atoms = mixing.NONE
    folder: bool = False


class Stands(NamedTuple):
    """Where a step stands in the plan: the steps around it that repeat their bodies."""

    step: plan.Step
    chain: tuple[str, ...]


class Unrolling(ABC):
    """A plan that is being written out."""

    def __init__(self, whole: plan.Plan | plan.Macro, world: World, declared: Declared, local: Iterable[str]) -> None:
        self.plan = whole
        self.world = world
        self.declared = declared
        self.local = frozenset(local)
        self.builder = Builder()
        self.steps: dict[str, Stands] = {}
        self.values: dict[tuple[str, Path], dict[str, Value]] = {}
        self.done: dict[tuple[str, Path], int] = {}
        self.own: dict[tuple[str, Path], int] = {}  # the tasks of a step itself, with all in it
        self.inputs: dict[str, Value] = {}
        self.items: dict[tuple[str, Path], Value] = {}
        self.carried: dict[tuple[str, Path], dict[str, Value]] = {}  # into an element of a cycle, or down to a node
        self.risen: dict[tuple[str, Path], dict[str, Value]] = {}  # from the children of a node, by names
        self.needed: dict[tuple[str, Path], Value] = {}  # of the nodes that a node depends on
        self.ports: dict[int, tuple[str, str, Path]] = {}  # of each leaf: what wrote it, which output, where
        self.until: dict[int, int] = {}  # of leaves that are carried: the tasks of the element that sees them
        self.also: dict[int, list[tuple[str, str, Path]]] = {}  # of leaves: what loops came to that are these
        self.kept: dict[int, tuple[plan.Keep, Path]] = {}  # of copies: what keeps them
        self.below: dict[tuple[str, Path], tuple[int, int]] = {}  # of a node: all below it, and its parent with that
        self.joined: dict[tuple[str, Path], int] = {}  # of a call in a chain: the one task of all of it
        self.helpers: list[Helper] = []
        self.spoken: dict[tuple[str, Path], int] = {}  # of a helper: the tasks that speak to it
        self.wrong: dict[str, None] = {}
        self.chosen = 0
        self.lengths: Mapping[str, int] = {}  # of lists that a unit is given, where that is known

    @abstractmethod
    def body(self, body: tuple[plan.Step, ...], path: Path, scope: Scope, part: Fraction) -> int:
        """Write the steps of a body out; their tasks. `part` is the share of its list that the element has."""

    def index(self, body: tuple[plan.Step, ...], chain: tuple[str, ...]) -> None:
        """Learn where the steps stand."""
        for step in body:
            self.steps[step.id] = Stands(step, chain)
            inner = (*chain, step.id) if isinstance(step, plan.Repeated) else chain
            for below in bodies(step):
                self.index(below, inner)

    def given(self, given: plan.Input) -> Value:
        """The slices of an input, each a leaf; of a unit's also a value that lies where others have put it."""
        if given.slice == "text":
            return Value()
        if given.slice in ("value", "values"):
            brought = any(life.value == plan.InputRef(input=given.name) for life in self.plan.lifetimes)
            number = self.builder.leaf(Leaf(given.name, given.place, given.bytes if brought else 0, -1), ())
            self.ports[number] = ("", given.name, ())
            whole = Value((number,), bytes=Fraction(given.bytes))
            length = self.lengths.get(given.name)
            if length is None:
                return whole
            return self.collected((whole._replace(bytes=Fraction(given.bytes // length)),) * min(length, 2))
        items = []
        windows = given.windows
        first = windows.first if isinstance(windows, plan.Range) else getattr(windows, "offset", 0)
        shards = given.shards if given.slice == "shards" else (None,)
        if given.slice == "shard":
            shards = given.shards[:1] or (None,)
        for number in range(given.most):
            at, shard = first + number // len(shards), shards[number % len(shards)]
            leaf = Leaf(f"{given.name}/{number}", given.place, given.bytes, -1, local=given.name in self.local)
            found = self.builder.leaf(leaf, ())
            self.ports[found] = ("", given.name, ())
            size = Fraction(given.bytes)
            items.append(Value((found,), bytes=size, atoms=mixing.slice_of(given, at, shard)))
        many = given.slice == "shards" or not isinstance(windows, plan.At)
        return self.collected(tuple(items)) if many else items[0]

    def collected(self, items: tuple[Value, ...], part: Fraction = Fraction(1)) -> Value:
        """A list of values, there when all of them are."""
        there = 0
        for item in items:
            there |= item.there
        leaves = tuple(dict.fromkeys(leaf for item in items for leaf in item.leaves))
        atoms = mixing.collected((item.atoms for item in items), self.plan.period)
        return Value(leaves, there, items, part, total(items), atoms)

    def leaf(self, step: str, output: str, path: Path, scope: Scope, place: str, size: Fraction, task: int) -> int:
        """A leaf that a step writes."""
        number = self.builder.leaf(Leaf(f"{shown(step, path)}.{output}", place, int(size), task), scope)
        self.ports[number] = (step, output, path)
        return number

    def copied(self, name: str, place: str, value: Value, task: int, scope: Scope) -> Iterable[int]:
        """A copy of each leaf of a value; of an element of a folder its part."""
        for leaf in value.leaves:
            of = self.builder.leaves[leaf]
            size = value.bytes if value.folder and value.bytes is not None else of.bytes * value.part
            copy = Leaf(name or f"{of.name} (kept)", place, int(size), task, forever=True, of=() if name else (leaf,))
            yield self.builder.leaf(copy, scope)

    def size(self, stage: str, output: str, args: Mapping[str, Value], otherwise: Fraction | None) -> Fraction | None:
        """How much a stage may write, given this much; where the program does not say it in a way that is understood
        here, `otherwise`."""
        if stage not in self.declared:
            return otherwise
        sizes = {name: value.bytes for name, value in args.items() if value.bytes is not None}
        if len(sizes) < len(args):
            return otherwise
        expression = self.declared[stage].get(output)
        try:
            most = sum(sizes.values(), Fraction(0)) if expression is None else high(expression, sizes)
        except (KeyError, ValueError):
            return otherwise
        return max(most, Fraction(0))

    def comes_to(self, step: str, output: str, path: Path, value: Value) -> None:
        """What a loop comes to lives as long as the plan says of it, whatever it is made of."""
        self.values.setdefault((step, path), {})[output] = value
        for leaf in value.leaves:
            self.also.setdefault(leaf, []).append((step, output, path))

    def elements(self, over: Value) -> tuple[Value, ...]:
        """The elements of a list; of one that a stage made as many as this world has."""
        if over.items is not None:
            return over.items
        return tuple(self.share(over, part) for part in self.world.parts)

    def share(self, over: Value, part: Fraction) -> Value:
        """An element of what lies in one folder."""
        size = None if over.bytes is None else Fraction(int(over.bytes * part))  # bytes are whole
        return Value(over.leaves, part=part, bytes=size, atoms=over.atoms, folder=True)

    # --- references ---

    def after(self, steps: tuple[str, ...], path: Path) -> int:
        """The tasks of these steps. Raises Missing."""
        needs = 0
        for step in steps:
            here = path[: len(self.steps[step].chain)]
            if (step, here) not in self.done:
                raise Missing(f"after {step}, which comes later or is not there")
            needs |= self.done[step, here]
        return needs

    def ref(self, ref: plan.Ref, path: Path) -> Value:
        """What is referred to. Raises Missing."""
        match ref:
            case plan.InputRef() | plan.ShardsRef() | plan.WindowsRef():
                return self.inputs[ref.input]
            case plan.ItemRef():
                return self.items[self._at(ref.each, path)]
            case plan.CarryRef():
                return self.carried[self._at(ref.cycle, path)][ref.name]
            case plan.ParentRef():
                return self.carried[self._at(ref.walk, path)][ref.name]
            case plan.ChildrenRef():
                found = self.risen.get(self._at(ref.walk, path))
                if found is None:
                    raise Missing(f"the children's {ref.name}, before they are done")
                return found[ref.name]
            case plan.NeedsRef():
                return self.needed[self._at(ref.run, path)]
            case plan.StepRef() | plan.StreamRef():
                made = self.values.get((ref.step, path[: len(self.steps[ref.step].chain)]))
                if made is None or ref.output not in made:
                    raise Missing(f"{ref.step}.{ref.output}, which comes later or is not there")
                return made[ref.output]
            case plan.HelperRef():
                return Value(there=self.after((ref.step,), path))
            case plan.ConstantRef(value=tuple() as texts):
                return Value(items=tuple(Value() for _ in texts))
            case plan.TextRef():
                parts = [self.ref(part.value, path) for part in ref.parts if isinstance(part, plan.ValuePart)]
                return self.collected(tuple(parts))._replace(items=None)
        return Value()

    def _at(self, loop: str, path: Path) -> tuple[str, Path]:
        return loop, path[: len(self.steps[loop].chain) + 1]


def total(values: Iterable[Value]) -> Fraction | None:
    """The bytes of all together, where they are known."""
    sizes = [value.bytes for value in values]
    known = [size for size in sizes if size is not None]
    return sum(known, Fraction(0)) if len(known) == len(sizes) else None


def shown(step: str, path: Path) -> str:
    """The name of a step in one element."""
    return step + "".join(f"[{index}]" for index in path)
