"""What only one pod can do, and so has no meaning among the calls of a flow that goes across pods."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion
from podpipec.types.typed import ExecuteStep, MoveStep, OrderedStep, Step, WalkStep, WithStep

_WORDS: dict[type[Step], str] = {
    MoveStep: "`move`",
    WalkStep: "`walk`",
    OrderedStep: "`run … in`",
    ExecuteStep: "`run`",
}


def needs_one_pod(step: Step, frame: Frame, work: Expansion) -> bool:
    """Whether a step is for the body of a flow on one pod, and stands in that of one across pods, which is told.

    Of a `with` rule L5 tells it.
    """
    word = _WORDS.get(type(step))
    if work.across is None or (word is None and not isinstance(step, WithStep)):
        return False
    frame.steps[step.id] = {}
    if word is not None:
        work.wrong.append(_told(word, step, work))
    return True


def _told(word: str, step: Step, work: Expansion) -> Diagnostic:
    flow, pod = work.flow.declared.name, work.pod.name
    return error(
        "T016",
        f"{word} is done by one pod, and the steps of `{flow.text}` are done by many",
        step.span,
        "which pod?",
        (flow.span, "goes across pods"),
        help=f"put it into a flow `on {pod.text}`, and call that here",
    )
