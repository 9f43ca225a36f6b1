"""`keep`: a copy that is there after a fault, or after the run."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion
from podpipec.graph.nodes import Keep, Node
from podpipec.types.typed import KeepStep


def keep(step: KeepStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a kept copy."""
    value = work.data.origin(step.value, frame)
    if step.place != "remote":
        work.there(step.place, "the copy", step.span, frame.pod)
    if value is None:
        return work.left_out()
    until = work.data.origin(step.until, frame) if step.until is not None else None
    if until is None and step.until is not None:
        return work.left_out()
    path = work.data.template(step.path, step.span, frame)
    return [Keep(frame.prefix + step.id, value, step.place, path, step.span, (), until)]
