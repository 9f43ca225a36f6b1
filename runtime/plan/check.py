"""What the types can't say about a plan: names are unique, and every reference leads somewhere.

A step sees the inputs, the steps of its own body and of the bodies around it. Depth is bounded
(`DEEPEST`), so that no program can exhaust the stack of what reads it; length is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from podpipec_runtime.plan.check_choice import check_if, shape
from podpipec_runtime.plan.check_execute import check_execute
from podpipec_runtime.plan.check_helpers import check_closed, check_helper, check_open
from podpipec_runtime.plan.check_inputs import check_inputs
from podpipec_runtime.plan.check_loop import check_loop
from podpipec_runtime.plan.check_stages import NAME, check_stage
from podpipec_runtime.plan.check_streams import check_streams, streams
from podpipec_runtime.plan.check_walk import check_handed, check_walk
from podpipec_runtime.plan.errors import PlanError, at_least
from podpipec_runtime.plan.order import branches, cycle, siblings
from podpipec_runtime.plan.scalars import stored, streamed
from podpipec_runtime.plan.types import (
    Call,
    CarryRef,
    ChildrenRef,
    Close,
    ConstantRef,
    Cycle,
    Each,
    Execute,
    Fallback,
    Fold,
    HelperRef,
    If,
    Input,
    InputRef,
    ItemPart,
    ItemRef,
    Keep,
    Move,
    NeedsRef,
    Open,
    Ordered,
    ParentRef,
    PathPart,
    Pin,
    Plan,
    Range,
    Ref,
    Repeated,
    ShardPart,
    ShardsRef,
    Stage,
    Step,
    StepRef,
    StreamRef,
    TextRef,
    Unit,
    ValuePart,
    Walk,
    WindowPart,
    WindowsRef,
    Within,
)
from podpipec_runtime.tuples import NamedTuple

#: How deep steps may be nested.
DEEPEST = 32
_ID = re.compile(r"[^\s<>\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*")
_T = TypeVar("_T")
_READING = re.compile(rf"{NAME.pattern}(\[-\d+(\.\.-?\d+)?\]|\[0\.\.0\]|\.windows)?")


class _Scope(NamedTuple):
    """A body: the ids of the loops around it, outermost first, with a mark for each branch, and its steps."""

    chain: tuple[str, ...]
    path: str
    steps: tuple[Step, ...]


class _Known(NamedTuple):
    """What a reference can lead to."""

    plan: Plan
    inputs: dict[str, Input]
    stages: dict[str, Stage]
    steps: dict[str, tuple[Step, tuple[str, ...]]]


def check(plan: Plan) -> None:
    """Raises PlanError with the path to the first thing in `plan` that can't be meant."""
    scopes = tuple(_scopes(plan))
    known = _Known(
        plan,
        _named(plan.inputs, "inputs", lambda each: each.name, _READING),
        _named(plan.stages, "stages", lambda each: each.name),
        _by_id(scopes),
    )
    _check_pod(plan)
    check_inputs(plan)
    for at, given in enumerate(plan.inputs):
        _check_place(known, given.place, f"$.inputs[{at}].place")
    for at, stage in enumerate(plan.stages):
        check_stage(stage, f"$.stages[{at}]")
    _named(plan.helpers, "helpers", lambda each: each.name)
    for at, helper in enumerate(plan.helpers):
        check_helper(helper, f"$.helpers[{at}]")
    for scope in scopes:
        _check_body(known, scope)
    _named(plan.results, "results", lambda each: each.name)
    for at, result in enumerate(plan.results):
        _check_ref(known, result.value, (), f"$.results[{at}].value")
    _check_lifetimes(known)


def _named(items: Iterable[_T], field: str, name: Callable[[_T], str], form: re.Pattern[str] = NAME) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for at, item in enumerate(items):
        path = f"$.{field}[{at}].name"
        if name(item) in found:
            raise PlanError(f"`{name(item)}` is there twice", path)
        if not form.fullmatch(name(item)):
            raise PlanError(f"`{name(item)}` is not a name", path)
        found[name(item)] = item
    return found


