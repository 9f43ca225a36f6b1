"""Random plans: calls, nested loops, keeps, moves, inputs with shards, windows or neither, with exact lifetimes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from podpipec_runtime.plan.order import bodies, branches
from podpipec_runtime.plan.types import (
    Call,
    CarryRef,
    ConstantRef,
    Cycle,
    Each,
    Fallback,
    Fold,
    If,
    InputRef,
    ItemPart,
    ItemRef,
    Keep,
    Lifetime,
    Loop,
    Move,
    Period,
    Pin,
    PlaceName,
    Plan,
    Range,
    Ref,
    ShardsRef,
    Stage,
    Step,
    StepRef,
    TextRef,
    ValuePart,
    WindowsRef,
)
from tests.runtime.plans import call, cycle, each, fold, given, keep, move, plan, shell
from tests.runtime.random_choices import choice, fallback

#: A value that a step can refer to: what it is, and whether it is a list.
Seen = tuple[Ref, bool]

#: A letter for each content of an output, for the stages' names.
KINDS = {"File": "f", "File[]": "l", "Int": "n", "Bool": "b"}

Way = Callable[[list[Seen], tuple[str, ...]], Step]


class Maker:
    """Makes one plan. `one_at_a_time` gives a plan whose every run is in the plan's order."""

    def __init__(self, random: Random, one_at_a_time: bool = False) -> None:
        self.random = random
        self.single = one_at_a_time
        self.stages: dict[str, Stage] = {}
        self.count = 0
        self.deep = 0
        self.scalars: dict[Ref, str] = {}
        self.slots = 1 if one_at_a_time else random.randint(1, 3)
        self.filled: set[Ref] = set()  # lists that are never empty

    def make(self) -> Plan:
        shards = [str(number) for number in range(self.random.choice([1, 2, 2, 3, 3, 4, 6, 9]))]
        inputs = [given("whole", ("x",)), given("parts", ("x",), shards)]
        many: Ref = ShardsRef(input="parts")
        if self.random.random() < 0.3:
            windows = Range(first=1 - len(shards), last=0)
            inputs[1] = given("parts", ("x",), window=3600, windows=windows)
            many = WindowsRef(input=inputs[1].name)
        self.filled.add(many)
        seen: list[Seen] = [(InputRef(input="whole"), False), (many, True)]
        steps = self.body(seen, self.random.randint(1, 7), ())
        files = [ref for ref, is_list in seen if not is_list and isinstance(ref, StepRef)]
        lists = [ref for ref, is_list in seen if is_list]
        results = {"r": self.random.choice(files or lists)}
        if lists and self.random.random() < 0.5:
            results["s"] = self.random.choice(lists)
        return plan(
            list(self.stages.values()),
            steps,
            results,
            inputs,
            lifetimes(inputs_of(seen), steps, results),
            slots=self.slots,
            sizes={"ram": 1 << 40, "node": 1 << 40, "volume": 1 << 40},
            period=Period(window=3600),
        )

    def body(self, seen: list[Seen], length: int, items: tuple[str, ...]) -> list[Step]:
        return [self.step(seen, items) for _ in range(length)]

    def name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def step(self, seen: list[Seen], items: tuple[str, ...]) -> Step:
        made = [ref for ref, _ in seen if isinstance(ref, StepRef)]
        roll = self.random.random()
        if roll < 0.28 and len(items) < 2:
            return random_of(self.random, self.each, self.each, self.fold, self.cycle)(seen, items)
        if roll > 0.88 and self.deep < 2:
            return choice(self, seen, items)
        if roll < 0.35 and made:
            kept: list[PlaceName] = ["node", "volume", "remote"]
            place = self.random.choice(kept)
            name = self.name()
            path = (name, *(part for each in items for part in ("/", ItemPart(each=each))))
            return keep(name, self.random.choice(made), place, path if place == "remote" else ())
        if roll < 0.42 and made:
            value = self.random.choice(made)
            step = move(self.name(), value, "ram" if self.random.random() < 0.5 else "node")
            seen.append((StepRef(step=step.id), (value, True) in seen))
            return step
        return self.call(seen, items)

    def call(self, seen: list[Seen], items: tuple[str, ...], reads: Ref | None = None) -> Step:
        random = self.random
        outputs = {f"o{at}": "File[]" if random.random() < 0.2 else "File" for at in range(random.randint(1, 2))}
        if random.random() < 0.4:
            outputs = {**dict(list(outputs.items())[: random.randint(0, 2)]), "n": "Int", "b": "Bool"}
        stage, args = self.stage(seen, items, outputs, "st", reads)
        place: PlaceName = random.choice(["ram", "ram", "ram", "node"])
        slots = tuple(random.sample(range(self.slots), random.randint(1, self.slots)))
        before = [ref.step for ref, _ in seen if isinstance(ref, StepRef)]
        after = (random.choice(before),) if before and random.random() < 0.15 else ()
        made = call(self.name(), stage, args, place, 100, slots, after)
        if random.random() < 0.2:
            made = fallback(self, made, seen, items, outputs)
        for name, content in outputs.items():
            ref = StepRef(step=made.id, output=name)
            seen.append((ref, content == "File[]"))
            if not content.startswith("File"):
                self.scalars[ref] = content
        return made

    def stage(
        self,
        seen: list[Seen],
        items: tuple[str, ...],
        outputs: dict[str, str],
        word: str,
        reads: Ref | None = None,
    ) -> tuple[Stage, dict[str, Ref]]:
        """A stage with these outputs, and arguments for it."""
        random = self.random
        chosen = [random.choice(seen) for _ in range(random.randint(0, 3))]
        chosen += [each for each in seen if each[0] == reads]
        kind = "".join("L" if y else "F" for _, y in chosen) + "_" + "".join(KINDS[each] for each in outputs.values())
        name = f"{word}{random.randint(0, 1)}_{kind}"
        args: dict[str, Ref] = {f"i{at}": ref for at, (ref, _) in enumerate(chosen)}
        if random.random() < 0.5:
            name += "_t"
            args["text"] = TextRef(parts=(ItemPart(each=items[-1]),)) if items else ConstantRef(value="c")
            given = [ref for ref, _ in seen if ref in self.scalars]
            if given and random.random() < 0.5:
                args["text"] = TextRef(parts=(ValuePart(value=random.choice(given)),))
        ports = {f"i{at}": "File[]" if y else "File" for at, (_, y) in enumerate(chosen)}
        if "text" in args:
            ports["text"] = "String"
        made = shell(name, f"run {name}", ports, outputs)
        self.stages[name] = made
        return made, args

    def each(self, seen: list[Seen], items: tuple[str, ...]) -> Step:
        over = self.over(seen)
        name = self.name()
        inner = list(seen)
        group = step = 0
        if not isinstance(over, ConstantRef):
            group = self.random.choice([0, 0, 2, 3])
            step = self.random.randint(1, group) if group else 0
            inner.append((ItemRef(each=name), group > 0))
            if group:
                self.filled.add(ItemRef(each=name))
        if over in self.filled and (step == group):
            self.filled.add(StepRef(step=name))
        body, yielded = self.inside(inner, (*items, name))
        seen.append((StepRef(step=name), True))
        return each(name, over, body, yielded, self.width(), group, step)

    def fold(self, seen: list[Seen], items: tuple[str, ...]) -> Step:
        over = self.random.choice([ref for ref, is_list in seen if is_list and ref in self.filled])
        name = self.name()
        self.filled.add(ItemRef(each=name))
        inner = [*seen, (ItemRef(each=name), True)]
        body, yielded = self.inside(inner, (*items, name), ItemRef(each=name))
        seen.append((StepRef(step=name), False))
        return fold(name, over, self.random.randint(2, 4), body, yielded, self.width())

    def cycle(self, seen: list[Seen], items: tuple[str, ...]) -> Step:
        over = self.over(seen)
        name = self.name()
        files = [ref for ref, is_list in seen if not is_list and ref not in self.scalars]
        starts = {f"c{at}": self.random.choice(files) for at in range(self.random.randint(1, 3))}
        carries: dict[str, Ref] = {each: CarryRef(cycle=name, name=each) for each in starts}
        inner = [*seen, *((ref, False) for ref in carries.values())]
        if not isinstance(over, ConstantRef):
            inner.append((ItemRef(each=name), False))
        body, yielded = self.inside(inner, (*items, name), self.random.choice(list(carries.values())))
        made = [ref for ref, is_list in inner if not is_list and ref not in files and ref not in self.scalars]
        gives = {each: self.random.choice([yielded, *made]) for each in starts}
        seen += [(StepRef(step=name, output=each), False) for each in starts]
        return cycle(name, over, body, {each: (starts[each], gives[each]) for each in starts}, self.width())

    def over(self, seen: list[Seen]) -> Ref:
        lists: list[Ref] = [ref for ref, is_list in seen if is_list]
        return self.random.choice([*lists, ConstantRef(value=tuple("abcde"[: self.random.randint(0, 4)]))])

    def width(self) -> int:
        return 1 if self.single else self.random.randint(1, 3)

    def inside(self, inner: list[Seen], items: tuple[str, ...], reads: Ref | None = None) -> tuple[list[Step], Ref]:
        """A body, and a file that one of its steps makes. One of its steps reads `reads`."""
        body = self.body(inner, self.random.randint(1, 3), items)
        before = len(inner)
        body.append(self.call(inner, items, reads))
        made = [ref for ref, is_list in inner[before:] if not is_list and ref not in self.scalars]
        if made:
            return body, made[0]
        self.stages["one"] = shell("one", "run one", {}, {"out": "File"})
        extra = call(self.name(), self.stages["one"], {}, "ram", 100, (0,))
        return [*body, extra], StepRef(step=extra.id, output="out")


