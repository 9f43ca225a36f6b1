"""`each`: one node, whatever the number of elements."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Captured, Datum, Each, Node
from podpipec.types.typed import EachStep, FromConstant, FromItem, FromStep


def each(step: EachStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a fan out, with that of its body."""
    over = work.data.origin(step.over, frame)
    if over is None:
        return work.left_out()
    id_ = frame.prefix + step.id
    source, scalars = work.data.known.get(over), work.data.scalars.get(over)
    listed = source or scalars
    count = len(over.value) if isinstance(over, FromConstant) else listed.length if listed else 1
    scope = (*frame.scope, count is None)
    item = FromItem(id_)
    if source is not None:
        outer = work.data.bound_in(over, frame)
        bound = (
            source.bound if count is not None else outer and outer._replace(share=outer.share or not any(frame.scope))
        )
        work.data.goes_over(over, item)
        work.data.add(Datum(item, step.id, source.content.element, source.place, bound, source.span), scope)
    inner = frame._replace(scope=scope)
    body = work.body(step.body, inner)
    result = work.data.origin(step.result, inner) if step.result is not None else None
    output = None
    made = work.data.known.get(result) if result is not None else None
    if made is not None:
        output = Datum(
            FromStep(id_, ""),
            shown(id_, "", 1),
            made.content._replace(lists=1),
            made.place,
            made.bound,
            step.span,
            count,
        )
        work.data.add(output, frame.scope)
    scalar = work.data.scalars.get(result) if result is not None else None
    if scalar is not None:
        list_ = scalar.content._replace(lists=1)
        work.data.scalars[FromStep(id_, "")] = Captured(shown(id_, "", 1), list_, step.span, count)
    most = work.width(frame.pod)
    width = min(count or most, most)
    after = work.after(step.after, frame)
    return [Each(id_, over, body, result or FromConstant(""), output, count, max(1, width), after, step.span)]