def _scopes(plan: Plan) -> Iterator[_Scope]:
    stack = [_Scope((), "$.steps", plan.steps)]
    while stack:
        scope = stack.pop()
        if len(scope.chain) > DEEPEST:
            raise PlanError(f"steps are nested deeper than {DEEPEST}", scope.path)
        yield scope
        for at, step in enumerate(scope.steps):
            stack.extend(_inner(scope, step, f"{scope.path}[{at}]"))


def _inner(scope: _Scope, step: Step, path: str) -> Iterator[_Scope]:
    """The bodies of a step. No id has a blank in it, so a branch's mark is nobody's id."""
    if isinstance(step, Repeated):
        yield _Scope((*scope.chain, step.id), f"{path}.body", step.body)
    elif isinstance(step, If):
        for word, branch in zip(("then", "otherwise"), branches(step), strict=True):
            yield _Scope((*scope.chain, f"{step.id} {word}"), f"{path}.{word}.steps", branch.steps)


def _by_id(scopes: Iterable[_Scope]) -> dict[str, tuple[Step, tuple[str, ...]]]:
    found: dict[str, tuple[Step, tuple[str, ...]]] = {}
    for scope in scopes:
        for at, step in enumerate(scope.steps):
            if step.id in found:
                raise PlanError(f"step `{step.id}` is there twice", f"{scope.path}[{at}].id")
            if not _ID.fullmatch(step.id):
                raise PlanError(f"`{step.id}` is not an id", f"{scope.path}[{at}].id")
            found[step.id] = (step, scope.chain)
    return found


def _check_pod(plan: Plan) -> None:
    seen: set[str] = set()
    for at, place in enumerate(plan.pod.places):
        if place.name in seen or place.name == "remote":
            raise PlanError(f"the pod can't have place `{place.name}` here", f"$.pod.places[{at}].name")
        at_least(0, place.bytes, f"$.pod.places[{at}].bytes")
        seen.add(place.name)


def _check_body(known: _Known, scope: _Scope) -> None:
    for at, step in enumerate(scope.steps):
        path = f"{scope.path}[{at}]"
        for of, name in enumerate(step.after):
            _check_seen(known, name, scope.chain, f"{path}.after[{of}]")
        match step:
            case Call():
                _check_call(known, step, scope.chain, path)
                if isinstance(step, Fallback):
                    _check_fallback(known, step, scope.chain, path)
            case If():
                check_if(step, scope.chain, path, partial(_check_ref, known))
            case Each() | Fold() | Cycle():
                check_loop(step, scope.chain, path, partial(_check_ref, known))
            case Walk():
                check_walk(step, scope.chain, path, partial(_check_ref, known))
            case Execute():
                check_execute(step, scope.chain, path, len(known.plan.pod.slots), partial(_check_ref, known))
                for at, one in enumerate(step.room):
                    _check_place(known, one.place, f"{path}.room[{at}].place")
                _check_place(known, step.place, f"{path}.place")
            case Ordered():
                _check_ref(known, step.over, scope.chain, f"{path}.over")
                _check_ref(known, step.yields, (*scope.chain, step.id), f"{path}.yields")
                at_least(1, step.width, f"{path}.width")
            case Keep():
                _check_keep(known, step, scope.chain, path)
            case Move() | Pin():
                _check_ref(known, step.value, scope.chain, f"{path}.value")
                _check_place(known, step.place, f"{path}.place")
                if isinstance(step, Pin) and step.place == "ram":
                    raise PlanError("what is pinned must outlive the pod", f"{path}.place")
            case Open():
                check_open(step, known.plan, path, lambda ref, where: _check_ref(known, ref, scope.chain, where))
            case Unit():
                raise PlanError("a unit is for a flow across pods, and this is the plan of one pod", path)
    check_closed(scope.steps, scope.path)
    check_streams(scope.steps, known.stages, scope.path)
    circle = cycle(siblings(scope.steps))
    if circle:
        raise PlanError("steps wait for each other: " + " → ".join(circle), scope.path)


