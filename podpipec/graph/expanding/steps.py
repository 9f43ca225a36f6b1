"""Which module makes the nodes of which kind of step."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.call import call
from podpipec.graph.expanding.choice import choice
from podpipec.graph.expanding.cycle import cycle
from podpipec.graph.expanding.each import each
from podpipec.graph.expanding.execute import execute
from podpipec.graph.expanding.fallback import fallback
from podpipec.graph.expanding.flow import flow
from podpipec.graph.expanding.given import given
from podpipec.graph.expanding.in_one_pod import needs_one_pod
from podpipec.graph.expanding.keep import keep
from podpipec.graph.expanding.move import move
from podpipec.graph.expanding.ordered import ordered
from podpipec.graph.expanding.pin import pin
from podpipec.graph.expanding.walk import walk
from podpipec.graph.expanding.with_ import with_
from podpipec.graph.expanding.work import Expansion
from podpipec.graph.nodes import Node
from podpipec.types.typed import (
    CallStep,
    CycleStep,
    EachStep,
    ExecuteStep,
    FallbackStep,
    FlowStep,
    GivenStep,
    IfStep,
    KeepStep,
    MoveStep,
    OrderedStep,
    PinStep,
    Step,
    WalkStep,
    WithStep,
)


def nodes(step: Step, frame: Frame, work: Expansion) -> list[Node]:
    """What a step becomes."""
    if needs_one_pod(step, frame, work):
        return work.left_out()
    match step:
        case CallStep():
            return call(step, frame, work)
        case FallbackStep():
            return fallback(step, frame, work)
        case FlowStep():
            return flow(step, frame, work)
        case GivenStep():
            return given(step, frame, work)
        case EachStep():
            return each(step, frame, work)
        case IfStep():
            return choice(step, frame, work)
        case WithStep():
            return with_(step, frame, work)
        case OrderedStep():
            return ordered(step, frame, work)
        case ExecuteStep():
            return execute(step, frame, work)
        case WalkStep():
            return walk(step, frame, work)
        case CycleStep():
            return cycle(step, frame, work)
        case KeepStep():
            return keep(step, frame, work)
        case MoveStep():
            return move(step, frame, work)
        case PinStep():
            return pin(step, frame, work)
