"""`f(x)`: a call of a stage, a flow, or what the flow was given to call."""

from __future__ import annotations

from podpipec.syntax import tree
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.typed import Value


def call(written: tree.Call, line: Line, work: Work) -> Value:
    """Add the step of a call, and say what it gives."""
    step = line.step(written.callee.text if isinstance(written.callee, tree.Name) else "call")
    return work.calls.call(written, step, line.place, line.after, line.scope, line.steps)
