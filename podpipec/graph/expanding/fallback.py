"""`first(t) else second(t)`: one node, whose outputs are those of its first call."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.call import call
from podpipec.graph.expanding.given import given
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Attempt, Call, Node
from podpipec.graph.values import Captured, Datum
from podpipec.types.declarations import Stage
from podpipec.types.origin import FromStep
from podpipec.types.sizes import Bound
from podpipec.types.typed import CallStep, FallbackStep


def fallback(step: FallbackStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of all its calls."""
    wrong = _wrong(step, frame, work)
    if wrong is not None:
        work.wrong.append(wrong)
        frame.steps[step.id] = {}
        return work.left_out()
    calls: list[Call] = []
    for one in step.calls:
        nodes = call(one, frame, work) if isinstance(one, CallStep) else given(one, frame, work)
        calls += [node for node in nodes if isinstance(node, Call)]
    if len(calls) < len(step.calls):
        frame.steps[step.id] = {}
        return work.left_out()
    first = calls[0]
    frame.steps.pop(step.id, None)
    if not isinstance(step.calls[0], CallStep):
        frame.steps[step.id] = work.given[first.id] = {"": FromStep(first.id, first.stage.outputs[0].name)}
    for other in calls[1:]:
        for port in other.stage.outputs:
            work.data.forget(FromStep(first.id, port.name))
    outputs = tuple(_output(datum, [one.outputs[at] for one in calls]) for at, datum in enumerate(first.outputs))
    for datum in outputs:
        work.data.add(datum, frame.scope)
    for port in first.stage.captured:
        name = shown(first.id, port.name, len(first.stage.outputs))
        work.data.scalars[FromStep(first.id, port.name)] = Captured(name, port.content, first.span)
    otherwise = tuple(Attempt(one.stage, one.args, one.spans, one.span) for one in calls[1:])
    after = work.after(step.after, frame)
    guards = tuple(dict.fromkeys(helper for one in calls for helper in one.guards))
    return [first._replace(outputs=outputs, otherwise=otherwise, after=after, span=step.span, guards=guards)]


def _output(first: Datum, all_: list[Datum]) -> Datum:
    """The first's, with the largest bound."""
    known = [datum.bound for datum in all_ if datum.bound is not None]
    if len(known) < len(all_):
        return first._replace(bound=None)
    return first._replace(bound=Bound(max(one.bytes for one in known), all(one.share for one in known)))


def _wrong(step: FallbackStep, frame: Frame, work: Expansion) -> Diagnostic | None:
    """What can be called at all, and so together."""
    if work.across is not None:
        name = work.flow.declared.name
        return error(
            "T004",
            "a fallback is for stages of one pod, and this flow goes across pods",
            step.span,
            "not here",
            (name.span, "goes across pods"),
            help="put it in a flow on a pod, and call that",
        )
    stages: list[Stage] = []
    for one in step.calls:
        target = one.stage if isinstance(one, CallStep) else frame.callables[one.parameter]
        if not isinstance(target, Stage):
            return error(
                "T004",
                f"a fallback is from stage to stage, and `{target.declared.name.text}` is a flow",
                frame.site or one.span,
                "given here",
                (one.span, "called here"),
                help="give it a stage",
            )
        stages.append(target)
    told = [sorted(secret.name.text for secret in stage.secrets) for stage in stages]
    odd = next((stage for stage, secrets in zip(stages, told, strict=True) if secrets != told[0]), None)
    if odd is None:
        return None
    return error(
        "T004",
        f"`{odd.name.text}` is told other secrets than `{stages[0].name.text}`, and both would run in one slot",
        step.span,
        "one fallback, one slot",
        (odd.name.span, "told others"),
        help="tell both the same secrets",
    )
