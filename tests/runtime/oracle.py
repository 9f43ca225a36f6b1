"""What a plan means, told independently of the interpreter: plain recursion, no records, no places."""

from __future__ import annotations

from hashlib import sha256

from podpipec_runtime.interpreter.values import Stored
from podpipec_runtime.plan.types import (
    Call,
    ConstantRef,
    Each,
    InputRef,
    ItemPart,
    ItemRef,
    Keep,
    Move,
    Plan,
    Ref,
    ShardsRef,
    Step,
    StepRef,
    TextRef,
    WindowsRef,
)

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


def content_of(stored: Stored) -> Content:
    if stored.elements is None:
        return stored.hash
    return tuple(content_of(element) for element in stored.elements)


class Oracle:
    """Evaluates a plan. `calls` has each call's arguments, `kept` what is kept where."""

    def __init__(self, plan: Plan, inputs: dict[str, tuple[Stored, ...]], turns: dict[str, int] | None = None) -> None:
        self.plan = plan
        self.inputs = inputs
        self.turns = turns or {}
        self.stages = {stage.name: stage for stage in plan.stages}
        self.calls: dict[tuple[str, tuple[int, ...]], tuple[tuple[str, Content], ...]] = {}
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
                ports = self.stages[step.stage].inputs
                args = tuple((port.name, self.value(step.args[port.name], values, items)) for port in ports)
                self.calls[step.id, path] = args
                for port in self.stages[step.stage].outputs:
                    turn = self.turns.get(step.stage, 0)
                    stored = write(step.stage, port.name, port.content, args, turn)
                    values[f"{step.id}.{port.name}"] = content_of(stored)
            case Each():
                over = self.value(step.over, values, items)
                assert isinstance(over, tuple)
                found = []
                for at, item in enumerate(over):
                    label = item[5:] if isinstance(item, str) and item.startswith("text ") else str(at)
                    if isinstance(step.over, ShardsRef):
                        label = self.plan.inputs[1].shards[at]
                    inner = dict(values)
                    self.run(step.body, inner, {**items, step.id: (item, label)}, (*path, at))
                    found.append(self.value(step.yields, inner, {**items, step.id: (item, label)}))
                values[f"{step.id}."] = tuple(found)
            case Keep():
                value = self.value(step.value, values, items)
                if step.place != "remote":
                    self.kept |= {(step.place, each) for each in flat(value)}
            case Move():
                values[f"{step.id}."] = self.value(step.value, values, items)

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
                return "text " + "".join(items[p.each][1] for p in ref.parts if isinstance(p, ItemPart))


def flat(value: Content) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for item in value for each in flat(item)]
