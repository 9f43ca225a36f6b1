"""`fold group in L by 4 { … }`: neighbours become one, what they become is grouped again, until one value is left."""

from __future__ import annotations

from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content, fits
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.flow_steps.counted import counted
from podpipec.types.flow_steps.each import lists_of
from podpipec.types.origin import FromItem, FromStep
from podpipec.types.typed import EachStep, Value


def fold(written: tree.Fold, line: Line, work: Work) -> Value:
    """The one value that a list comes to; it is what the list holds."""
    step = line.step("fold")
    if work.too_deep("fold", written.item.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    over = work.values.over(written.over, line.scope)
    by = counted(written.by, "by", 2, line.scope, work)
    element = _element(written, over, work)
    item = Value(FromItem(step), UNKNOWN if element is UNKNOWN else over.content, written.item.span)
    body, result = work.inner(written.body, line.scope.inside(step, {written.item.text: item}, {}))
    given = _given(written, result, element, work)
    broken = over.origin is None or by is None or result is None or not given
    if broken or element is UNKNOWN:
        return Value(None, UNKNOWN, written.span, step=step)
    line.steps.append(EachStep(step, over, tuple(body), result, line.after, written.span, by=by))
    return Value(FromStep(step, ""), element, written.span, step=step)


def _element(written: tree.Fold, over: Value, work: Work) -> Content:
    """What the list holds; unknown if that cannot be folded, which is then told."""
    content = over.content
    if over.origin is None or content is UNKNOWN:
        return UNKNOWN
    if content.lists == 1 and not content.scalar:
        return content.element
    label = "not a list" if not content.lists else f"a list of `{content.element}`"
    what = f"one `{content}`" if not content.lists else f"`{content}`"
    message = f"a `fold` goes over a list of files or folders, and this is {what}"
    work.say("T001", message, written.over.span, label, help=lists_of(written.over, over))
    return UNKNOWN


def _given(written: tree.Fold, result: Value | None, element: Content, work: Work) -> bool:
    """Whether the body gives what the list holds; if not, that is told."""
    if result is None:
        at = written.body[-1].span if written.body else written.span
        message = "the last line of a `fold` gives what a group comes to, and this gives nothing"
        work.say("T001", message, at, "no value", help="call a stage for the group: `add(group)`")
        return False
    if result.origin is None or element is UNKNOWN:
        return False
    if not fits(result.content, element):
        work.say(
            "T001",
            f"groups of `{element}` come to `{result.content}`",
            written.body[-1].span,
            f"a `{element}` is needed here",
            help="what a group comes to is grouped again with its like, so it is what the list holds",
        )
        return False
    return True
