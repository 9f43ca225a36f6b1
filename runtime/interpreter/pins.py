"""What a plan pins, indexed once: which pins belong together, what is only there for them, what they derive from.

Pins of one answer are taken together or not at all, so that a resume never mixes what was said before a fault with
what was said after it. They all stand in one body, and in one element of it: the compiler sees to that (S5), so that
what an element hands on to the next, or out of its loop, comes from pins. A step that nothing but such pins needs is
spared when they are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from podpipec_runtime.interpreter.keys import digest
from podpipec_runtime.plan.order import bodies, refs, within
from podpipec_runtime.plan.types import (
    Call,
    CarryRef,
    Each,
    InputRef,
    ItemRef,
    Keep,
    Loop,
    Pin,
    Plan,
    Ref,
    ShardsRef,
    Step,
    StepRef,
    WindowsRef,
)
from podpipec_runtime.tuples import NamedTuple

#: What of a step cannot change the bytes that come of it.
_IRRELEVANT = frozenset(("slots", "width", "depth", "bytes", "place", "outputs", "body", "steps", "after"))


class Source(NamedTuple):
    """Slices that a value derives from: all of an input, or the one that the element of the `each` is."""

    input: str
    each: str


class Pinning(NamedTuple):
    """A pin: all that are taken with it, itself included; what it derives from: a digest of steps, and slices; the
    loops and choices that it stands in; the carries that it is made of without another pin between, as its element sees
    them. Which pins it is made of is told for each element (`ancestry`)."""

    together: tuple[str, ...]
    recipe: str
    sources: tuple[Source, ...]
    around: tuple[str, ...] = ()
    carries: frozenset[CarryRef] = frozenset()


class Pins(NamedTuple):
    """All pins of a plan, the pins that steps are only there for, and the calls whose outputs nobody reads; `of_pins`
    are the steps that are pins, or are made of some."""

    pins: Mapping[str, Pinning]
    spared: Mapping[str, tuple[str, ...]]
    unread: frozenset[str]
    of_pins: frozenset[str] = frozenset()


def pins_of(plan: Plan, digests: Mapping[str, str]) -> Pins:
    """The index, given the digests of the plan's stages. It is empty for a plan that pins nothing and calls nobody."""
    steps = {step.id: step for top in plan.steps for step in within(top)}
    pins = [step for step in steps.values() if isinstance(step, Pin)]
    outside = frozenset(stage.name for stage in plan.stages if stage.calls)
    if not pins and not outside:
        return Pins({}, {}, frozenset())
    read = {ref.step for step in steps.values() for ref in refs(step) if isinstance(ref, StepRef)}
    handed = {result.value.step for result in plan.results if isinstance(result.value, StepRef)}
    unread = frozenset(step.id for step in steps.values() if isinstance(step, Call)) - read - handed
    together: dict[str, tuple[str, ...]] = {}
    spared: dict[str, tuple[str, ...]] = {}
    for body, exposed in _bodies(plan, steps.values()):
        work = _Body(body, exposed | handed, outside, unread)
        together.update(work.together())
        spared.update(work.spared())
    around = _around(plan)
    found = {}
    for pin in pins:
        recipe, sources = _lineage(pin, steps, digests, together)
        found[pin.id] = Pinning(together[pin.id], recipe, sources, around[pin.id], _carries(pin, steps))
    return Pins(found, spared, unread, _of_pins(steps))


