"""`cycle x in L depth 3 { carry y from z = … }`: elements in order, each given what the one before handed on."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content, fits
from podpipec.types.flow_scope import Passing, Scope
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.flow_steps.counted import counted
from podpipec.types.flow_steps.each import lists_of
from podpipec.types.order import bound
from podpipec.types.origin import FromCarry, FromConstant, FromItem, FromShards, FromStep, FromWindows
from podpipec.types.typed import Carry, CycleStep, Value

_WORDS = ("carry",)


def cycle(written: tree.Cycle, line: Line, work: Work) -> Value:
    """What the last element hands on: the one value, or each under its name."""
    step = line.step("cycle")
    if work.too_deep("cycle", written.item.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    over = work.values.over(written.over, line.scope)
    if over.origin is not None and not over.content.lists and over.content is not UNKNOWN:
        message = f"a `cycle` goes over a list, and this is one `{over.content}`"
        work.say("T001", message, written.over.span, "not a list", help=lists_of(written.over, over))
    depth = None if written.depth is None else counted(written.depth, "depth", 1, line.scope, work)
    starts = _starts(written, line.scope, work)
    passing, scope = _found(written, over, starts, line.scope, work, step)
    body, _ = work.inner(written.body, scope)
    if not starts:
        _carries_nothing(written, work)
    for name, start in starts.items():
        _check(name, start, passing.given.get(name), passing, work)
    given = {name: passing.given[name] for name in starts if name in passing.given}
    if over.origin is None or not given or (written.depth is not None and depth is None):
        return Value(None, UNKNOWN, written.span, step=step)
    carries = tuple(Carry(name, starts[name], value) for name, value in given.items())
    line.steps.append(CycleStep(step, over, depth, tuple(body), carries, line.after, written.span))
    contents = {name: passing.before[name].content for name in given}
    values = {name: Value(FromStep(step, name), one, written.span, step=step) for name, one in contents.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return Value(None, UNKNOWN, written.span, fields=values, step=step)


def _starts(written: tree.Cycle, outer: Scope, work: Work) -> dict[str, Value]:
    """What each name begins as: values from outside of the body."""
    return {
        name: work.values.value(one.start, outer)
        for name, one in bound(written.body).items()
        if isinstance(one, tree.Flowing) and one.start is not None and one.word.text in _WORDS
    }


def _found(
    written: tree.Cycle, over: Value, starts: Mapping[str, Value], outer: Scope, work: Work, step: str
) -> tuple[Passing, Scope]:
    """The scope of the body, with the contents of what is handed on: they are found by a trial of it."""
    contents = {name: start.content for name, start in starts.items()}
    passing, scope = _scope(written, over, contents, outer, step)
    if work.trial or not starts:
        return passing, scope
    work.tried(written.body, scope)
    for name, given in passing.given.items():
        began = contents.get(name, UNKNOWN)
        if fits(began, given.content) and not fits(given.content, began):  # each is good as the wider of the two
            contents[name] = given.content
    return _scope(written, over, contents, outer, step)


def _scope(
    written: tree.Cycle, over: Value, contents: Mapping[str, Content], outer: Scope, step: str
) -> tuple[Passing, Scope]:
    item, name = written.item, written.item.text
    slices = isinstance(over.origin, FromShards | FromWindows)
    element = over.content.element if over.content.lists else UNKNOWN
    value = Value(FromItem(step), element, item.span, over.snapshot if slices else None)
    shown = {name: step} if slices or isinstance(over.origin, FromConstant) else {}
    timed = (name,) if isinstance(over.origin, FromWindows) else ()
    before = {name: Value(FromCarry(step, name), content, item.span) for name, content in contents.items()}
    passing = Passing(_WORDS, before, {})
    return passing, outer.inside(step, {name: value}, shown, timed, passing=passing)


def _carries_nothing(written: tree.Cycle, work: Work) -> None:
    work.say(
        "T016",
        "this `cycle` carries nothing from element to element",
        written.item.span,
        "an `each` does the same, and does not wait",
        help="write `each`, or hand something on: `carry sum from zero = add(sum, x)`",
    )


def _check(name: str, start: Value, given: Value | None, passing: Passing, work: Work) -> None:
    """What is handed on is one file, folder or scalar, and of one content from the first element to the last."""
    if [one for one in (start, given) if one is not None and work.misuse(one, "carried", one.span)]:
        return
    for value in (start, given):
        if value is not None and value.content.lists:
            message = f"{a(f'`{value.content}`')} cannot be carried"
            work.say("T001", message, value.span, "a list", help="let a stage make one value of it")
            return
    before = passing.before.get(name)
    if given is None or before is None:
        return
    if given.origin == before.origin:
        help_ = f"give the stage that reads `{name}` what it begins as"
        work.say("T016", f"`{name}` is what it begins as in every element", given.span, "nothing changes", help=help_)
    elif not fits(given.content, before.content):
        work.found.append(
            error(
                "T001",
                f"`{name}` begins as {a(f'`{start.content}`')} and goes on as {a(f'`{given.content}`')}",
                given.span,
                f"this is {a(f'`{given.content}`')}",
                (start.span, f"this is {a(f'`{start.content}`')}"),
                help="what is carried is of one content",
            )
        )
