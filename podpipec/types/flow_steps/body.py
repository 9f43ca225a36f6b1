"""A body: its lines in the order of their needs, each typed by the module of its construct.

Constructs that few programs have are loaded with the first of their kind: a small check is over sooner.
"""

from __future__ import annotations

from typing import assert_never

from podpipec.syntax import tree
from podpipec.types.annotations import annotated
from podpipec.types.content import UNKNOWN
from podpipec.types.flow_scope import Scope
from podpipec.types.flow_steps.call import call
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.flow_steps.each import each
from podpipec.types.flow_steps.keep import keep
from podpipec.types.flow_steps.plain import plain
from podpipec.types.order import bound, in_order
from podpipec.types.stages import place_of
from podpipec.types.typed import Step, Value


def body(statements: tuple[tree.Statement, ...], scope: Scope, work: Work) -> list[Step]:
    """The steps of a body. Its names are added to the scope; what its last line gives has the empty name there."""
    ordered, cycles = in_order(statements)
    work.found.extend(cycles)
    first = bound(statements)
    for name in first:
        if name not in scope.names and cycles:
            scope.names[name] = Value(None, UNKNOWN, first[name].span)
    steps: list[Step] = []
    for statement in ordered:
        line = Line(statement, scope, steps, last=statement is statements[-1])
        match statement:
            case tree.Let():
                given = _let(statement, line, work)
                if first[statement.name.text] is statement:
                    scope.names[statement.name.text] = given
            case tree.Do():
                given = value(statement.value, line._replace(after=_after(statement.after, scope, work)), work)
                if line.last:
                    scope.names[""] = given
            case tree.Keep():
                keep(statement, line, work)
            case tree.Flowing():
                given = _flowing(statement, line, work)
                if first[statement.name.text] is statement:
                    scope.names[statement.name.text] = given
            case _:
                assert_never(statement)
    return steps


def value(written: tree.Work, line: Line, work: Work) -> Value:
    """What a construct gives: what stands behind a name, or alone on a line."""
    match written:
        case tree.Each():
            return each(written, line, work)
        case tree.Move():
            from podpipec.types.flow_steps.move import move

            return move(written, line, work)
        case tree.Pin():
            from podpipec.types.flow_steps.pin import pin

            return pin(written, line, work)
        case tree.Call():
            return call(written, line, work)
        case tree.If():
            from podpipec.types.flow_steps.choice import choice

            return choice(written, line, work)
        case tree.With():
            from podpipec.types.flow_steps.with_ import with_

            return with_(written, line, work)
        case tree.Walk():
            from podpipec.types.flow_steps.walk import walk

            return walk(written, line, work)
        case tree.Fold():
            from podpipec.types.flow_steps.fold import fold

            return fold(written, line, work)
        case tree.Cycle():
            from podpipec.types.flow_steps.cycle import cycle

            return cycle(written, line, work)
        case tree.Ordered():
            from podpipec.types.flow_steps.ordered import ordered

            return ordered(written, line, work)
        case tree.Fallback():
            from podpipec.types.flow_steps.fallback import fallback

            return fallback(written, line, work)
        case tree.Execute():
            from podpipec.types.flow_steps.execute import execute

            return execute(written, line, work)
        case tree.Name() | tree.Field() | tree.Index() | tree.Range() | tree.String() | tree.Number():
            return plain(written, line, work)
        case tree.ListOf() | tree.Negative() | tree.Not() | tree.Binary():
            return plain(written, line, work)


def _let(let: tree.Let, line: Line, work: Work) -> Value:
    place = place_of(let.place, work.found)
    after = _after(let.after, line.scope, work)
    name = line.scope.fresh(let.name.text)
    before = len(line.steps)
    given = value(let.value, line._replace(name=name, place=place, after=after), work)
    annotated(let, given, place, line.steps[before:], work)
    return given


def _flowing(flowing: tree.Flowing, line: Line, work: Work) -> Value:
    """What goes on under a name: on this line the name is what the element before had, on others what this one has."""
    name, passing = flowing.name.text, line.scope.passing
    if passing is None or flowing.word.text not in passing.words:
        block = "cycle" if flowing.word.text == "carry" else "walk"
        work.say("T016", f"`{flowing.word.text}` is for the body of a `{block}`", flowing.word.span, "not here")
        return Value(None, UNKNOWN, flowing.span)
    before = {name: passing.before[name]} if name in passing.before else {}
    scope = line.scope._replace(names=line.scope.names | before)
    given = value(flowing.value, line._replace(scope=scope, name=line.scope.fresh(name)), work)
    given = work.values.one(given, flowing.value.span)
    passing.given.setdefault(name, given)
    return given


def _after(references: tuple[tree.Expression, ...], scope: Scope, work: Work) -> tuple[str, ...]:
    found = []
    for reference in references:
        awaited = work.values.reference(reference, scope)
        if work.misuse(awaited, "after", reference.span):
            continue
        if awaited.step:
            found.append(awaited.step)
        elif awaited.origin is not None:
            work.say(
                "T016",
                "this is there before the flow begins",
                reference.span,
                "nothing to wait for",
                help="name what a step gives",
            )
    return tuple(dict.fromkeys(found))
