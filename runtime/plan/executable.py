"""What of a plan this machine's engine cannot execute. Such a plan is refused before anything starts."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec_runtime.plan.order import within
from podpipec_runtime.plan.types import Call, Execute, Open, Ordered, Plan, Step, StreamRef, Walk


def unexecutable(plan: Plan) -> tuple[str, ...]:
    """What the plan needs and only a cluster gives: a sentence for each step that needs it, in the plan's order."""
    return tuple(sentence for top in plan.steps for step in within(top) for sentence in _of(step))


def _of(step: Step) -> Iterator[str]:
    match step:
        case Call():
            for ref in step.args.values():
                if isinstance(ref, StreamRef):
                    yield f"`{step.id}` reads the stream `{ref.output}` while `{ref.step}` writes it"
        case Open():
            yield f"`{step.id}` starts the helper `{step.helper}`, a container beside the stages"
        case Execute():
            yield f"`{step.id}` runs a flow that is written at run time"
        case Ordered():
            yield f"`{step.id}` goes through a graph with dependencies that is found at run time"
        case Walk():
            yield f"`{step.id}` goes through a tree that is found at run time"
