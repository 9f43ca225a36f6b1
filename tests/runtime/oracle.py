"""What a plan means, told independently of the interpreter: plain recursion, no records, no places."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from podpipec_runtime.interpreter.values import Stored
from podpipec_runtime.plan.types import (
    All,
    Alternative,
    Call,
    Compare,
    Condition,
    ConstantRef,
    Each,
    Fallback,
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
        items: dict[str, tuple[Content, str]],
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

    def step(
        self, step: Step, values: dict[str, Content], items: dict[str, tuple[Content, str]], path: tuple[int, ...]
    ) -> None:
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
                for at, item in enumerate(over):
                    label = item[5:] if isinstance(item, str) and item.startswith("text ") else str(at)
                    if isinstance(step.over, ShardsRef):
                        label = self.plan.inputs[1].shards[at]
                    elif isinstance(step.over, WindowsRef):
                        label = hour(at).strftime("%Y-%m-%dT%H:%M:%SZ")
                    inner = dict(values)
                    self.run(step.body, inner, {**items, step.id: (item, label)}, (*path, at))
                    found.append(self.value(step.yields, inner, {**items, step.id: (item, label)}))
                values[f"{step.id}."] = tuple(found)
            case Keep():
                value = self.value(step.value, values, items)
                if step.place != "remote":
                    self.kept |= {(step.place, each) for each in flat(value) if not each.startswith("text ")}
            case Move():
                values[f"{step.id}."] = self.value(step.value, values, items)
            case Pin():
                value = self.value(step.value, values, items)
                self.pinned[step.id, path] = value
                values[f"{step.id}."] = value = self.pins.get((step.id, path), value)
                self.kept |= {(step.place, each) for each in flat(value) if not each.startswith("text ")}

    def call(
        self, step: Call, values: dict[str, Content], items: dict[str, tuple[Content, str]], path: tuple[int, ...]
    ) -> None:
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

    def holds(self, condition: Condition, values: dict[str, Content], items: dict[str, tuple[Content, str]]) -> bool:
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

    def value(self, ref: Ref, values: dict[str, Content], items: dict[str, tuple[Content, str]]) -> Content:
        match ref:
            case InputRef():
                return self.inputs[ref.input][0].hash
            case ShardsRef() | WindowsRef():
                return tuple(stored.hash for stored in self.inputs[ref.input])
            case StepRef():
                return values[f"{ref.step}.{ref.output}"]
            case ItemRef():
                return items[ref.each][0]
            case ConstantRef():
                return "text " + ref.value if isinstance(ref.value, str) else tuple("text " + t for t in ref.value)
            case TextRef():
                return "text " + "".join(self.text(part, values, items) for part in ref.parts)

    def text(self, part: PathPart, values: dict[str, Content], items: dict[str, tuple[Content, str]]) -> str:
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
