"""The steps of a plan: a function for each kind of node, one line each in `step_of`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from podpipec.graph.branches import owners
from podpipec.graph.chains import piped
from podpipec.graph.consuming import consumed_inputs
from podpipec.graph.liveness import total
from podpipec.graph.nodes import (
    Attempt,
    Call,
    Close,
    Crossing,
    Cycle,
    Each,
    Execute,
    If,
    Keep,
    Move,
    Node,
    Open,
    Ordered,
    Pin,
    Walk,
)
from podpipec.graph.releases import Releases
from podpipec.graph.slots import Allotment
from podpipec.plan.units import unit_of
from podpipec.plan.values import output, ref, template
from podpipec.syntax import tree
from podpipec.types.origin import FromHelper, FromStep, Origin
from podpipec.types.sizes import LARGEST
from podpipec.types.truth import All, Any, Compare, Condition, Not, Side, Truth
from podpipec_runtime.plan import types as plan
from podpipec_runtime.tuples import NamedTuple


class Lowering(NamedTuple):
    """What all steps need: where calls and helpers may run, the names of stages and helpers, when copies go."""

    allotment: Allotment
    names: Mapping[tree.Name, str]
    releases: Releases
    seats: Mapping[str, int]
    helpers: Mapping[tree.Name, str]
    overs: Mapping[str, Origin] = MappingProxyType({})  # what each loop of a flow across pods goes over
    room: tuple[plan.Room, ...] = ()  # what is left for a flow that is written at run time


def steps_of(nodes: Sequence[Node], work: Lowering) -> tuple[plan.Step, ...]:
    """The steps of a body; those of branches stand in their choice."""
    own = owners(nodes)
    inside: dict[tuple[str, bool], list[plan.Step]] = {}
    found: list[plan.Step] = []
    for node in nodes:  # what is in a branch comes before the choice
        branches = (inside.get((node.id, True), []), inside.get((node.id, False), []))
        owner = own.get(node.id)
        if isinstance(node, Close):  # what is in a branch has ended with its choice
            node = node._replace(after=tuple(name for name in node.after if own.get(name) == owner))
        step = _if(node, *branches) if isinstance(node, If) else step_of(node, work)
        into = found if owner is None else inside.setdefault((owner.choice.id, owner.holds), [])
        into.append(step)
    return tuple(found)


def _if(node: If, then: Sequence[plan.Step], otherwise: Sequence[plan.Step]) -> plan.If:
    first, second = (ref(origin) for origin in node.results) if node.results else (None, None)
    return plan.If(
        id=node.id,
        condition=_condition(node.condition),
        then=plan.Branch(steps=tuple(then), yields=first),
        otherwise=plan.Branch(steps=tuple(otherwise), yields=second),
        after=node.after,
    )


def _condition(condition: Condition) -> plan.Condition:
    match condition:
        case Compare(word=word, left=left, right=right):
            return plan.Compare(op=word, left=_operand(left), right=_operand(right))  # type: ignore[arg-type]
        case Truth(side=side):
            return plan.Truth(value=ref(side.origin))
        case Not(of=of):
            return plan.Not(of=_condition(of))
        case All(of=parts):
            return plan.All(of=tuple(_condition(part) for part in parts))
        case Any(of=parts):
            return plan.Any(of=tuple(_condition(part) for part in parts))


def _operand(side: Side) -> plan.Operand:
    return plan.Operand(value=ref(side.origin), type=side.kind)  # type: ignore[arg-type]  # one of the scalars


def step_of(node: Node, work: Lowering) -> plan.Step:
    """What a node becomes. A node that crosses pods is a `ValueError`: a rule refuses it before a plan is made."""
    match node:
        case Call():
            return _call(node, work)
        case Each():
            return _each(node, work)
        case Cycle():
            return _cycle(node, work)
        case Walk():
            return _walk(node, work)
        case Ordered():
            return _ordered(node, work)
        case Execute():
            return _execute(node, work)
        case Keep():
            return _keep(node, work)
        case Move():
            return _move(node)
        case Pin():
            return _pin(node)
        case If():
            raise ValueError(f"{node.id} has its branches beside it")
        case Open():
            return _open(node, work)
        case Close():
            return plan.Close(id=node.id, opened=node.opened, after=node.after)
        case Crossing(unit=unit) if unit is not None:
            return unit_of(node, unit, work.overs)
        case Crossing():
            raise ValueError(f"{node.id} crosses pods: refused before a plan is made")


def _call(node: Call, work: Lowering) -> plan.Call:
    args = {name: _argument(origin, node) for name, origin in node.args.items()}
    outputs = tuple(output(datum) for datum in node.outputs)
    name, slots = work.names[node.stage.name], work.allotment.homes[node.id]
    if not node.otherwise:
        consumes = consumed_inputs(node)
        return plan.Call(
            id=node.id, stage=name, args=args, outputs=outputs, slots=slots, after=node.after, consumes=consumes
        )
    otherwise = tuple(_attempt(one, node, work) for one in node.otherwise)
    return plan.Fallback(
        id=node.id, stage=name, args=args, outputs=outputs, slots=slots, after=node.after, otherwise=otherwise
    )


def _attempt(one: Attempt, node: Call, work: Lowering) -> plan.Alternative:
    args = {name: _argument(origin, node) for name, origin in one.args.items()}
    return plan.Alternative(stage=work.names[one.stage.name], args=args)


def _argument(origin: Origin, node: Call) -> plan.Ref:
    if isinstance(origin, FromHelper):
        return plan.HelperRef(step=origin.step, guarded=origin in node.guards)
    if isinstance(origin, FromStep) and origin in piped(node).values():
        return plan.StreamRef(step=origin.step, output=origin.output)
    return ref(origin)


def _open(node: Open, work: Lowering) -> plan.Open:
    return plan.Open(
        id=node.id,
        helper=work.helpers[node.helper.name],
        args={name: ref(origin) for name, origin in node.args.items()},
        seat=work.seats[node.id],
        after=node.after,
    )


def _each(node: Each, work: Lowering) -> plan.Each | plan.Fold:
    if node.by:
        return plan.Fold(
            id=node.id,
            over=ref(node.over),
            by=node.by,
            body=steps_of(node.body, work),
            yields=ref(node.result),
            width=node.width,
            after=node.after,
        )
    return plan.Each(
        id=node.id,
        over=ref(node.over),
        body=steps_of(node.body, work),
        yields=ref(node.result),
        width=node.width,
        group=node.groups.size if node.groups else 0,
        step=node.groups.step if node.groups else 0,
        after=node.after,
    )


def _cycle(node: Cycle, work: Lowering) -> plan.Cycle:
    return plan.Cycle(
        id=node.id,
        over=ref(node.over),
        body=steps_of(node.body, work),
        carries=tuple(plan.Carry(name=one.name, start=ref(one.start), gives=ref(one.value)) for one in node.carries),
        depth=node.width,
        after=node.after,
    )


def _execute(node: Execute, work: Lowering) -> plan.Execute:
    bound = node.output.bound.bytes if node.output.bound else 0
    return plan.Execute(
        id=node.id,
        flow=ref(node.args[""]),
        args={name: ref(origin) for name, origin in node.args.items() if name},
        content=str(node.output.content),
        place=node.output.place,
        bytes=bound,
        room=work.room,
        slots=tuple(range(len(work.allotment.slots))),
        after=node.after,
    )


def _ordered(node: Ordered, work: Lowering) -> plan.Ordered:
    return plan.Ordered(
        id=node.id,
        over=ref(node.over),
        body=steps_of(node.body, work),
        yields=ref(node.result),
        width=node.width,
        after=node.after,
    )


def _walk(node: Walk, work: Lowering) -> plan.Walk:
    return plan.Walk(
        id=node.id,
        over=ref(node.over),
        order=node.order,
        body=steps_of(node.body, work),
        downs=tuple(plan.Down(name=one.name, start=ref(one.start), value=ref(one.value)) for one in node.downs),
        ups=tuple(plan.Up(name=one.name, value=ref(one.value)) for one in node.ups),
        width=node.width,
        depth=node.depth,
        after=node.after,
    )


def _keep(node: Keep, work: Lowering) -> plan.Keep:
    return plan.Keep(
        id=node.id,
        value=ref(node.value),
        place=node.place,
        path=template(node.path),
        after=node.after,
        until=work.releases.anchors(node),
    )


def _move(node: Move) -> plan.Move:
    bound = node.output.bound.bytes if node.output.bound else 0
    return plan.Move(id=node.id, value=ref(node.value), place=node.output.place, bytes=bound, after=node.after)


def _pin(node: Pin) -> plan.Pin:
    return plan.Pin(
        id=node.id,
        value=ref(node.value),
        place=node.output.place,
        bytes=min(total(node.output) or 0, LARGEST),
        after=node.after,
    )
