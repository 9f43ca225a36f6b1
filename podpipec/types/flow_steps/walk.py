"""`walk x in T depth_first { … }`: the nodes of a tree that is found as the walk goes, values going down and up."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.syntax.inside import CHILDREN
from podpipec.types.content import UNKNOWN, Content, fits
from podpipec.types.flow_scope import NOTHING, Passing, Scope
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.flow_steps.found import held, not_brought
from podpipec.types.order import bound
from podpipec.types.origin import FromChildren, FromItem, FromParent, FromStep
from podpipec.types.typed import ORDERS, Down, Up, Value, WalkStep

_WORDS = ("down", "up")


def walk(written: tree.Walk, line: Line, work: Work) -> Value:
    """What came up from the root: the one value, or each under its name; nothing if nothing goes up."""
    if line.place is not None:
        work.say("T013", "a `walk` has no place of its own", line.at, help="put the place behind the names in its body")
    step = line.step("walk")
    if work.too_deep("walk", written.item.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    over = work.values.value(written.over, line.scope)
    item = Value(FromItem(step), held(over, "Tree", "walk", written.over, work), written.item.span)
    names = bound(written.body)
    starts = {
        name: work.values.value(one.start, line.scope)
        for name, one in names.items()
        if isinstance(one, tree.Flowing) and one.start is not None and one.word.text == "down"
    }
    passing, scope = _found(written, item, starts, line.scope, work, step)
    body, result = work.inner(written.body, scope)
    not_brought(names, CHILDREN, work)
    if not written.body:
        work.say("T016", "this `walk` does nothing", written.span, "empty")
    elif result is not None and isinstance(written.body[-1].value, tree.Expression):
        last = written.body[-1].value
        if not isinstance(last, tree.Call):
            help_ = "send it up: `up x = …`"
            work.say("T016", "nobody is given this", last.span, "a `walk` gives what goes up", help=help_)
    for name, start in starts.items():
        _check_down(name, start, passing.given.get(name), passing, work)
    ups = {name: passing.given[name] for name in names if name in passing.given and name not in starts}
    for value in ups.values():
        _check_up(value, work)
    if over.origin is None:
        return Value(None, UNKNOWN, written.span)
    downs = tuple(Down(name, start, passing.given[name]) for name, start in starts.items() if name in passing.given)
    width, depth = work.number(written.width, "width"), work.number(written.depth, "depth")
    order = next(one for one in ORDERS if one == written.order.text)
    going = tuple(Up(name, value) for name, value in ups.items())
    line.steps.append(WalkStep(step, over, order, width, depth, tuple(body), downs, going, line.after, written.span))
    return _given(ups, step, written)


def _given(ups: Mapping[str, Value], step: str, written: tree.Walk) -> Value:
    values = {name: Value(FromStep(step, name), one.content, written.span, step=step) for name, one in ups.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return Value(None, UNKNOWN if values else NOTHING, written.span, fields=values or None, step=step)


def _found(
    written: tree.Walk, item: Value, starts: Mapping[str, Value], outer: Scope, work: Work, step: str
) -> tuple[Passing, Scope]:
    """The scope of the body, with the contents of what goes down and up: they are found by a trial of it."""
    names = tuple(one.name.text for one in written.body if isinstance(one, tree.Flowing) and one.word.text == "up")
    contents = {name: start.content for name, start in starts.items()}
    passing, scope = _scope(written, item, contents, names, outer, step)
    if work.trial or not (names or starts):
        return passing, scope
    work.tried(written.body, scope)
    for name, given in passing.given.items():
        began = contents.get(name)
        if began is None or fits(began, given.content):  # each is good where the wider of the two is asked for
            contents[name] = given.content if began is None or not fits(given.content, began) else began
    return _scope(written, item, contents, names, outer, step)


def _scope(
    written: tree.Walk, item: Value, contents: Mapping[str, Content], ups: tuple[str, ...], outer: Scope, step: str
) -> tuple[Passing, Scope]:
    before = {
        name: Value(FromParent(step, name), content, item.span) for name, content in contents.items() if name not in ups
    }
    fields = {name: _children(step, name, contents.get(name, UNKNOWN), written) for name in ups}
    children = {CHILDREN: Value(None, UNKNOWN, written.item.span, fields=fields)} if ups else {}
    passing = Passing(_WORDS, before, {})
    return passing, outer.inside(step, {written.item.text: item, **children}, {}, passing=passing)


def _children(step: str, name: str, content: Content, written: tree.Walk) -> Value:
    listed = content if content.name == UNKNOWN.name else content._replace(lists=1)
    return Value(FromChildren(step, name), listed, written.item.span)


def _check_down(name: str, start: Value, given: Value | None, passing: Passing, work: Work) -> None:
    """What goes down must be one file or folder, and of one content from the root to the leaves."""
    if [one for one in (start, given) if one is not None and work.misuse(one, "carried", one.span)]:
        return
    for value in (start, given):
        if value is not None and (value.content.lists or value.content.scalar):
            message = f"{a(f'`{value.content}`')} cannot go down"
            work.say("T001", message, value.span, "no one file or folder", help="collect it, or give it as it is")
            return
    before = passing.before.get(name)
    if given is not None and before is not None and not fits(given.content, before.content):
        work.found.append(
            error(
                "T001",
                f"`{name}` begins as {a(f'`{start.content}`')} and goes on as {a(f'`{given.content}`')}",
                given.span,
                f"this is {a(f'`{given.content}`')}",
                (start.span, f"this is {a(f'`{start.content}`')}"),
                help="what goes down is of one content",
            )
        )


def _check_up(given: Value, work: Work) -> None:
    """What goes up must be one file or folder."""
    if work.misuse(given, "carried", given.span):
        return
    if given.content.lists or given.content.scalar:
        message = f"{a(f'`{given.content}`')} cannot go up"
        work.say("T001", message, given.span, "no one file or folder", help="collect it, or let a stage write it")
