"""`move x to ram`: the same bytes on another place of the pod."""

from __future__ import annotations

from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.origin import FromStep
from podpipec.types.stages import place_of
from podpipec.types.typed import MoveStep, Value


def move(written: tree.Move, line: Line, work: Work) -> Value:
    """The copy, which is a value of its own."""
    step = line.step("move")
    value = work.values.value(written.value, line.scope)
    place = place_of(written.place, work.found)
    if place == "remote":
        work.say(
            "T013",
            "`move` goes to a place of the pod",
            written.place.span,
            help='write `keep … in remote "…"`',
        )
        place = None
    if work.misuse(value, "move", written.value.span):
        place = None
    elif value.content.scalar or (value.content.lists and value.origin is not None):
        work.say("T001", f"{a(f'`{value.content}`')} cannot be moved", written.value.span, "not one file or folder")
        place = None
    if place is None or value.origin is None:
        return Value(None, UNKNOWN, written.span, step=step)
    line.steps.append(MoveStep(step, value, place, line.after, written.span))
    return Value(FromStep(step, ""), value.content, written.span, step=step)
