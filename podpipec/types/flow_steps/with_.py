"""`with cache = redis(data) { … }`: a helper that runs as long as its body."""

from __future__ import annotations

from podpipec.names.scope import find
from podpipec.syntax import tree
from podpipec.types.calls import Asker, arguments
from podpipec.types.content import UNKNOWN, helper_type
from podpipec.types.declarations import Helper
from podpipec.types.flow_scope import NOTHING
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.order import uses
from podpipec.types.origin import FromHelper, FromStep
from podpipec.types.typed import Value, WithStep


def with_(written: tree.With, line: Line, work: Work) -> Value:
    """What the last line of the body gives."""
    if line.place is not None:
        help_ = "put the place behind the names in its body"
        work.say("T013", "a `with` has no place of its own", line.at, help=help_)
    step = line.scope.fresh(written.name.text)
    if work.too_deep("with", written.name.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    helper, args = _helper(written, line, work)
    content = UNKNOWN if helper is None else helper_type(helper.name)
    handle = Value(None if args is None else FromHelper(step), content, written.name.span)
    body, result = work.inner(written.body, line.scope.inside(step, {written.name.text: handle}, {}))
    _used(written, work)
    if helper is None or args is None:
        return Value(None, UNKNOWN, written.span, step=step)
    line.steps.append(WithStep(step, helper, args, tuple(body), result, line.after, written.span))
    if result is None:
        return Value(None, NOTHING, written.body[-1].span if written.body else written.span, step=step)
    if result.origin is None or work.misuse(result, "with", written.body[-1].span):
        return Value(None, UNKNOWN, written.span, step=step)
    return result._replace(origin=FromStep(step, ""), span=written.span, step=step)


def _helper(written: tree.With, line: Line, work: Work) -> tuple[Helper | None, dict[str, Value] | None]:
    """The helper that is started, and what it is given; nothing for what is wrong."""
    call = written.helper
    if not isinstance(call, tree.Call) or not isinstance(call.callee, tree.Name):
        help_ = f"write it like `with {written.name.text} = redis(…) {{ … }}`"
        work.say("T004", "a `with` starts a helper", call.span, "no call of a helper", help_)
        return None, None
    declared = find(work.declared.scopes, call.callee, tree.Helper, work.found)
    helper = work.declared.helpers.get(declared.name) if declared else None
    if helper is None:
        return None, None
    asker = Asker(lambda expression: work.values.value(expression, line.scope), lambda _: None, work.found)
    given = arguments(f"the helper `{helper.name.text}`", call, helper.inputs, helper.name.span, asker)
    return helper, None if given is None else given.values


def _used(written: tree.With, work: Work) -> None:
    """A helper that nobody speaks to is started for nothing."""
    name = written.name.text
    if not written.body:
        work.say("T016", "this `with` does nothing", written.span, "empty")
    elif not any(one.text == name for statement in written.body for one in uses(statement)):
        work.say(
            "T016",
            f"nothing here speaks to `{name}`",
            written.name.span,
            "a helper for nobody",
            f"give it to a stage that asks for it, as in `load(x, {name})`, or take the `with` away",
        )
