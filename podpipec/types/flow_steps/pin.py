"""`pin x in volume`: what a value is now, recorded, and the same from then on."""

from __future__ import annotations

from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.origin import FromStep
from podpipec.types.stages import place_of
from podpipec.types.typed import PinStep, Value


def pin(written: tree.Pin, line: Line, work: Work) -> Value:
    """The recorded copy, which is a value of its own."""
    if line.place is not None:
        work.say("T013", "`pin` says the place already", line.at, help=f"take the `in {line.place}` away")
    step = line.step("pin")
    value = work.values.value(written.value, line.scope)
    place = place_of(written.place, work.found)
    if place == "ram":
        work.say(
            "T013",
            "what is pinned in `ram` would be gone with its pod",
            written.place.span,
            "nothing is recorded there",
            help="pin it in `volume`, or in `node`",
        )
        place = None
    elif place == "remote":
        work.say(
            "T013",
            "`pin` goes to a place of the pod",
            written.place.span,
            help="pin it in `volume`, and keep what is pinned in `remote`",
        )
        place = None
    if work.misuse(value, "pin", written.value.span):
        place = None
    elif value.content.scalar and value.origin is not None:
        work.say("T001", f"{a(f'`{value.content}`')} cannot be pinned", written.value.span, "no file or folder")
        place = None
    if place is None or value.origin is None:
        return Value(None, UNKNOWN, written.span, step=step)
    line.steps.append(PinStep(step, value, place, line.after, written.span))
    return Value(FromStep(step, ""), value.content, written.span, step=step)
