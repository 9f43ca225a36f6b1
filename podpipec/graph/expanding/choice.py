"""`if`: the nodes of both branches, and one where they come together; of a condition that is known, one branch."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import If, Node
from podpipec.graph.values import Captured, Datum
from podpipec.types.origin import FromStep, Origin
from podpipec.types.sizes import Bound
from podpipec.types.truth import Condition, followed
from podpipec.types.typed import IfStep, Step, Value


def choice(step: IfStep, frame: Frame, work: Expansion) -> list[Node]:
    """The nodes of a choice."""
    condition = followed(step.condition, lambda origin, span: work.data.found(origin, span, frame))
    if condition is None:
        frame.steps[step.id] = {}
        return work.left_out()
    if isinstance(condition, bool):
        return _known(step, condition, frame, work)
    return _both(step, condition, frame, work)


def _known(step: IfStep, holds: bool, frame: Frame, work: Expansion) -> list[Node]:
    """The branch that is taken, in place of the choice."""
    nodes = work.body(step.then if holds else step.otherwise, frame)
    waits = work.after(step.after, frame)
    if waits:
        nodes = tuple(node._replace(after=tuple(dict.fromkeys((*node.after, *waits)))) for node in nodes)
    result = None if step.results is None else work.data.origin(step.results[0 if holds else 1], frame)
    frame.steps[step.id] = {} if result is None else result
    work.given[frame.prefix + step.id] = {} if result is None else {"": result}
    frame.finished[step.id] = tuple(node.id for node in nodes)
    return list(nodes)


def _both(step: IfStep, condition: Condition, frame: Frame, work: Expansion) -> list[Node]:
    id_ = frame.prefix + step.id
    then, first = _branch(step.then, step.results and step.results[0], frame, work)
    otherwise, second = _branch(step.otherwise, step.results and step.results[1], frame, work)
    if step.results is not None and (first is None or second is None):
        frame.steps[step.id] = {}
        return [*then, *otherwise, *work.left_out()]
    results = None if first is None or second is None else (first, second)
    output = None if results is None else _output(step, id_, results, frame, work)
    ids, others = (tuple(node.id for node in nodes) for nodes in (then, otherwise))
    after = work.after(step.after, frame)
    ends = None if step.results is None else (step.results[0].span, step.results[1].span)
    return [*then, *otherwise, If(id_, condition, ids, others, results, output, after, step.span, ends)]


def _branch(
    steps: tuple[Step, ...], result: Value | None, frame: Frame, work: Expansion
) -> tuple[tuple[Node, ...], Origin | None]:
    nodes = work.body(steps, frame)
    return nodes, None if result is None else work.data.origin(result, frame)


def _output(step: IfStep, id_: str, results: tuple[Origin, Origin], frame: Frame, work: Expansion) -> Datum | None:
    """What is known of the value, whichever of the two it is."""
    origin, name = FromStep(id_, ""), shown(id_, "", 1)
    one, other = (work.data.known.get(result) for result in results)
    if step.content.scalar:
        lengths = {work.data.scalars[result].length for result in results if result in work.data.scalars}
        length = None if None in lengths else max((length for length in lengths if length is not None), default=1)
        work.data.scalars[origin] = Captured(name, step.content, step.span, length)
    if one is None or other is None:
        return None
    if one.place != other.place:
        work.wrong.append(
            error(
                "L4",
                f"`{name}` lies on `{one.place}` in one branch, and on `{other.place}` in the other",
                step.span,
                "one value, one place",
                (one.span, f"lies on `{one.place}` from here"),
                (other.span, f"lies on `{other.place}` from here"),
                help=f"write both to one place, as in `x in {one.place} = …`",
            )
        )
    bound, length, whole = _bound(one, other, results, frame, work)
    datum = Datum(origin, name, step.content, one.place, bound, step.span, length, whole)
    work.data.add(datum, frame.scope)
    return datum


def _bound(
    one: Datum, other: Datum, results: tuple[Origin, Origin], frame: Frame, work: Expansion
) -> tuple[Bound | None, int | None, bool]:
    """The larger bound; of lists that differ in length, or of unknown length, that of all elements together."""
    alike = one.length == other.length and one.length is not None and one.content.lists
    bounds = [one.bound, other.bound] if alike else [work.data.bound_in(result, frame) for result in results]
    known = [bound for bound in bounds if bound is not None]
    larger = None
    if len(known) == 2:
        larger = Bound(max(bound.bytes for bound in known), all(bound.share for bound in known))
    if alike or not one.content.lists:
        return larger, one.length, False
    return larger, None, True
