"""`each x in L { … }`: the same body for every element of a list, or for every group, as in `each g in L by 3`."""

from __future__ import annotations

from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content
from podpipec.types.flow_scope import NOTHING, Scope
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.flow_steps.counted import counted
from podpipec.types.origin import FromConstant, FromItem, FromShards, FromStep, FromWindows
from podpipec.types.typed import EachStep, Groups, Value


def each(written: tree.Each, line: Line, work: Work) -> Value:
    """The list of what the elements give; nothing if the body's last line gives nothing."""
    step = line.step("each")
    if work.too_deep("each", written.item.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    over = work.values.over(written.over, line.scope)
    element = over.content.element if over.content.lists else UNKNOWN
    groups = _groups(written, over, line.scope, work)
    if written.by is not None and over.content.lists:
        element = over.content
    if work.misuse(over, "each", written.over.span):
        over = over._replace(origin=None, content=UNKNOWN)
    elif over.origin is not None and not over.content.lists and over.content is not UNKNOWN:
        work.say(
            "T001",
            f"`each` goes over a list, and this is one `{over.content}`",
            written.over.span,
            "not a list",
            help=lists_of(written.over, over),
        )
    body, result = work.inner(written.body, _inside(written, over, step, element, line.scope))
    if not written.body:
        work.say("T016", "this `each` does nothing", written.span, "empty")
    if over.origin is not None:
        line.steps.append(EachStep(step, over, tuple(body), result, line.after, written.span, groups))
    if result is None or result.origin is None:
        last = written.body[-1].span if written.body else written.span
        return Value(None, NOTHING if result is None else UNKNOWN, last, step=step)
    if work.misuse(result, "element", written.body[-1].span):
        return Value(None, UNKNOWN, written.span, step=step)
    given = isinstance(result.origin, FromStep)
    if result.content.lists or (result.content.scalar and not given):
        work.say(
            "T001",
            f"an `each` cannot give a list of `{result.content}`",
            written.body[-1].span,
            "each element's result",
            help="an element's result is one file or folder, or a scalar that a stage gives",
        )
    return Value(FromStep(step, ""), result.content._replace(lists=1), written.span, step=step)


def lists_of(written: tree.Expression, over: Value) -> str | tuple[()]:
    """What to write where a slice stands for a list."""
    if not isinstance(written, tree.Name) or over.snapshot is None:
        return ()
    return f"lists of slices are `{written.text}.shards` and `{written.text}.windows`"


def _groups(written: tree.Each, over: Value, scope: Scope, work: Work) -> Groups | None:
    """How the elements are grouped; nothing if one by one, or if that is broken."""
    if written.by is None:
        return None
    size = counted(written.by, "by", 1, scope, work)
    step = None if written.step is None else counted(written.step, "step", 1, scope, work)
    if over.content.scalar:
        work.say(
            "T001",
            "groups are of files and folders",
            written.over.span,
            f"this is a list of `{over.content.element}`",
            help="go over the scalars one by one",
        )
    if size is None or (written.step is not None and step is None):
        return None
    return Groups(size, step, (written.step or written.by).span)


def _inside(written: tree.Each, over: Value, step: str, element: Content, scope: Scope) -> Scope:
    """What the body sees: the element, which a text may show if it has a name of its own."""
    alone = written.by is None
    slices = alone and isinstance(over.origin, FromShards | FromWindows)
    item = Value(FromItem(step), element, written.item.span, over.snapshot if slices else None)
    shown = {written.item.text: step} if alone and (slices or isinstance(over.origin, FromConstant)) else {}
    timed = (written.item.text,) if alone and isinstance(over.origin, FromWindows) else ()
    return scope.inside(step, {written.item.text: item}, shown, timed)
