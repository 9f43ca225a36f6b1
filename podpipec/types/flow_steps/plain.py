"""`y = x`, `x.field`, `2 * 3`: another name for a value, or what an element gives."""

from __future__ import annotations

from podpipec.syntax import tree
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.typed import Claim, Value


def plain(written: tree.Expression, line: Line, work: Work) -> Value:
    """What an expression stands for; it is no step."""
    value = work.values.value(written, line.scope)
    if isinstance(line.statement, tree.Let):
        _named(line.statement, value, line, work)
    elif not isinstance(line.statement, tree.Flowing) and not (line.last and line.scope.prefix):
        work.say(
            "T016",
            "this line does nothing",
            line.at,
            "a value that nobody is given",
            help="give it to a stage, or take the line away",
        )
    return value


def _named(let: tree.Let, value: Value, line: Line, work: Work) -> None:
    if line.place is not None and value.origin is not None and not value.content.scalar:
        work.claims.append(Claim(value, line.place, let.name.text, let.span))
    if line.after:
        work.say(
            "T013",
            "`after` orders calls, and this is only another name",
            let.after[0].span,
            help="take the `after` away",
        )
