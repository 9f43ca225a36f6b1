"""A plan, indexed once for the interpreter: who is where, who waits for whom, who ends whose life."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from podpipec_runtime.interpreter.carries import Follower, Given, followers, given
from podpipec_runtime.interpreter.keys import Parts, stage_digest, stage_parts
from podpipec_runtime.interpreter.pins import Pins, pins_of
from podpipec_runtime.interpreter.values import Instance
from podpipec_runtime.plan.order import bodies, branches, outside, siblings
from podpipec_runtime.plan.scalars import captured_names, stored
from podpipec_runtime.plan.types import (
    Call,
    CarryRef,
    Close,
    Cycle,
    Each,
    Execute,
    Fallback,
    Fold,
    If,
    InputRef,
    ItemRef,
    Keep,
    Lifetime,
    Loop,
    Move,
    Open,
    Ordered,
    Pin,
    PlaceName,
    Plan,
    Ref,
    ShardsRef,
    Stage,
    Step,
    StepRef,
    Unit,
    Walk,
    WindowsRef,
)
from podpipec_runtime.shapes.graph import Graph
from podpipec_runtime.tuples import NamedTuple

#: The step name under which the slices of an input have their instances; ids of steps never start so.
INPUT = "<input>"
#: The instance that stands for the results at the end.
RESULTS = Instance("<results>")


class Port(NamedTuple):
    """A source of values: an output of a step, or (`step` is INPUT) the slices of an input. What the elements of
    a cycle hand on has a port of its own each (`carried`)."""

    step: str
    output: str


def carried(cycle: str, name: str) -> Port:
    """The port of what each element of a cycle hands on; names of outputs never start so."""
    return Port(cycle, f"<{name}")


def source(port: Port, path: tuple[int, ...]) -> tuple[Ref, tuple[int, ...]]:
    """What leads to the value that a step has at `path` on a port, and from which element it is seen."""
    if port.output.startswith("<"):
        return CarryRef(cycle=port.step, name=port.output[1:]), (*path[:-1], path[-1] + 1)
    return StepRef(step=port.step, output=port.output), path


class Place(msgspec.Struct, frozen=True):
    """Where a step stands: the loops around it, outermost first, the innermost step that it is in the body of
    (empty for none), and its number in the plan."""

    step: Step
    chain: tuple[str, ...]
    around: str
    order: int


class Used(msgspec.Struct, frozen=True):
    """A stage with the digests that its keys are built on."""

    stage: Stage
    parts: Parts
    digest: str


class Until(NamedTuple):
    """A step whose end brings a value's end nearer, and at how many loops deep."""

    step: str
    depth: int


class Program(msgspec.Struct, frozen=True):
    """`bodies` has the graph of each loop's body, and of the whole under the empty name; `outside`
    what a loop refers to outside of it. `values` tells of a call or a cycle which of its values each name is, `writes`
    of a call the most bytes that it may write to each place.

    `given` tells what a step of a cycle's body makes for later elements, `followers` who waits for it there.

    `branches` has the graphs of both branches of each choice. `calls` has what each call step may call, in the
    order in which it is tried.
    `until` tells what has to be over for a value to go; a port that is missing there lives to the end.
    `ends` is the same the other way round. `depths` is how deep a port's values are. `pins` is about what is pinned.
    """

    plan: Plan
    steps: dict[str, Place]
    bodies: dict[str, Graph]
    branches: dict[str, tuple[Graph, Graph]]
    calls: dict[str, tuple[Call, ...]]
    outside: dict[str, tuple[Ref, ...]]
    values: dict[str, dict[str, int]]
    writes: dict[str, dict[PlaceName, int]]
    given: dict[str, tuple[Given, ...]]
    followers: dict[str, tuple[Follower, ...]]
    stages: dict[str, Used]
    until: dict[Port, tuple[Until, ...]]
    ends: dict[str, tuple[Port, ...]]
    depths: dict[Port, int]
    pins: Pins


def program(plan: Plan) -> Program:
    """Indexes a plan that has been checked (`plan.check`)."""
    steps = _walk(plan)
    until, depths = _lifetimes(plan, steps)
    for place in steps.values():
        if isinstance(place.step, Keep) and place.step.until:  # the copy is no value, and yet lives like one
            port = Port(place.step.id, "")
            until[port] = tuple(sorted({_anchor(name, place.chain, steps) for name in place.step.until}))
            depths[port] = len(place.chain)
    ends: dict[str, list[Port]] = {}
    for port, anchors in until.items():
        for anchor in anchors:
            ends.setdefault(anchor.step, []).append(port)
    stages = {}
    for stage in plan.stages:
        parts = stage_parts(stage)
        stages[stage.name] = Used(stage, parts, stage_digest(parts))
    found = [place.step for place in steps.values()]
    cycles = [step for step in found if isinstance(step, Cycle)]
    return Program(
        plan=plan,
        steps=steps,
        bodies={"": Graph.of(siblings(plan.steps)), **_bodies(steps)},
        branches=_branches(steps),
        calls={step.id: _calls(step, stages) for step in found if isinstance(step, Call)},
        outside={step.id: outside(step) for step in found if isinstance(step, Loop)},
        values={step.id: _values(step, stages) for step in found if isinstance(step, Call | Cycle)},
        writes={step.id: _writes(step) for step in found if isinstance(step, Call)},
        given={name: made for cycle in cycles for name, made in given(cycle).items()},
        followers={name: those for cycle in cycles for name, those in followers(cycle).items()},
        stages=stages,
        until=until,
        ends={step: tuple(ports) for step, ports in ends.items()},
        depths=depths,
        pins=pins_of(plan, {name: used.digest for name, used in stages.items()}),
    )


