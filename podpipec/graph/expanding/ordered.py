"""`run … in depends_on(…)`: one node, whatever the graph is.

What came of a node is there for all that depend on it, so it is counted once and stays until all is done. That holds
if it is bounded by the node alone: what is made from what came before would grow from node to node.
"""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.items import held_item
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Node, Ordered
from podpipec.graph.values import Datum
from podpipec.types.origin import FromConstant, FromNeeds, FromStep, Origin
from podpipec.types.sizes import Bound
from podpipec.types.typed import OrderedStep


def ordered(step: OrderedStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a graph's steps, with those of its body."""
    over = work.data.origin(step.over, frame)
    if over is None:
        return work.left_out()
    id_ = frame.prefix + step.id
    inner = frame._replace(scope=(*frame.scope, True))
    held_item(step, "Graph", over, frame, work)
    since = work.noted
    needed = _needed(step, id_, inner, work, since)
    body = _body(step, id_, needed and Bound(needed.bytes), inner, work, since)
    result = work.data.origin(step.result, inner) if step.result is not None else None
    made = work.data.known.get(result) if result is not None else None
    output = None
    if made is not None:
        list_ = made.content._replace(lists=1)
        output = Datum(FromStep(id_, ""), shown(id_, "", 1), list_, made.place, needed or made.bound, step.span, None)
        work.data.add(output, frame.scope)
        work.data.add(work.data.known[FromNeeds(id_)]._replace(place=made.place), inner.scope)
    _lie_where_made(FromNeeds(id_), result, since[0], work)
    width = step.width or work.width(frame.pod)
    after = work.after(step.after, frame)
    return [Ordered(id_, over, body, result or FromConstant(""), output, width, after, step.span)]


def _body(
    step: OrderedStep, id_: str, needed: Bound | None, inner: Frame, work: Expansion, since: tuple[int, int]
) -> tuple[Node, ...]:
    """The nodes of the body, if what came of the nodes before is no larger than this together.

    That holds for each node by itself, and not for all that their bodies make of it: many may need the same.
    """
    if step.result is not None:
        content = step.result.content._replace(lists=1)
        span = step.result.span
        datum = Datum(FromNeeds(id_), "needs", content, inner.pod.scratch, needed, span, None, whole=True)
        work.data.add(datum, inner.scope)
    return work.again(step.body, inner, since)


def _needed(step: OrderedStep, id_: str, inner: Frame, work: Expansion, since: tuple[int, int]) -> Bound | None:
    """The bound of what comes of all nodes together; nothing where that hangs on what came of those before."""

    def made(needed: Bound) -> Bound | None:
        _body(step, id_, needed, inner, work, since)
        result = work.data.origin(step.result, inner) if step.result is not None else None
        return work.data.bound_in(result, inner) if result is not None else None

    own = made(Bound(0))
    if own is None or not own.share:
        return None
    return own if made(Bound(own.bytes + 1)) == own else None


def _lie_where_made(needs: Origin, result: Origin | None, since: int, work: Expansion) -> None:
    """Who insists on a place for what came before insists on that where it is made."""
    claims = work.claims[since:]
    work.claims[since:] = [
        claim._replace(value=result) if claim.value == needs and result is not None else claim for claim in claims
    ]
