"""`keep x in volume`: a copy of a value, to be there after a fault, or after the run."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.syntax import tree
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.stages import place_of
from podpipec.types.typed import KeepStep, Template


def keep(written: tree.Keep, line: Line, work: Work) -> None:
    """Add the copy's step."""
    place = place_of(written.place, work.found)
    value = work.values.value(written.value, line.scope)
    path: Template = ()
    if written.path is not None:
        path = work.values.template(written.path, line.scope)
    if place is None or value.origin is None:
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
    line.steps.append(KeepStep(line.scope.fresh(f"keep-{name}-{place}"), value, place, path, written.span))
