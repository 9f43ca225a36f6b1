"""Random plans: calls, nested `each`es, keeps, moves, inputs with shards, windows or neither, with exact lifetimes."""

from __future__ import annotations

from random import Random

from podpipec_runtime.plan.order import bodies, branches
from podpipec_runtime.plan.types import (
    Call,
    ConstantRef,
    Each,
    Fallback,
    If,
    InputRef,
    ItemPart,
    ItemRef,
    Keep,
    Lifetime,
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
from tests.runtime.plans import call, each, given, keep, move, plan, shell
from tests.runtime.random_choices import choice, fallback

#: A value that a step can refer to: what it is, and whether it is a list.
Seen = tuple[Ref, bool]

#: A letter for each content of an output, for the stages' names.
KINDS = {"File": "f", "File[]": "l", "Int": "n", "Bool": "b"}


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

    def make(self) -> Plan:
        shards = [str(number) for number in range(self.random.randint(1, 4))]
        inputs = [given("whole", ("x",)), given("parts", ("x",), shards)]
        many: Ref = ShardsRef(input="parts")
        if self.random.random() < 0.3:
            windows = Range(first=1 - len(shards), last=0)
            inputs[1] = given("parts", ("x",), window=3600, windows=windows)
            many = WindowsRef(input=inputs[1].name)
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
        if roll < 0.25 and len(items) < 2:
            return self.each(seen, items)
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

    def call(self, seen: list[Seen], items: tuple[str, ...]) -> Step:
        random = self.random
        outputs = {f"o{at}": "File[]" if random.random() < 0.2 else "File" for at in range(random.randint(1, 2))}
        if random.random() < 0.4:
            outputs = {**dict(list(outputs.items())[: random.randint(0, 2)]), "n": "Int", "b": "Bool"}
        stage, args = self.stage(seen, items, outputs, "st")
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
        self, seen: list[Seen], items: tuple[str, ...], outputs: dict[str, str], word: str
    ) -> tuple[Stage, dict[str, Ref]]:
        """A stage with these outputs, and arguments for it."""
        random = self.random
        chosen = [random.choice(seen) for _ in range(random.randint(0, 3))]
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
        lists: list[Ref] = [ref for ref, is_list in seen if is_list and not isinstance(ref, ItemRef)]
        constants = ConstantRef(value=tuple("abcde"[: self.random.randint(0, 4)]))
        over = self.random.choice([*lists, constants])
        name = self.name()
        inner = list(seen)
        if over is not constants:
            inner.append((ItemRef(each=name), False))
        body = self.body(inner, self.random.randint(1, 3), (*items, name))
        body.append(self.call(inner, (*items, name)))
        yielded = inner[-1][0]
        if inner[-1][1]:
            yielded = next(ref for ref, is_list in reversed(inner) if not is_list)
        if not isinstance(yielded, StepRef) or all(step.id != yielded.step for step in body):
            stage = shell("one", "run one", {}, {"out": "File"})
            self.stages["one"] = stage
            extra = call(self.name(), stage, {}, "ram", 100, (0,))
            body.append(extra)
            yielded = StepRef(step=extra.id, output="out")
        seen.append((StepRef(step=name), True))
        return each(name, over, body, yielded, 1 if self.single else self.random.randint(1, 3))


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
    eaches = {step.id: step for step in all_steps if isinstance(step, Each)}
    ifs = {step.id: step for step in all_steps if isinstance(step, If)}

    def read(ref: Ref, by: str | None) -> None:
        """Notes who reads the values that `ref` leads to."""
        while True:
            if isinstance(ref, ItemRef):
                ref = eaches[ref.each].over
            elif isinstance(ref, StepRef) and ref.step in eaches:
                ref = eaches[ref.step].yields
            elif isinstance(ref, StepRef) and ref.step in ifs:
                for branch in branches(ifs[ref.step]):
                    if branch.yields is not None:
                        read(branch.yields, by)
                return
            else:
                break
        key = source_key(ref)
        if by is None:
            ends.add(key)
        else:
            readers.setdefault(key, []).append(by)

    for step in all_steps:
        for ref in step_reads(step):
            read(ref, step.id)
    for ref in results.values():
        read(ref, None)
    found: list[Lifetime] = []
    for ref, place, own in [*((r, "node", "") for r in inputs), *places(all_steps)]:
        key = source_key(ref)
        until = () if key in ends else tuple(dict.fromkeys(readers.get(key, [own] if own else [])))
        if until or key in ends:
            found.append(Lifetime(value=ref, place=place, bytes=100, until=until))
    return found


def step_reads(step: Step) -> list[Ref]:
    """What a step reads; what a choice looks at lies nowhere."""
    if isinstance(step, Fallback):
        return [ref for args in (step.args, *(other.args for other in step.otherwise)) for ref in args.values()]
    if isinstance(step, Call):
        return list(step.args.values())
    if isinstance(step, If):
        return []
    return [step.over if isinstance(step, Each) else step.value]


def places(steps: list[Step]) -> list[tuple[Ref, PlaceName, str]]:
    found: list[tuple[Ref, PlaceName, str]] = []
    for step in steps:
        if isinstance(step, Call):
            found += [(StepRef(step=step.id, output=o.name), o.place, step.id) for o in step.outputs]
        elif isinstance(step, Move | Pin):
            found.append((StepRef(step=step.id), step.place, step.id))
    return found


def source_key(ref: Ref) -> str:
    if isinstance(ref, StepRef):
        return f"{ref.step}.{ref.output}"
    return ref.input if isinstance(ref, InputRef | ShardsRef | WindowsRef) else ""


__all__ = ["Keep", "Maker"]