def _of_pins(steps: Mapping[str, Step]) -> frozenset[str]:
    """The pins, and all steps that are made of some, whatever lies between."""
    readers: dict[str, list[str]] = {}
    for step in steps.values():
        for ref in refs(step):
            match ref:
                case StepRef(step=name) | ItemRef(each=name) | CarryRef(cycle=name):
                    readers.setdefault(name, []).append(step.id)
                case _:
                    pass
    waiting = [step.id for step in steps.values() if isinstance(step, Pin)]
    found = set(waiting)
    while waiting:
        new = [name for name in readers.get(waiting.pop(), ()) if name not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def _bodies(plan: Plan, steps: Iterable[Step]) -> Iterator[tuple[tuple[Step, ...], set[str]]]:
    """Every body, and the steps that the step around it refers to itself."""
    yield plan.steps, set()
    for step in steps:
        exposed = {ref.step for ref in refs(step) if isinstance(ref, StepRef)}
        for body in bodies(step):
            yield body, exposed


class _Body:
    """The steps of one body, and who of them reads whom, be it somewhere inside."""

    def __init__(
        self, body: tuple[Step, ...], exposed: set[str], outside: frozenset[str], unread: frozenset[str]
    ) -> None:
        self.steps = {step.id: step for step in body}
        self.exposed = exposed
        self.outside = outside
        self.unread = unread
        self.readers: dict[str, dict[str, None]] = {name: {} for name in self.steps}
        self.reads: dict[str, list[str]] = {name: [] for name in self.steps}
        for step in body:
            for name in dict.fromkeys(ref.step for ref in _refs_within(step) if isinstance(ref, StepRef)):
                if name in self.steps and name != step.id:
                    self.readers[name][step.id] = None
                    self.reads[step.id].append(name)

    def together(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """For each pin of the body those that record parts of the same answers."""
        leader: dict[str, str] = {}

        def find(name: str) -> str:
            while leader.setdefault(name, name) != name:
                leader[name] = name = leader[leader[name]]
            return name

        waiting = [name for name, step in self.steps.items() if self._asks(step)]
        seen = set(waiting)
        while waiting:
            name = waiting.pop()
            for reader in self.readers[name]:
                leader[find(reader)] = find(name)
                if reader not in seen and not isinstance(self.steps[reader], Pin):
                    seen.add(reader)
                    waiting.append(reader)
        pins = [name for name, step in self.steps.items() if isinstance(step, Pin)]
        groups: dict[str, list[str]] = {}
        for pin in pins:
            groups.setdefault(find(pin), []).append(pin)
        for pin in pins:
            yield pin, tuple(groups[find(pin)])

    def _asks(self, step: Step) -> bool:
        """Whether a step, or one inside of it, calls a service."""
        return any(isinstance(inner, Call) and not self.outside.isdisjoint(inner.stages) for inner in within(step))

    def spared(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """For each step that is only there for pins of the body, which those are."""
        missing = {name: len(readers) for name, readers in self.readers.items()}
        ready = [name for name, count in missing.items() if not count]
        only: dict[str, dict[str, None] | None] = {}
        for name in ready:  # who is read by nobody first; it grows
            step = self.steps[name]
            pins: dict[str, None] | None = {name: None}
            if not isinstance(step, Pin):
                pins = self._only_for(name, only)
                if pins:
                    yield name, tuple(pins)
            only[name] = pins
            for needed in self.reads[name]:
                missing[needed] -= 1
                if not missing[needed]:
                    ready.append(needed)

    def _only_for(self, name: str, only: Mapping[str, dict[str, None] | None]) -> dict[str, None] | None:
        """The pins that need a step; nothing if somebody else does, or if it is there for its own sake."""
        inside = list(within(self.steps[name]))
        own = any(isinstance(step, Keep | Pin) or step.id in self.unread for step in inside)
        if own or name in self.exposed or not self.readers[name]:
            return None
        found: dict[str, None] = {}
        for reader in self.readers[name]:
            pins = only[reader]
            if pins is None:
                return None
            found.update(pins)
        return found


def _refs_within(step: Step) -> Iterator[Ref]:
    for inner in within(step):
        yield from refs(inner)


def _lineage(
    pin: Pin, steps: Mapping[str, Step], digests: Mapping[str, str], together: Mapping[str, tuple[str, ...]]
) -> tuple[str, tuple[Source, ...]]:
    """What a pin derives from: all steps before it, without what cannot change their bytes, and slices; so do the pins
    that are taken together with one that it is made of."""
    found: dict[str, None] = {}
    sources: dict[Source, None] = {}
    stack: list[Ref] = [pin.value]
    while stack:
        match stack.pop():
            case StepRef(step=name) if name not in found:
                found[name] = None
                stack.extend(refs(steps[name]))
                stack.extend(StepRef(step=other) for other in together.get(name, ()))
            case ItemRef(each=name):
                over = _over(steps[name])
                if isinstance(over, ShardsRef | WindowsRef) and _is_around(steps[name], pin):
                    sources[Source(over.input, name)] = None
                elif name not in found:
                    found[name] = None
                    stack.extend(refs(steps[name]))
            case CarryRef(cycle=name) if name not in found:
                found[name] = None
                stack.extend(refs(steps[name]))
            case InputRef(input=name) | ShardsRef(input=name) | WindowsRef(input=name):
                sources[Source(name, "")] = None
            case _:
                pass
    told = [(name, _told(msgspec.to_builtins(steps[name]), digests)) for name in sorted(found)]
    return digest("pin", msgspec.to_builtins(pin.value), told), tuple(sorted(sources))


def _carries(pin: Pin, steps: Mapping[str, Step]) -> frozenset[CarryRef]:
    """The carries on the ways back from a pin to others."""
    found: set[CarryRef] = set()
    seen: set[str] = set()
    lists: set[str] = set()
    stack: list[Ref] = [pin.value]
    while stack:
        match stack.pop():
            case CarryRef() as carry:
                found.add(carry)
            case StepRef(step=name) if name not in seen:
                seen.add(name)
                if not isinstance(steps[name], Pin):
                    stack.extend(refs(steps[name]))
            case ItemRef(each=name):  # its list alone: what a loop hands on is no part of what it goes over
                loop = steps[name]
                if isinstance(loop, Loop) and name not in lists:
                    lists.add(name)
                    stack.append(loop.over)
            case _:
                pass
    return frozenset(found)


def _around(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The loops and choices that each step stands in."""
    found: dict[str, tuple[str, ...]] = {}
    waiting: list[tuple[Step, tuple[str, ...]]] = [(step, ()) for step in plan.steps]
    while waiting:
        step, outer = waiting.pop()
        found[step.id] = outer
        waiting += [(inner, (*outer, step.id)) for body in bodies(step) for inner in body]
    return found


def _over(step: Step) -> Ref | None:
    """What a loop goes over one by one; of groups and carries the whole list is the source."""
    return step.over if isinstance(step, Each) and not step.group else None


def _is_around(step: Step, pin: Pin) -> bool:
    return any(inner is pin for inner in within(step))


def _told(part: object, digests: Mapping[str, str]) -> object:
    """A part of a step as it goes into a digest."""
    if isinstance(part, dict):
        return {
            name: digests[value] if name == "stage" else _told(value, digests)
            for name, value in part.items()
            if name not in _IRRELEVANT
        }
    if isinstance(part, list | tuple):
        return [_told(each, digests) for each in part]
    return part