def _check_call(known: _Known, call: Call, chain: tuple[str, ...], path: str) -> None:
    stage = _check_arguments(known, call.stage, call.args, chain, path)
    if [output.name for output in call.outputs] != [port.name for port in stored(stage)]:
        raise PlanError(f"the outputs aren't those of stage `{stage.name}`", f"{path}.outputs")
    for at, name in enumerate(call.consumes):
        if isinstance(call.args.get(name), StepRef | ItemRef) and not isinstance(call, Fallback):
            continue
        raise PlanError(f"`{name}` can't be consumed", f"{path}.consumes[{at}]")
    for at, output in enumerate(call.outputs):
        _check_place(known, output.place, f"{path}.outputs[{at}].place")
        at_least(0, output.bytes, f"{path}.outputs[{at}].bytes")
    if not call.slots or len(set(call.slots)) != len(call.slots):
        raise PlanError("a call needs slots, each once", f"{path}.slots")
    for at, slot in enumerate(call.slots):
        if not 0 <= slot < len(known.plan.pod.slots):
            raise PlanError(f"the pod has no slot {slot}", f"{path}.slots[{at}]")


def _check_arguments(known: _Known, name: str, args: dict[str, Ref], chain: tuple[str, ...], path: str) -> Stage:
    stage = known.stages.get(name)
    if stage is None:
        raise PlanError(f"there is no stage `{name}`", f"{path}.stage")
    if set(args) != {port.name for port in stage.inputs}:
        raise PlanError(f"the arguments aren't those of stage `{name}`", f"{path}.args")
    for argument, ref in args.items():
        _check_ref(known, ref, chain, f"{path}.args.{argument}")
    return stage


def _check_fallback(known: _Known, call: Fallback, chain: tuple[str, ...], path: str) -> None:
    if not call.otherwise:
        raise PlanError("a fallback needs something to fall back to", f"{path}.otherwise")
    wanted = shape(known.stages[call.stage])
    for at, other in enumerate(call.otherwise):
        stage = _check_arguments(known, other.stage, other.args, chain, f"{path}.otherwise[{at}]")
        if shape(stage) != wanted:
            message = f"stage `{other.stage}` doesn't give what stage `{call.stage}` does"
            raise PlanError(message, f"{path}.otherwise[{at}].stage")


def _check_keep(known: _Known, keep: Keep, chain: tuple[str, ...], path: str) -> None:
    _check_ref(known, keep.value, chain, f"{path}.value")
    if (keep.place == "remote") != bool(keep.path):
        raise PlanError("`remote`, and no other place, needs a path", f"{path}.path")
    if keep.place != "remote":
        _check_place(known, keep.place, f"{path}.place")
    for of, name in enumerate(keep.until):
        _check_seen(known, name, chain, f"{path}.until[{of}]")
    if keep.until and keep.place == "remote":
        raise PlanError("what is sent to `remote` stays there", f"{path}.until")
    _check_path(keep.path, chain, f"{path}.path")


def _check_path(parts: tuple[PathPart, ...], chain: tuple[str, ...], path: str) -> None:
    for at, part in enumerate(parts):
        match part:
            case ItemPart() if part.each not in chain:
                raise PlanError(f"no loop `{part.each}` is around this", f"{path}[{at}].each")
            case ValuePart():
                raise PlanError("a path can't depend on what a stage gave", f"{path}[{at}]")
            case str() | WindowPart() | ShardPart() | ItemPart():
                pass


def _check_text(known: _Known, parts: tuple[PathPart, ...], chain: tuple[str, ...], path: str) -> None:
    _check_path(tuple(part for part in parts if not isinstance(part, ValuePart)), chain, path)
    for at, part in enumerate(parts):
        if isinstance(part, ValuePart):
            if isinstance(part.value, TextRef):
                raise PlanError("a text in a text", f"{path}[{at}].value")
            _check_ref(known, part.value, chain, f"{path}[{at}].value")


