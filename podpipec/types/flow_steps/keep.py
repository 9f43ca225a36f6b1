"""`keep x in volume`: a copy of a value, to be there after a fault, or after the run."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.syntax import tree
from podpipec.types.declarations import Place
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.origin import FromStep, Template
from podpipec.types.stages import place_of
from podpipec.types.typed import KeepStep, Value


def keep(written: tree.Keep, line: Line, work: Work) -> None:
    """Add the copy's step."""
    place = place_of(written.place, work.found)
    value = work.values.value(written.value, line.scope)
    path: Template = ()
    if written.path is not None:
        path = work.values.template(written.path, line.scope)
    if place is None or value.origin is None or work.misuse(value, "keep", written.value.span):
        return
    if (place == "remote") != bool(written.path):
        work.found.append(
            error(
                "T013",
                "`remote` needs a path" if place == "remote" else f"a copy in `{place}` has no path",
                written.span,
                "",
                help='write it like `keep x in remote "s3://lake/x/{window}"`'
                if place == "remote"
                else "only `remote` takes a path",
            )
        )
        return
    if value.content.scalar:
        work.say("T001", "a scalar cannot be kept", written.value.span, "no file")
        return
    name = written.value.text if isinstance(written.value, tree.Name) else "value"
    step = line.scope.fresh(f"keep-{name}-{place}")
    until = _until(written, value, place, line, work) if written.until is not None else None
    line.steps.append(KeepStep(step, value, place, path, written.span, until))


def _until(written: tree.Keep, kept: Value, place: Place, line: Line, work: Work) -> Value | None:
    """The value with which the copy goes: one that comes after it."""
    assert written.until is not None  # the caller has looked
    at = written.until.span
    if place == "remote":
        work.say("T013", "what is sent to `remote` stays there", at, "it is not taken back", "take the `until` away")
        return None
    value = work.values.value(written.until, line.scope)
    if value.origin is not None and (not isinstance(value.origin, FromStep) or value.origin == kept.origin):
        what = "this is what is kept" if value.origin == kept.origin else "this is there before the flow begins"
        work.say("T016", what, at, "the copy would go at once", "name what is made of it later, and kept itself")
        return None
    return value if value.origin is not None else None
