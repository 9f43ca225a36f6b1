"""`move`: the same bytes on another place of the pod."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Move, Node
from podpipec.graph.values import Datum
from podpipec.types.origin import FromStep
from podpipec.types.typed import MoveStep


def move(step: MoveStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a move; what it gives is a value of its own."""
    value = work.data.origin(step.value, frame)
    if value is None:
        return work.left_out()
    id_ = frame.prefix + step.id
    place = work.there(step.place, f"`{id_}`", step.span, frame.pod) or frame.pod.scratch
    output = Datum(
        FromStep(id_, ""),
        shown(id_, "", 1),
        step.value.content,
        place,
        work.data.bound_in(value, frame),
        step.span,
    )
    work.data.add(output, frame.scope)
    return [Move(id_, value, output, work.after(step.after, frame), step.span)]
