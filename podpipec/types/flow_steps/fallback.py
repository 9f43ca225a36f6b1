"""`x = first(t) else second(t)`: each call for when the one before it failed for good."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content, fits
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.typed import CallStep, FallbackStep, GivenStep, Step, Value


def fallback(written: tree.Fallback, line: Line, work: Work) -> Value:
    """What the first call gives; the others must give the same."""
    first = written.calls[0]
    name = line.step(
        first.callee.text if isinstance(first, tree.Call) and isinstance(first.callee, tree.Name) else "call"
    )
    broken = Value(None, UNKNOWN, written.span, step=name)
    steps: list[CallStep | GivenStep] = []
    values = []
    for call in written.calls:
        step, value = _one(call, name, line, work)
        if step is None or not _may_fail(step, call, work):
            return broken
        steps.append(step)
        values.append(value)
    if not all(_same(values[0], other, work) for other in values[1:]):
        return broken
    line.steps.append(FallbackStep(name, tuple(steps), line.after, written.span))
    return values[0]._replace(span=written.span)


def _one(call: tree.Expression, name: str, line: Line, work: Work) -> tuple[CallStep | GivenStep | None, Value]:
    broken = Value(None, UNKNOWN, call.span)
    if not isinstance(call, tree.Call):
        work.say("T004", "a fallback is from one call to another", call.span, "no call")
        return None, broken
    steps: list[Step] = []
    value = work.calls.call(call, name, line.place, (), line.scope, steps)
    if not steps:
        return None, broken
    step = steps[0]
    if isinstance(step, CallStep | GivenStep):
        return step, value
    work.say(
        "T004",
        "a fallback is from stage to stage, and this is a flow",
        call.span,
        "not a stage",
        help="put the `else` behind the calls of stages in the flow",
    )
    return None, broken


def _may_fail(step: CallStep | GivenStep, call: tree.Expression, work: Work) -> bool:
    """What is consumed, or went through a stream, is gone when the stage has failed."""
    if not isinstance(step, CallStep):
        return True
    pipe = next((port for port in (*step.stage.inputs, *step.stage.outputs) if port.content.stream), None)
    if pipe is not None:
        work.found.append(
            error(
                "L5",
                f"`{step.stage.name.text}` has a stream, and cannot stand in a fallback",
                call.span,
                "when it has failed, what went through the pipe is gone",
                (pipe.span, "a stream"),
                help="let a file go from stage to stage",
            )
        )
        return False
    taken = next((port for port in step.stage.inputs if port.mode == "consume"), None)
    if taken is not None:
        work.found.append(
            error(
                "T004",
                f"`{step.stage.name.text}` consumes what it is given, and cannot stand in a fallback",
                call.span,
                "when it has failed, its input is spoilt",
                (taken.span, f"consumes `{taken.name}`"),
                help="write a stage that leaves its input as it is",
            )
        )
    return taken is None


def _same(first: Value, other: Value, work: Work) -> bool:
    """Whether a call gives what the first does, output by output."""
    ours, theirs = _contents(first), _contents(other)
    if len(ours) == len(theirs) and all(fits(b, a_) for a_, b in zip(ours, theirs, strict=True)):
        return True
    if UNKNOWN not in (*ours, *theirs):
        shown, asked = (", ".join(a(f"`{content}`") for content in many) or "nothing" for many in (theirs, ours))
        work.found.append(
            error(
                "T001",
                f"the first call gives {asked}, and this one {shown}",
                other.span,
                f"this is {shown}",
                (first.span, f"this is {asked}"),
                help="all calls of a fallback give the same, in the same order",
            )
        )
    return False


def _contents(value: Value) -> list[Content]:
    if value.fields is not None:
        return [field.content for field in value.fields.values()]
    return [value.content]
