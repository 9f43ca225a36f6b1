"""A call of a flow on another pod."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Crossing, Node
from podpipec.graph.values import Captured, Datum
from podpipec.types.origin import FromStep, Origin
from podpipec.types.sizes import Bound
from podpipec.types.typed import Flow, FlowStep


def crossing(step: FlowStep, called: Flow, args: Mapping[str, Origin], frame: Frame, work: Expansion) -> Node:
    """The node of the call: what it gives comes to this pod's volume."""
    id_ = frame.prefix + step.id
    results = []
    for name, value in called.results.items():
        if value.content.scalar:
            shown_ = shown(id_, name, len(called.results))
            work.data.scalars[FromStep(id_, name)] = Captured(shown_, value.content, step.span)
            continue
        datum = Datum(
            FromStep(id_, name),
            shown(id_, name, len(called.results)),
            value.content,
            "volume",
            Bound(0),
            step.span,
            None if value.content.lists else 1,
        )
        work.data.add(datum, frame.scope)
        results.append(datum)
    spans = {name: value.span for name, value in step.args.items()}
    return Crossing(id_, called, args, spans, tuple(results), work.after(step.after, frame), step.span)
