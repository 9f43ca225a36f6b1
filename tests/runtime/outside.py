"""A world with services: each call of one is answered otherwise, and what is pinned is recorded.

Besides the promises of the plain world it checks that no call is repeated that must not be, and that what is pinned
of one answer is of one answer.
"""

from __future__ import annotations

from random import Random

from msgspec.structs import replace
from rpds import HashTrieMap

from podpipec_runtime.interpreter.commands import Command, Remember, Spare, Start
from podpipec_runtime.interpreter.events import Event, Published
from podpipec_runtime.interpreter.recorded import name_of
from podpipec_runtime.interpreter.state import Facts, State
from podpipec_runtime.interpreter.values import Instance, Kept, Loc, Many, One, Pinned, Text
from podpipec_runtime.plan.order import bodies, refs
from podpipec_runtime.plan.types import Call, CarryRef, Fold, ItemRef, Pin, Plan, Ref, Stage, Step, StepRef
from tests.runtime.oracle import Content, Oracle, content_of
from tests.runtime.plans import pin
from tests.runtime.random_plans import Maker, Seen
from tests.runtime.simulator import World

Place = tuple[str, tuple[int, ...]]


def is_sound(plan: Plan) -> bool:
    """Whether every pin stands in the body in which services are asked for what it pins, and all pins of one answer in
    one body and one element (rule S5)."""
    around: dict[str, tuple[str, ...]] = {}
    steps: dict[str, Step] = {}
    stack: list[tuple[Step, tuple[str, ...]]] = [(step, ()) for step in plan.steps]
    while stack:
        step, names = stack.pop()
        steps[step.id], around[step.id] = step, names
        for number, body in enumerate(bodies(step)):
            stack += [(inner, (*names, f"{step.id} {number}")) for inner in body]
    calling = {stage.name for stage in plan.stages if stage.calls}
    bodies_of: dict[str, tuple[str, ...]] = {}
    for step in steps.values():
        if isinstance(step, Pin):
            asked, handed = _derived(step, steps, calling)
            if any(loop in {name.partition(" ")[0] for name in around[step.id]} for loop in handed):
                return False
            for name in asked:
                inside = around[name][: len(around[step.id])] == around[step.id]
                if not inside or bodies_of.setdefault(name, around[step.id]) != around[step.id]:
                    return False
    return True


def _asked(pin: Pin, steps: dict[str, Step], calling: set[str]) -> set[str]:
    """The calls of services that what is pinned comes from."""
    return _derived(pin, steps, calling)[0]


def _derived(pin: Pin, steps: dict[str, Step], calling: set[str]) -> tuple[set[str], set[str]]:
    """The calls of services that what is pinned comes from, and the loops whose other elements such calls came from."""
    seen, handed = _unpinned(pin.value, steps)
    others = {loop for loop in handed if _calls(_unpinned_of(loop, steps), steps, calling)}
    return _calls(seen, steps, calling), others


def _unpinned_of(loop: str, steps: dict[str, Step]) -> set[str]:
    return {name for ref in refs(steps[loop]) for name in _unpinned(ref, steps)[0]}


def _unpinned(value: Ref, steps: dict[str, Step]) -> tuple[set[str], set[str]]:
    """The steps that a value comes from, as far as nothing is pinned, and the loops that hand on from element to
    element what it comes from."""
    seen: set[str] = set()
    handed: set[str] = set()
    stack = [value]
    while stack:
        ref = stack.pop()
        match ref:
            case StepRef(step=name):
                pass
            case ItemRef(each=name):
                handed |= {name} if isinstance(steps[name], Fold) else set()
            case CarryRef(cycle=name):
                handed.add(name)
            case _:
                continue
        if name not in seen and not isinstance(steps[name], Pin):
            seen.add(name)
            stack += refs(steps[name])
    return seen, handed


def _calls(names: set[str], steps: dict[str, Step], calling: set[str]) -> set[str]:
    calls = [step for name in names if isinstance(step := steps[name], Call)]
    others = {one.id: {other.stage for other in getattr(one, "otherwise", ())} for one in calls}
    return {one.id for one in calls if calling & {one.stage, *others[one.id]}}


class Asking(Maker):
    """Plans whose stages call a service, some of them, and that pin."""

    def __init__(self, random: Random, idempotent: bool, one_at_a_time: bool = False) -> None:
        super().__init__(random, one_at_a_time)
        self.idempotent = idempotent

    def make(self) -> Plan:
        while True:
            made = super().make()
            if is_sound(made):
                return made
            self.stages, self.scalars, self.count = {}, {}, 0

    def step(self, seen: list[Seen], items: tuple[str, ...]) -> Step:
        files: list[Ref] = [ref for ref, _ in seen if isinstance(ref, StepRef) and ref not in self.scalars]
        if files and self.random.random() < 0.3:
            value = self.random.choice(files[-3:])
            step = pin(self.name(), value, self.random.choice(["node", "volume"]))  # type: ignore[arg-type]
            seen.append((StepRef(step=step.id), (value, True) in seen))
            return step
        return super().step(seen, items)

    def stage(
        self, seen: list[Seen], items: tuple[str, ...], outputs: dict[str, str], word: str, reads: Ref | None = None
    ) -> tuple[Stage, dict[str, Ref]]:
        made, args = super().stage(seen, items, outputs, word, reads)
        if word == "st" and self.random.random() < 0.4:
            made = replace(made, name=f"ask_{made.name}", calls=("service",), idempotent=self.idempotent)
            self.stages[made.name] = made
        return made, args


