"""Which module makes the nodes of which kind of step.

Kinds that few programs have are loaded with the first step of their kind: a small check is over sooner.
"""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.call import call
from podpipec.graph.expanding.each import each
from podpipec.graph.expanding.in_one_pod import needs_one_pod
from podpipec.graph.expanding.keep import keep
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
            from podpipec.graph.expanding.fallback import fallback

            return fallback(step, frame, work)
        case FlowStep():
            from podpipec.graph.expanding.flow import flow

            return flow(step, frame, work)
        case GivenStep():
            from podpipec.graph.expanding.given import given

            return given(step, frame, work)
        case EachStep():
            return each(step, frame, work)
        case IfStep():
            from podpipec.graph.expanding.choice import choice

            return choice(step, frame, work)
        case WithStep():
            from podpipec.graph.expanding.with_ import with_

            return with_(step, frame, work)
        case OrderedStep():
            from podpipec.graph.expanding.ordered import ordered

            return ordered(step, frame, work)
        case ExecuteStep():
            from podpipec.graph.expanding.execute import execute

            return execute(step, frame, work)
        case WalkStep():
            from podpipec.graph.expanding.walk import walk

            return walk(step, frame, work)
        case CycleStep():
            from podpipec.graph.expanding.cycle import cycle

            return cycle(step, frame, work)
        case KeepStep():
            return keep(step, frame, work)
        case MoveStep():
            from podpipec.graph.expanding.move import move

            return move(step, frame, work)
        case PinStep():
            from podpipec.graph.expanding.pin import pin

            return pin(step, frame, work)