def _walk(plan: Plan) -> dict[str, Place]:
    steps: dict[str, Place] = {}
    stack: list[tuple[Step, tuple[str, ...], str]] = [(step, (), "") for step in reversed(plan.steps)]
    while stack:
        step, chain, around = stack.pop()
        steps[step.id] = Place(step, chain, around, len(steps))
        inner = (*chain, step.id) if isinstance(step, Loop) else chain
        for body in reversed(bodies(step)):
            stack.extend((each, inner, step.id) for each in reversed(body))
    return steps


def _bodies(steps: dict[str, Place]) -> dict[str, Graph]:
    found = (place.step for place in steps.values())
    return {step.id: Graph.of(siblings(step.body)) for step in found if isinstance(step, Loop)}


def _branches(steps: dict[str, Place]) -> dict[str, tuple[Graph, Graph]]:
    found: dict[str, tuple[Graph, Graph]] = {}
    for place in steps.values():
        if isinstance(place.step, If):
            then, otherwise = branches(place.step)
            found[place.step.id] = Graph.of(siblings(then.steps)), Graph.of(siblings(otherwise.steps))
    return found


def _calls(call: Call, stages: dict[str, Used]) -> tuple[Call, ...]:
    """A call, and what is tried after it: each with the outputs under the names that its stage has for them."""
    if not isinstance(call, Fallback):
        return (call,)
    found = [Call(id=call.id, stage=call.stage, args=call.args, outputs=call.outputs, slots=call.slots)]
    for other in call.otherwise:
        pairs = zip(call.outputs, stored(stages[other.stage].stage), strict=True)
        outputs = tuple(replace(output, name=port.name) for output, port in pairs)
        found.append(Call(id=call.id, stage=other.stage, args=other.args, outputs=outputs, slots=call.slots))
    return tuple(found)


def _values(step: Call | Cycle, stages: dict[str, Used]) -> dict[str, int]:
    """What references call the values of a step: what a call writes, then what is captured; what a cycle carries."""
    if isinstance(step, Cycle):
        names = [carry.name for carry in step.carries]
    else:
        names = [*(output.name for output in step.outputs), *captured_names(stages[step.stage].stage)]
    return {name: at for at, name in enumerate(names)}


def _writes(call: Call) -> dict[PlaceName, int]:
    found: dict[PlaceName, int] = {}
    for output in call.outputs:
        found[output.place] = found.get(output.place, 0) + output.bytes
    return found


def _lifetimes(plan: Plan, steps: dict[str, Place]) -> tuple[dict[Port, tuple[Until, ...]], dict[Port, int]]:
    """A value with several lifetimes on its place goes with the last of them."""
    chains: dict[Port, tuple[str, ...]] = {}
    names: dict[Port, set[str]] = {}
    endless: set[Port] = set()
    for lifetime in plan.lifetimes:
        for port, chain in _ports(lifetime, plan, steps):
            chains[port] = min(chain, chains.get(port, chain), key=len)
            names.setdefault(port, set()).update(lifetime.until)
            if not lifetime.until:
                endless.add(port)
    until = {
        port: tuple(sorted({_anchor(name, chains[port], steps) for name in found}))
        for port, found in names.items()
        if port not in endless
    }
    return until, {port: len(chain) for port, chain in chains.items()}


def _ports(lifetime: Lifetime, plan: Plan, steps: dict[str, Place]) -> Iterator[tuple[Port, tuple[str, ...]]]:
    """The source of a lifetime's value on that place, and the loops that it has one value for each of."""
    stack: list[Ref] = [lifetime.value]
    while stack:
        match stack.pop():
            case StepRef(step=name, output=output):
                place = steps[name]
                if isinstance(place.step, Each):
                    stack.append(place.step.yields)
                elif isinstance(place.step, If):
                    stack.extend(branch.yields for branch in branches(place.step) if branch.yields is not None)
                elif _lies_on(place.step, output, lifetime.place):
                    yield Port(name, output), place.chain
            case ItemRef(each=name):
                place = steps[name]
                assert isinstance(place.step, Loop)
                over = place.step.over
                if isinstance(over, ShardsRef | WindowsRef) and not place.chain:
                    yield Port(INPUT, over.input), (name,) if lifetime.scope == name else ()
                else:
                    stack.append(over)
            case InputRef(input=name) | ShardsRef(input=name) | WindowsRef(input=name):
                if any(given.name == name and given.place == lifetime.place for given in plan.inputs):
                    yield Port(INPUT, name), ()
            case _:
                pass


def _lies_on(step: Step, output: str, place: str) -> bool:
    """Whether an output is written to that place. What a fold or a cycle comes to lies where what it is made
    of does."""
    match step:
        case Call():
            return any(each.name == output and each.place == place for each in step.outputs)
        case Keep() | Move() | Pin() | Execute():
            return step.place == place
        case Each() | Fold() | Cycle() | Walk() | Ordered() | If():
            return True
        case Open() | Close() | Unit():  # a plan of one pod has no units
            return False


def _anchor(name: str, chain: tuple[str, ...], steps: dict[str, Place]) -> Until:
    """The step to wait for: `name` itself, or the outermost loop around it that isn't around the value."""
    around = steps[name].chain
    shared = 0
    while shared < min(len(chain), len(around)) and chain[shared] == around[shared]:
        shared += 1
    return Until(name if shared == len(around) else around[shared], shared)