def random_of(random: Random, *ways: Way) -> Way:
    return random.choice(ways)


def inputs_of(seen: list[Seen]) -> list[Ref]:
    return [ref for ref, _ in seen if isinstance(ref, InputRef | ShardsRef | WindowsRef)]


def lifetimes(inputs: list[Ref], steps: list[Step], results: dict[str, Ref]) -> list[Lifetime]:
    """Each value goes when the last step that reads it has ended; results, and lists made of it, count."""
    readers: dict[str, list[str]] = {}
    ends: set[str] = set()
    all_steps: list[Step] = []
    stack = list(steps)
    while stack:
        step = stack.pop(0)
        all_steps.append(step)
        stack[:0] = [inner for body in bodies(step) for inner in body]
    loops = {step.id: step for step in all_steps if isinstance(step, Loop)}
    ifs = {step.id: step for step in all_steps if isinstance(step, If)}

    def read(ref: Ref, by: str | None) -> None:
        """Notes who reads the values that `ref` leads to."""
        left = [ref]
        while left:
            ref = left.pop()
            loop = loops.get(loop_of(ref))
            choice = ifs.get(loop_of(ref))
            if choice is not None:
                left += [branch.yields for branch in branches(choice) if branch.yields is not None]
            elif isinstance(ref, ItemRef) and loop is not None:
                left.append(loop.over)
                if isinstance(loop, Fold):
                    left.append(loop.yields)
            elif isinstance(ref, CarryRef) and isinstance(loop, Cycle):
                left += [each.start for each in loop.carries if each.name == ref.name]
            elif isinstance(loop, Each):
                left.append(loop.yields)
            elif by is None:
                ends.add(source_key(ref))
            else:
                readers.setdefault(source_key(ref), []).append(by)

    for step in all_steps:
        for ref, by in reads_of(step):
            read(ref, by)
    for ref in results.values():
        read(ref, None)
    found: list[Lifetime] = []
    for ref, place, own in [*((r, "node", "") for r in inputs), *places(all_steps)]:
        key = source_key(ref)
        until = () if key in ends else tuple(dict.fromkeys(readers.get(key, [own] if own else [])))
        if until or key in ends:
            found.append(Lifetime(value=ref, place=place, bytes=100, until=until))
    return found


