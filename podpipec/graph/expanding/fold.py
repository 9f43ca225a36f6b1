"""`fold`: one node, whatever the number of groups and levels."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.groups import folded
from podpipec.graph.nodes import Each, Node
from podpipec.graph.values import Datum
from podpipec.types.origin import FromItem, FromStep, Origin
from podpipec.types.sizes import Bound
from podpipec.types.typed import Count, EachStep
from podpipec.types.units import size_text


def fold(step: EachStep, by: Count, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a fan in, with that of its body."""
    over = work.data.origin(step.over, frame)
    size = work.number(by, step.span, frame)
    source = work.data.known.get(over) if over is not None else None
    if over is None or size is None or source is None:
        return work.left_out()
    if source.length is None:
        _unbounded(step, source, frame, work)
        return work.left_out()
    id_, inner = frame.prefix + step.id, frame._replace(scope=(*frame.scope, False))
    body, result, bound = _body(step, size, source, inner, work)
    made = work.data.known.get(result) if result is not None else None
    if result is None or made is None:
        return work.left_out()
    alone = source.length < 2 or not work.data.is_exact(over)
    output = _output(step, id_, source, made, bound if alone else made.bound, work)
    work.data.add(output, frame.scope)
    groups = folded(source.length, size)
    width = max(1, min(groups, work.width(frame.pod)))
    after = work.after(step.after, frame)
    return [Each(id_, over, body, result, output, groups, width, after, step.span, by=size)]


def _body(
    step: EachStep, size: int, source: Datum, frame: Frame, work: Expansion
) -> tuple[tuple[Node, ...], Origin | None, Bound | None]:
    """The body, seen with groups of elements as large as what groups come to; and how large both can be."""
    assert step.result is not None  # it is typed
    bound = source.bound
    for last in (False, True):
        mark = work.mark()
        item = FromItem(frame.prefix + step.id)
        length = min(size, source.length or size)
        work.data.add(source._replace(origin=item, name=step.id, bound=bound, length=length), frame.scope)
        body = work.body(step.body, frame)
        result = work.data.origin(step.result, frame)
        made = work.data.known.get(result) if result is not None else None
        if made is None or made.bound is None or bound is None:
            return body, result, None
        if made.bound.bytes <= bound.bytes:
            share = made.bound.share and bound.share
            return body, result, bound._replace(share=share)
        if last:
            _grows(step, made, bound, made.bound, work)
            return body, result, None
        bound = made.bound
        work.back(mark)
    raise AssertionError("the second time is the last")


def _output(step: EachStep, id_: str, source: Datum, made: Datum, bound: Bound | None, work: Expansion) -> Datum:
    """The value: what the last group comes to, or the one element of the list."""
    if made.place != source.place:
        work.wrong.append(
            error(
                "L4",
                f"a group of `{id_}` holds elements from `{source.place}`, and what groups come to from `{made.place}`",
                step.span,
                "one value, one place",
                (source.span, f"lies on `{source.place}` from here"),
                (made.span, f"lies on `{made.place}` from here"),
                help=f"write both to one place, as in `x in {source.place} = …`",
            )
        )
    return made._replace(origin=FromStep(id_, ""), name=shown(id_, "", 1), bound=bound, span=step.span)


def _unbounded(step: EachStep, source: Datum, frame: Frame, work: Expansion) -> None:
    work.wrong.append(
        error(
            "R2",
            f"how much is alive in this `fold`? How many elements `{source.name}` has is known only at run time",
            step.span,
            "in so many levels",
            (source.span, "written here"),
            *work.site(frame, "in this call"),
            help="let a stage take the whole list, or fold shards, windows, or what was made of each of them",
        )
    )


def _grows(step: EachStep, made: Datum, first: Bound, then: Bound, work: Expansion) -> None:
    work.wrong.append(
        error(
            "R2",
            f"`{made.name}` can grow with every level: {size_text(first.bytes)}, {size_text(then.bytes)}, and so on",
            made.span,
            "bounded by its inputs alone",
            (step.span, "what it gives is grouped again here"),
            help="give the stage's output a bound of its own, such as `size sum 1GiB`",
        )
    )
