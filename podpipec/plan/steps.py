"""The steps of a plan: a function for each kind of node, one line each in `step_of`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from podpipec.graph.liveness import total
from podpipec.graph.nodes import Call, Crossing, Datum, Each, Keep, Move, Node, Pin
from podpipec.graph.slots import Allotment
from podpipec.plan.values import ref, template
from podpipec.syntax import tree
from podpipec.types.sizes import LARGEST
from podpipec.types.typed import FromStep
from podpipec_runtime.plan import types as plan


class Lowering(NamedTuple):
    """What all steps need: the slots that each call may run in, and the names of the stages."""

    allotment: Allotment
    names: Mapping[tree.Name, str]


def step_of(node: Node, work: Lowering) -> plan.Step:
    """What a node becomes. A node that crosses pods is a `ValueError`: a rule refuses it before a plan is made."""
    match node:
        case Call():
            return _call(node, work)
        case Each():
            return _each(node, work)
        case Keep():
            return _keep(node)
        case Move():
            return _move(node)
        case Pin():
            return _pin(node)
        case Crossing():
            raise ValueError(f"{node.id} crosses pods: refused before a plan is made")


def _call(node: Call, work: Lowering) -> plan.Call:
    return plan.Call(
        id=node.id,
        stage=work.names[node.stage.name],
        args={name: ref(origin) for name, origin in node.args.items()},
        outputs=tuple(_output(datum) for datum in node.outputs),
        slots=work.allotment.homes[node.id],
        after=node.after,
    )


def _output(datum: Datum) -> plan.Output:
    assert isinstance(datum.origin, FromStep)  # a call's outputs are its own
    return plan.Output(name=datum.origin.output, place=datum.place, bytes=datum.bound.bytes if datum.bound else 0)


def _each(node: Each, work: Lowering) -> plan.Each:
    return plan.Each(
        id=node.id,
        over=ref(node.over),
        body=tuple(step_of(inner, work) for inner in node.body),
        yields=ref(node.result),
        width=node.width,
        after=node.after,
    )


def _keep(node: Keep) -> plan.Keep:
    path = template(node.path)
    return plan.Keep(id=node.id, value=ref(node.value), place=node.place, path=path, after=node.after)


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