def loop_of(ref: Ref) -> str:
    """The loop or choice that a reference leads to or through."""
    match ref:
        case ItemRef():
            return ref.each
        case CarryRef():
            return ref.cycle
        case StepRef():
            return ref.step
        case _:
            return ""


def reads_of(step: Step) -> list[tuple[Ref, str]]:
    """What a step refers to, and which step has to be over for that."""
    match step:
        case Fallback():
            every = (step.args, *(other.args for other in step.otherwise))
            return [(ref, step.id) for args in every for ref in args.values()]
        case Call():
            return [(ref, step.id) for ref in step.args.values()]
        case If():  # what a choice looks at lies nowhere
            return []
        case Keep() | Move() | Pin():
            return [(step.value, step.id)]
        case Each():
            return [(step.over, step.id)]
        case Fold():
            return [(step.over, step.id), (step.yields, step.id)]
        case Cycle():
            body = {each.id for each in step.body}
            found = [(step.over, step.id), *((each.start, step.id) for each in step.carries)]
            for each in step.carries:
                own = isinstance(each.gives, StepRef) and each.gives.step in body
                found.append((each.gives, each.gives.step if own and isinstance(each.gives, StepRef) else step.id))
            return found


def places(steps: list[Step]) -> list[tuple[Ref, PlaceName, str]]:
    found: list[tuple[Ref, PlaceName, str]] = []
    for step in steps:
        if isinstance(step, Call):
            found += [(StepRef(step=step.id, output=o.name), o.place, step.id) for o in step.outputs]
        elif isinstance(step, Move | Pin):
            found.append((StepRef(step=step.id), step.place, step.id))
        elif isinstance(step, Fold):
            found.append((StepRef(step=step.id), "ram", step.id))
        elif isinstance(step, Cycle):
            found += [(StepRef(step=step.id, output=carry.name), "ram", step.id) for carry in step.carries]
    return found


def source_key(ref: Ref) -> str:
    if isinstance(ref, StepRef):
        return f"{ref.step}.{ref.output}"
    return ref.input if isinstance(ref, InputRef | ShardsRef | WindowsRef) else ""


__all__ = ["Keep", "Maker"]
