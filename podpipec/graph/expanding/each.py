"""`each`: one node, whatever the number of elements."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.items import list_item
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.groups import Grouping
from podpipec.graph.nodes import Each, Node
from podpipec.graph.values import Captured, Datum
from podpipec.types.origin import FromConstant, FromItem, FromStep
from podpipec.types.sizes import LARGEST, Bound
from podpipec.types.typed import EachStep


def each(step: EachStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a fan out, with that of its body."""
    if step.by is not None:
        from podpipec.graph.expanding.fold import fold

        return fold(step, step.by, frame, work)
    over = work.data.origin(step.over, frame)
    if over is None:
        return work.left_out()
    id_ = frame.prefix + step.id
    source, scalars = work.data.known.get(over), work.data.scalars.get(over)
    listed = source or scalars
    count = len(over.value) if isinstance(over, FromConstant) else listed.length if listed else 1
    groups = _grouping(step, frame, work)
    if step.groups is not None and groups is None:
        return work.left_out()
    if groups is not None and count is not None:
        _check_groups(step, groups, count, work)
        count = groups.count(count)
    scope = (*frame.scope, count is None)
    item = FromItem(id_)
    if source is not None and groups is not None:
        work.data.add(_group(item, step, groups, source, work.data.bound_in(over, frame)), scope)
    else:
        list_item(step, over, count, frame, work)
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
        if work.data.is_exact(over):
            work.data.exact.add(output.origin)
    scalar = work.data.scalars.get(result) if result is not None else None
    if scalar is not None:
        list_ = scalar.content._replace(lists=1)
        work.data.scalars[FromStep(id_, "")] = Captured(shown(id_, "", 1), list_, step.span, count)
    most = work.width(frame.pod)
    width = min(count or most, most)
    after = work.after(step.after, frame)
    return [Each(id_, over, body, result or FromConstant(""), output, count, max(1, width), after, step.span, groups)]


def _grouping(step: EachStep, frame: Frame, work: Expansion) -> Grouping | None:
    """How the elements are grouped; nothing if one by one, or if that is broken."""
    if step.groups is None:
        return None
    size = work.number(step.groups.size, step.groups.span, frame)
    hop = size if step.groups.step is None else work.number(step.groups.step, step.groups.span, frame)
    if size is None or hop is None:
        return None
    if hop > size:
        work.data.wrong.append(
            error(
                "V003",
                f"groups of {size} that begin {hop} apart leave elements out",
                step.groups.span,
                "out of bounds",
                *work.site(frame, "in this call"),
                help=f"write `step {size}` or less",
            )
        )
        return None
    return Grouping(size, hop)


def _group(item: FromItem, step: EachStep, groups: Grouping, source: Datum, outer: Bound | None) -> Datum:
    """A group of neighbours: it is a view of the list, and writes nothing itself.

    Where only the data knows how many elements there are, any group can have nearly all bytes of the list. All groups
    together have as many, each time that an element is in one.
    """
    times = -(-groups.size // groups.step)
    bound, length = source.bound, min(groups.size, source.length) if source.length is not None else None
    if length is None and outer is not None:
        bound = Bound(min(outer.bytes * times, LARGEST), share=True)
    return Datum(item, step.id, source.content, source.place, bound, source.span, length, whole=length is None)


def _check_groups(step: EachStep, groups: Grouping, count: int, work: Expansion) -> None:
    if not groups.count(count):
        work.data.wrong.append(
            error(
                "T016",
                f"this `each` does nothing: the list has {count} elements at most, and no group of {groups.size}",
                step.span,
                "only full groups, where they overlap",
                (step.over.span, "the list"),
                help="make the groups smaller",
            )
        )
