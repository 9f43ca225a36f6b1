"""A call of what the flow was given to call."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.call import call
from podpipec.graph.expanding.flow import flow
from podpipec.graph.expanding.work import Expansion
from podpipec.graph.nodes import Node
from podpipec.types.declarations import Stage
from podpipec.types.origin import FromStep
from podpipec.types.typed import CallStep, FlowStep, GivenStep


def given(step: GivenStep, frame: Frame, work: Expansion) -> list[Node]:
    """A call of what the flow was given: as a call of that stage or flow."""
    target = frame.callables.get(step.parameter)
    if target is None:  # what was given is broken, which is told elsewhere
        frame.steps[step.id] = {}
        return work.left_out()
    if isinstance(target, Stage):
        args = dict(zip((port.name for port in target.inputs), step.args, strict=True))
        made = CallStep(step.id, target, args, step.place, step.after, step.span)
        id_ = frame.prefix + step.id
        frame.steps[step.id] = work.given[id_] = {"": FromStep(id_, target.outputs[0].name)}
        return call(made, frame, work)
    args = dict(zip((one.name for one in target.parameters), step.args, strict=True))
    nodes = flow(FlowStep(step.id, target.declared, args, {}, step.after, step.span), frame, work)
    results = frame.steps[step.id]
    frame.steps[step.id] = {"": next(iter(results.values()))} if isinstance(results, dict) and results else {}
    return nodes