class Outside(World):
    """A world whose services answer otherwise each time. `asked` counts the calls since a run ended well."""

    def __init__(self, plan: Plan, random: Random, **options: object) -> None:
        super().__init__(plan, random, **options)  # type: ignore[arg-type]
        self.turns = {"": 1}  # arguments are not those of a plan whose stages are all stable
        self.repeat = False
        self.said: dict[Place, int] = {}
        self.recorded: dict[str, Pinned] = {}
        self.then: dict[str, tuple[int, dict[Place, int]]] = {}
        self.effects: dict[str, str] = {}
        self.asked: dict[str, int] = {}
        self.calls = 0
        self.spared = 0

    def facts(self) -> Facts:
        return replace(
            super().facts(), recorded=HashTrieMap(self.recorded), effects=dict(self.effects), repeat=self.repeat
        )

    def _check(self, state: State) -> None:
        super()._check(state)
        self.state = state
        for name in self.fresh:
            self.then[name] = (self.calls, dict(self.said))
        self.fresh: list[str] = []

    def _live(self) -> State:
        self.fresh = []
        state = super()._live()
        if self.end == "done":
            self.effects, self.asked = {}, {}
        return state

    def _do(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            match command:
                case Start(effect=effect) if effect:
                    assert self.repeat or effect not in self.effects, "asked again"
                    self.effects[effect] = "begun"
                    self.asked[effect] = self.asked.get(effect, 0) + 1
                case Remember(name, pinned):
                    self.recorded[name] = pinned
                    self.fresh.append(name)
                case Spare():
                    self.spared += 1
        super()._do(commands)

    def _run(self, start: Start) -> Event:
        stage = self.stages[start.call.stage]
        if stage.calls:
            self.calls += 1
            self.turns[stage.name] = self.calls
        event = super()._run(start)
        if stage.calls and isinstance(event, Published):
            del self.records[start.key]
            self.said[start.instance.step, start.instance.path] = self.calls
            if start.effect:
                self.effects[start.effect] = "ended"
        return event

    def pins(self, state: State) -> dict[Place, Content]:
        """What is recorded for the pins that the flow has come to."""
        found: dict[Place, Content] = {}
        for instance in state.flow.published:
            if instance.step in self.program.pins.pins:
                one = self.recorded.get(name_of(state, instance))
                if one is not None:
                    found[instance] = contents(one.value)
        return found

    def meant(self, state: State) -> Oracle:
        by: dict[Place, int] = dict(state.flow.by.items())
        return Oracle(self.plan, self.inputs, by=by, said=self.said, pins=self.pins(state))

    def of_one_answer(self, name: str) -> list[str]:
        """The pins of a body that come from what was asked for one another's sake, told from the calls themselves."""
        steps = {name: place.step for name, place in self.program.steps.items()}
        calling = {stage.name for stage in self.plan.stages if stage.calls}
        asked = {
            pin.id: _asked(pin, steps, calling)
            for pin in steps.values()
            if isinstance(pin, Pin) and self.program.steps[pin.id].around == self.program.steps[name].around
        }
        found, more = [name], True
        while more:
            known = {call for pin in found for call in asked[pin]}
            others = [pin for pin in asked if pin not in found and asked[pin] & known]
            found, more = [*found, *others], bool(others)
        return found

    def asked_in_all(self) -> dict[str, int]:
        """How often each step called a service since the beginning."""
        calling = [name for name, _ in self.published if self.stages[self.program.calls[name][0].stage].calls]
        return {name: calling.count(name) for name in dict.fromkeys(sorted(calling))}

    def forget_pin(self, name: str) -> None:
        """The data of one pin is lost."""
        place = self.program.steps[name.partition("\n")[0]].step
        assert isinstance(place, Pin)
        lost = contents(self.recorded[name].value)
        self.content = {loc: size for loc, size in self.content.items() if loc != Loc(place.place, str(lost))}

    def check_end(self, state: State) -> None:
        super().check_end(state)
        self.check_one_answer(state)

    def check_one_answer(self, state: State) -> None:
        """Pins that belong together are what they would be had all been recorded when the last of them was, of those
        pins that there are now: another answer in a pin that one is made of is another value."""
        now = self.pins(state)
        for instance in state.flow.published:
            if instance.step not in self.program.pins.pins:
                continue
            group = [Instance(step, instance.path) for step in self.of_one_answer(instance.step)]
            names = [name_of(state, one) for one in group]
            _, said = max((self.then[name] for name in names), key=lambda one: one[0])
            others = {place: content for place, content in now.items() if place not in group}
            meant = Oracle(self.plan, self.inputs, by=dict(state.flow.by.items()), said=said, pins=others)
            for one, name in zip(group, names, strict=True):
                assert contents(self.recorded[name].value) == meant.pinned[one], f"{one} is of two answers"


def contents(value: Kept) -> Content:
    match value:
        case One(stored):
            return content_of(stored)
        case Text(text):
            return "text " + text
        case Many(items):
            return tuple(contents(item) for item in items)
