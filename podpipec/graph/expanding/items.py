"""What a loop is at: an element of a list, or what a node of a tree or graph holds."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion
from podpipec.graph.values import Datum
from podpipec.types.content import UNKNOWN
from podpipec.types.origin import FromItem, Origin
from podpipec.types.sizes import Bound
from podpipec.types.typed import CycleStep, EachStep, OrderedStep, WalkStep


def list_item(step: EachStep | CycleStep, over: Origin, count: int | None, frame: Frame, work: Expansion) -> None:
    """An element of a list that has so many; nothing where only the data knows."""
    source, item = work.data.known.get(over), FromItem(frame.prefix + step.id)
    if source is None:
        return
    bound = source.bound if count is not None else _part(over, frame, work)
    work.data.goes_over(over, item)
    datum = Datum(item, step.id, source.content.element, source.place, bound, source.span)
    work.data.add(datum, (*frame.scope, count is None))


def held_item(step: WalkStep | OrderedStep, kind: str, over: Origin, frame: Frame, work: Expansion) -> None:
    """What a node of a `Tree`, or `Graph`, holds; only the data knows how many there are."""
    source, held = work.data.known.get(over), step.over.content.held_in(kind) or UNKNOWN
    if source is None or held.scalar:
        return
    item = FromItem(frame.prefix + step.id)
    datum = Datum(item, step.id, held, source.place, _part(over, frame, work), source.span)
    work.data.add(datum, (*frame.scope, True))


def _part(over: Origin, frame: Frame, work: Expansion) -> Bound | None:
    """The bound of one of the parts that a value falls into: all of them together are no larger than that."""
    whole = work.data.bound_in(over, frame)
    return whole and whole._replace(share=whole.share or not any(frame.scope))
