"""What a plan means, told independently of the interpreter: plain recursion, no records, no places."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from podpipec_runtime.interpreter.values import Stored
from podpipec_runtime.plan.types import (
    All,
    Alternative,
    Call,
    CarryRef,
    Compare,
    Condition,
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
    Move,
    Not,
    PathPart,
    Pin,
    Plan,
    Port,
    Ref,
    ShardsRef,
    Step,
    StepRef,
    TextRef,
    Truth,
    ValuePart,
    WindowsRef,
)

#: Stages whose names begin so always fail.
BAD = "bad"

#: A value's content: a file's or folder's hash, a text (`"text …"`), or a list of such.
Content = str | tuple["Content", ...]


#: What the loops around are at, and what it is called; what a cycle carries is there as `cycle<name`.
Items = dict[str, tuple[Content, str]]


def grouped(over: tuple[Content, ...], size: int, step: int) -> tuple[Content, ...]:
    parts = [over[at : at + size] for at in range(0, len(over), step)]
    return tuple(part for part in parts if step == size or len(part) == size)


def digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()


def write(stage: str, output: str, content: str, args: tuple[tuple[str, Content], ...], turn: int = 0) -> Stored:
    """What a stable stage writes: a function of its arguments. Another `turn` gives other bytes."""
    name = digest(stage, output, args, turn)
    if not content.endswith("[]"):
        return Stored(output, name, 1 + int(name[:2], 16) % 100)
    count = int(name[2], 16) % 4
    elements = tuple(Stored(f"e{at}", digest(name, at), 10) for at in range(count))
    return Stored(output, name + ".d", 10 * count, elements)


def text_of(stage: str, output: str, content: str, args: tuple[tuple[str, Content], ...], turn: int = 0) -> str:
    """What it writes for an output that is captured."""
    number = int(digest(stage, output, args, turn)[:2], 16)
    return str(number) if content == "Int" else ("false", "true")[number % 2]


def written(stage: str, port: Port, args: tuple[tuple[str, Content], ...], turn: int = 0) -> Content:
    """What it writes for an output, whichever."""
    if port.content in ("Int", "Bool"):
        return "text " + text_of(stage, port.name, port.content, args, turn)
    return content_of(write(stage, port.name, port.content, args, turn))


def content_of(stored: Stored) -> Content:
    if stored.elements is None:
        return stored.hash
    return tuple(content_of(element) for element in stored.elements)


class Oracle:
    """Evaluates a plan. `calls` has what each call may call, with the arguments, `kept` what is kept where.

    `by` tells which call of a fallback was taken; unless it says otherwise the first whose stage is not BAD is.
    `said` has the turn of calls that answer otherwise each time, `pins` what was recorded for pins; `pinned` then
    has what they would record.
    """

    def __init__(
        self,
        plan: Plan,
        inputs: dict[str, tuple[Stored, ...]],
        turns: dict[str, int] | None = None,
        by: dict[tuple[str, tuple[int, ...]], int] | None = None,
        said: dict[tuple[str, tuple[int, ...]], int] | None = None,
        pins: dict[tuple[str, tuple[int, ...]], Content] | None = None,
    ) -> None:
        self.plan = plan
        self.inputs = inputs
        self.turns = turns or {}
        self.stages = {stage.name: stage for stage in plan.stages}
        self.by = by or {}
        self.said = said or {}
        self.pins = pins or {}
        self.pinned: dict[tuple[str, tuple[int, ...]], Content] = {}
        self.calls: dict[tuple[str, tuple[int, ...]], tuple[tuple[str, tuple[tuple[str, Content], ...]], ...]] = {}
        self.kept: set[tuple[str, str]] = set()
        values: dict[str, Content] = {}
        self.run(plan.steps, values, {}, ())
        self.results = {result.name: self.value(result.value, values, {}) for result in plan.results}

    def run(
        self,
        steps: tuple[Step, ...],
        values: dict[str, Content],
        items: Items,
        path: tuple[int, ...],
    ) -> None:
        """Steps may stand in any order: those whose values are there go first."""
        left = list(steps)
        while left:
            for step in left:
                try:
                    self.step(step, values, items, path)
                except KeyError:
                    continue
                left.remove(step)
                break
            else:
                raise AssertionError("a circle")

    def step(self, step: Step, values: dict[str, Content], items: Items, path: tuple[int, ...]) -> None:
        match step:
            case Call():
                self.call(step, values, items, path)
            case If():
                branch = step.then if self.holds(step.condition, values, items) else step.otherwise
                inner = dict(values)
                self.run(branch.steps, inner, items, path)
                if branch.yields is not None:
                    values[f"{step.id}."] = self.value(branch.yields, inner, items)
            case Each():
                over = self.value(step.over, values, items)
                assert isinstance(over, tuple)
                found = []
                names = None if step.group else self.names(step.over, over)
                if step.group:
                    over = grouped(over, step.group, step.step)
                for at, item in enumerate(over):
                    label = str(at) if names is None else names[at]
                    inner = dict(values)
                    self.run(step.body, inner, {**items, step.id: (item, label)}, (*path, at))
                    found.append(self.value(step.yields, inner, {**items, step.id: (item, label)}))
                values[f"{step.id}."] = tuple(found)
            case Fold():
                values[f"{step.id}."] = self.fold(step, values, items, path)
            case Cycle():
                self.cycle(step, values, items, path)
            case Keep():
                value = self.value(step.value, values, items)
                if step.place != "remote" and not step.until:
                    self.kept |= {(step.place, each) for each in flat(value) if not each.startswith("text ")}
            case Move():
                values[f"{step.id}."] = self.value(step.value, values, items)
            case Pin():
                value = self.value(step.value, values, items)
                self.pinned[step.id, path] = value
                values[f"{step.id}."] = value = self.pins.get((step.id, path), value)
                self.kept |= {(step.place, each) for each in flat(value) if not each.startswith("text ")}

    def call(self, step: Call, values: dict[str, Content], items: Items, path: tuple[int, ...]) -> None:
        """A call, or the one of a fallback that is taken. Outputs have the first one's names."""
        found = []
        tried: list[Call | Alternative] = [step, *(step.otherwise if isinstance(step, Fallback) else ())]
        for one in tried:
            ports = self.stages[one.stage].inputs
            found.append((one.stage, tuple((p.name, self.value(one.args[p.name], values, items)) for p in ports)))
        self.calls[step.id, path] = tuple(found)
        usual = next((at for at, (name, _) in enumerate(found) if not name.startswith(BAD)), 0)
        name, args = found[self.by.get((step.id, path), usual)]
        for first, port in zip(self.stages[step.stage].outputs, self.stages[name].outputs, strict=True):
            turn = self.said.get((step.id, path), 0) if self.stages[name].calls else self.turns.get(name, 0)
            values[f"{step.id}.{first.name}"] = written(name, port, args, turn)

    def holds(self, condition: Condition, values: dict[str, Content], items: Items) -> bool:
        match condition:
            case Truth():
                return self.value(condition.value, values, items) == "text true"
            case Not():
                return not self.holds(condition.of, values, items)
            case Compare():
                sides = [self.value(side.value, values, items) for side in (condition.left, condition.right)]
                left, right = (int(str(side).removeprefix("text ")) for side in sides)
                return {"<": left < right, ">=": left >= right, "==": left == right}[condition.op]
            case _:
                every = [self.holds(each, values, items) for each in condition.of]
                return all(every) if isinstance(condition, All) else any(every)

    def names(self, over: Ref, values: tuple[Content, ...]) -> list[str]:
        """What a text shows for the elements of a list."""
        if isinstance(over, ShardsRef):
            return list(self.plan.inputs[1].shards)
        if isinstance(over, WindowsRef):
            return [hour(at).strftime("%Y-%m-%dT%H:%M:%SZ") for at in range(len(values))]
        return [
            each[5:] if isinstance(each, str) and each.startswith("text ") else str(at)
            for at, each in enumerate(values)
        ]

    def fold(self, step: Fold, values: dict[str, Content], items: Items, path: tuple[int, ...]) -> Content:
        """By recursion from the top: what covers so many leaves is made of what covers a part of them."""
        leaves = self.value(step.over, values, items)
        assert isinstance(leaves, tuple)
        number = iter(range(len(leaves)))

        def made(low: int, high: int, level: int) -> Content:
            """The value of the leaves from `low` to `high`, a whole group of `level`, or the last."""
            if high - low == 1:
                return leaves[low]
            size = step.by**level
            parts = [(at, min(at + size, high)) for at in range(low, high, size)]
            members = tuple(made(*part, level - 1) for part in parts)
            if len(members) == 1:
                return members[0]
            inner, at = dict(values), (*path, next(number))
            inside = {**items, step.id: (members, f"{level}.{low // (size * step.by)}")}
            self.run(step.body, inner, inside, at)
            return self.value(step.yields, inner, inside)

        level = 0
        while step.by ** (level + 1) < len(leaves):
            level += 1
        return made(0, len(leaves), level)

    def cycle(self, step: Cycle, values: dict[str, Content], items: Items, path: tuple[int, ...]) -> None:
        over = self.value(step.over, values, items)
        assert isinstance(over, tuple)
        carries = {each.name: self.value(each.start, values, items) for each in step.carries}
        for at, (item, label) in enumerate(zip(over, self.names(step.over, over), strict=True)):
            inside = {**items, step.id: (item, label)}
            inside |= {f"{step.id}<{name}": (each, "") for name, each in carries.items()}
            inner = dict(values)
            self.run(step.body, inner, inside, (*path, at))
            carries = {each.name: self.value(each.gives, inner, inside) for each in step.carries}
        for name, each in carries.items():
            values[f"{step.id}.{name}"] = each

    def value(self, ref: Ref, values: dict[str, Content], items: Items) -> Content:
        match ref:
            case InputRef():
                return self.inputs[ref.input][0].hash
            case ShardsRef() | WindowsRef():
                return tuple(stored.hash for stored in self.inputs[ref.input])
            case StepRef():
                return values[f"{ref.step}.{ref.output}"]
            case ItemRef():
                return items[ref.each][0]
            case CarryRef():
                return items[f"{ref.cycle}<{ref.name}"][0]
            case ConstantRef():
                return "text " + ref.value if isinstance(ref.value, str) else tuple("text " + t for t in ref.value)
            case TextRef():
                return "text " + "".join(self.text(part, values, items) for part in ref.parts)

    def text(self, part: PathPart, values: dict[str, Content], items: Items) -> str:
        if isinstance(part, ItemPart):
            return items[part.each][1]
        assert isinstance(part, ValuePart)
        return str(self.value(part.value, values, items)).removeprefix("text ")


def hour(number: int) -> datetime:
    """When the window of that number starts."""
    return datetime(2024, 1, 1, number, tzinfo=UTC)


def flat(value: Content) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for item in value for each in flat(item)]
