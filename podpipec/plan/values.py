"""How the plan names a value, and says what a step writes."""

from __future__ import annotations

from podpipec.graph.values import Datum
from podpipec.types.origin import (
    FromCarry,
    FromChildren,
    FromConstant,
    FromHelper,
    FromInput,
    FromItem,
    FromNeeds,
    FromParent,
    FromShards,
    FromStep,
    FromText,
    FromWindows,
    Given,
    Item,
    Origin,
    Shard,
    Template,
    Window,
    reading,
)
from podpipec_runtime.plan import types as plan


def ref(origin: Origin) -> plan.Ref:
    """The reference that a step of the plan has to a value."""
    match origin:
        case FromInput():
            return plan.InputRef(input=reading(origin))
        case FromShards():
            return plan.ShardsRef(input=reading(origin))
        case FromWindows():
            return plan.WindowsRef(input=reading(origin))
        case FromStep():
            return plan.StepRef(step=origin.step, output=origin.output)
        case FromItem():
            return plan.ItemRef(each=origin.each)
        case FromHelper():
            return plan.HelperRef(step=origin.step)
        case FromNeeds():
            return plan.NeedsRef(run=origin.step)
        case FromParent():
            return plan.ParentRef(walk=origin.step, name=origin.name)
        case FromChildren():
            return plan.ChildrenRef(walk=origin.step, name=origin.name)
        case FromCarry():
            return plan.CarryRef(cycle=origin.step, name=origin.name)
        case FromConstant():
            return plan.ConstantRef(value=origin.value)
        case FromText():
            return plan.TextRef(parts=template(origin.template))


def output(datum: Datum) -> plan.Output:
    """What a call writes, or a unit gives, under the name of its output."""
    assert isinstance(datum.origin, FromStep)  # it is the step's own
    return plan.Output(name=datum.origin.output, place=datum.place, bytes=datum.bound.bytes if datum.bound else 0)


def template(template: Template) -> tuple[plan.PathPart, ...]:
    """The parts of a text with holes."""
    return tuple(_path_part(part) for part in template)


def _path_part(part: str | Window | Shard | Item | Given) -> plan.PathPart:
    match part:
        case Window():
            return plan.WindowPart(format=part.format)
        case Shard():
            return plan.ShardPart()
        case Item():
            return plan.ItemPart(each=part.name, format=part.format)
        case Given():
            return plan.ValuePart(value=ref(part.origin))
        case str():
            return part
