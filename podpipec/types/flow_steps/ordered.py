"""`run x in depends_on(G) { … }`: the nodes of a graph that only the data knows, each after those it depends on."""

from __future__ import annotations

from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.syntax.inside import NEEDS
from podpipec.types.content import UNKNOWN, Content
from podpipec.types.flow_scope import NOTHING, Scope
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.flow_steps.found import held, not_brought
from podpipec.types.order import bound
from podpipec.types.origin import FromItem, FromNeeds, FromStep
from podpipec.types.typed import OrderedStep, Value


def ordered(written: tree.Ordered, line: Line, work: Work) -> Value:
    """The list of what the nodes give; nothing if the body's last line gives nothing."""
    if line.place is not None:
        work.say("T013", "a `run … in` has no place of its own", line.at, help="put it behind the names in its body")
    step = line.step("run")
    if work.too_deep("run … in", written.item.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    over = work.values.value(written.over, line.scope)
    item = Value(FromItem(step), held(over, "Graph", "run … in", written.over, work), written.item.span)
    scope = _inside(written, item, _needed(written, item, line.scope, work, step), line.scope, step)
    body, result = work.inner(written.body, scope)
    not_brought(bound(written.body), NEEDS, work)
    if not written.body:
        work.say("T016", "this `run … in` does nothing", written.span, "empty")
    if over.origin is not None:
        width = work.number(written.width, "width")
        line.steps.append(OrderedStep(step, over, width, tuple(body), result, line.after, written.span))
    if result is None or result.origin is None:
        last = written.body[-1].span if written.body else written.span
        return Value(None, NOTHING if result is None else UNKNOWN, last, step=step)
    at = written.body[-1].span
    if not work.misuse(result, "element", at) and (result.content.lists or result.content.scalar):
        message = f"a node cannot give {a(f'`{result.content}`')}"
        work.say("T001", message, at, "no one file or folder", help="collect it, or let a stage write it")
    return Value(FromStep(step, ""), result.content._replace(lists=1), written.span, step=step)


def _needed(written: tree.Ordered, item: Value, outer: Scope, work: Work, step: str) -> Content | None:
    """What the nodes give, found by a trial of the body; nothing if they give nothing."""
    scope = _inside(written, item, UNKNOWN, outer, step)
    if work.trial or not written.body:
        return UNKNOWN
    work.tried(written.body, scope)
    result = scope.names.get("")
    if result is None or result.content is NOTHING:
        return None
    return UNKNOWN if result.fields is not None or result.content.lists else result.content


def _inside(written: tree.Ordered, item: Value, given: Content | None, outer: Scope, step: str) -> Scope:
    added = {written.item.text: item}
    if given is not None:
        listed = given if given.name == UNKNOWN.name else given._replace(lists=1)
        added[NEEDS] = Value(FromNeeds(step), listed, written.item.span)
    return outer.inside(step, added, {})
