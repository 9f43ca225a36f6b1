"""`pin`: a recorded copy on a place that outlives the pod."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Node, Pin
from podpipec.graph.values import Datum
from podpipec.types.origin import FromStep
from podpipec.types.sizes import Bound
from podpipec.types.typed import PinStep


def pin(step: PinStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a pin; what it gives is a value of its own."""
    value = work.data.origin(step.value, frame)
    if value is None:
        return work.left_out()
    id_ = frame.prefix + step.id
    place = work.there(step.place, f"`{id_}`", step.span, frame.pod) or frame.pod.scratch
    bound, source = work.data.bound_in(value, frame), work.data.known.get(value)
    length = source.length if source is not None else 1
    if bound is not None and source is not None and source.bound is not None and length is not None:
        bound = Bound(source.bound.bytes, bound.share)  # of one element
    content = step.value.content
    whole = length is None  # the bound is then that of all elements together
    output = Datum(FromStep(id_, ""), shown(id_, "", 1), content, place, bound, step.span, length, whole)
    work.data.add(output, frame.scope)
    return [Pin(id_, value, output, work.after(step.after, frame), step.span)]