def _check_ref(known: _Known, ref: Ref, chain: tuple[str, ...], path: str) -> None:
    match ref:
        case InputRef() | ShardsRef() | WindowsRef():
            given = known.inputs.get(ref.input)
            if given is None:
                raise PlanError(f"there is no input `{ref.input}`", f"{path}.input")
            if not isinstance(ref, _kind(given)):
                raise PlanError(f"input `{ref.input}` is `{given.slice}`", f"{path}.from")
        case StepRef():
            step = _check_seen(known, ref.step, chain, f"{path}.step")
            if ref.output not in _outputs(known, step):
                raise PlanError(f"step `{ref.step}` has no output `{ref.output}`", f"{path}.output")
        case ItemRef():
            if ref.each not in chain:
                raise PlanError(f"no loop `{ref.each}` is around this", f"{path}.each")
        case CarryRef():
            around = known.steps[ref.cycle][0] if ref.cycle in chain else None
            if not isinstance(around, Cycle):
                raise PlanError(f"no cycle `{ref.cycle}` is around this", f"{path}.cycle")
            if ref.name not in _outputs(known, around):
                raise PlanError(f"cycle `{ref.cycle}` has no carry `{ref.name}`", f"{path}.name")
        case NeedsRef():
            if ref.run not in chain or not isinstance(known.steps[ref.run][0], Ordered):
                raise PlanError(f"no `run … in` `{ref.run}` is around this", f"{path}.run")
        case ParentRef() | ChildrenRef():
            walked = known.steps.get(ref.walk, (None,))[0] if ref.walk in chain else None
            check_handed(ref, walked, path)
        case TextRef():
            _check_text(known, ref.parts, chain, f"{path}.parts")
        case StreamRef():
            step = _check_seen(known, ref.step, chain, f"{path}.step")
            if not isinstance(step, Call) or ref.output not in streams(step, known.stages):
                raise PlanError(f"step `{ref.step}` has no stream `{ref.output}`", f"{path}.output")
        case HelperRef():
            if not isinstance(_check_seen(known, ref.step, chain, f"{path}.step"), Open):
                raise PlanError(f"step `{ref.step}` starts no helper", f"{path}.step")
        case ConstantRef():
            pass


def _kind(given: Input) -> type[Ref]:
    """How an input is referred to."""
    if isinstance(given.windows, Range | Within):
        return WindowsRef
    return ShardsRef if given.slice == "shards" else InputRef


def _outputs(known: _Known, step: Step) -> set[str]:
    """What a reference to a step can name."""
    if isinstance(step, Call):
        stage = known.stages.get(step.stage)
        return set() if stage is None else {port.name for port in stage.outputs if not streamed(port)}
    if isinstance(step, Cycle):
        return {carry.name for carry in step.carries}
    if isinstance(step, Walk):
        return {up.name for up in step.ups}
    if isinstance(step, Keep | Open | Close) or (isinstance(step, If) and step.then.yields is None):
        return set()
    return {""}


def _check_seen(known: _Known, name: str, chain: tuple[str, ...], path: str) -> Step:
    """The step of that id, if it is in this body or in one around it."""
    step, its_chain = known.steps.get(name, (None, ()))
    if step is None:
        raise PlanError(f"there is no step `{name}`", path)
    if chain[: len(its_chain)] != its_chain:
        raise PlanError(f"step `{name}` can't be seen from here", path)
    if name in (mark.split(" ", 1)[0] for mark in chain):
        raise PlanError(f"this is inside of step `{name}`, which isn't done yet", path)
    return step


def _check_lifetimes(known: _Known) -> None:
    for at, lifetime in enumerate(known.plan.lifetimes):
        path = f"$.lifetimes[{at}]"
        for of, name in enumerate(lifetime.until):
            if name not in known.steps:
                raise PlanError(f"there is no step `{name}`", f"{path}.until[{of}]")
        if lifetime.scope and not isinstance(known.steps.get(lifetime.scope, (None,))[0], Repeated):
            raise PlanError(f"there is no loop `{lifetime.scope}`", f"{path}.scope")
        value = lifetime.value
        if isinstance(value, StepRef) and value.step not in known.steps:
            raise PlanError(f"there is no step `{value.step}`", f"{path}.value.step")
        if isinstance(value, ItemRef) and not isinstance(known.steps.get(value.each, (None,))[0], Repeated):
            raise PlanError(f"there is no loop `{value.each}`", f"{path}.value.each")
        if isinstance(value, InputRef | ShardsRef | WindowsRef) and value.input not in known.inputs:
            raise PlanError(f"there is no input `{value.input}`", f"{path}.value.input")


def _check_place(known: _Known, name: str, path: str) -> None:
    if not any(place.name == name for place in known.plan.pod.places):
        raise PlanError(f"the pod has no place `{name}`", path)
