"""`run recipe(…)`: a flow that is not there yet, as one node."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Execute, Node
from podpipec.graph.values import Datum
from podpipec.types.origin import FromStep
from podpipec.types.sizes import LARGEST, Bound
from podpipec.types.typed import ExecuteStep


def execute(step: ExecuteStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of the run. What comes of it is bounded as what a stage writes is: by all that it is given together."""
    recipe = work.data.origin(step.recipe, frame)
    args = work.args(step.args, frame)
    id_ = frame.prefix + step.id
    place = work.there(step.place, f"`{id_}`", step.span, frame.pod) or frame.pod.scratch
    bounds = [] if args is None else [work.data.bound_in(one, frame) for one in args.values() if one in work.data.known]
    known = [bound for bound in bounds if bound is not None]
    bound = None
    if known and len(known) == len(bounds):
        bound = Bound(min(sum(one.bytes for one in known), LARGEST), all(one.share for one in known))
    output = Datum(FromStep(id_, ""), shown(id_, "", 1), step.content, place, bound, step.span)
    work.data.add(output, frame.scope)
    if recipe is None or args is None:
        return work.left_out()
    spans = {"": step.recipe.span} | {name: value.span for name, value in step.args.items()}
    return [Execute(id_, {"": recipe} | args, spans, output, work.after(step.after, frame), step.span)]
