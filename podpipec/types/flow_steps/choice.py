"""`if c { … } else { … }`: one of two bodies, as a condition says."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.syntax.inside import reads
from podpipec.types.content import UNKNOWN, fits
from podpipec.types.flow_scope import NOTHING, Scope
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.origin import FromStep
from podpipec.types.truth import COMPARISONS, All, Any, Compare, Condition, Not, Side, Truth, comparable
from podpipec.types.typed import IfStep, Step, Value


def choice(written: tree.If, line: Line, work: Work) -> Value:
    """What the branch that is taken gives, if both give something of one content."""
    if line.place is not None:
        work.say(
            "T013", "an `if` has no place of its own", line.at, help="put the place behind the names in its bodies"
        )
    step = line.step("if")
    if work.too_deep("if", written.span, line.scope):
        return Value(None, UNKNOWN, written.span)
    condition = condition_of(written.condition, line.scope, work)
    then, first = _branch(written.then, f"{step}.then", line.scope, work)
    otherwise, second = _branch(_else(written), f"{step}.else", line.scope, work)
    if not then and not otherwise and (first is None or second is None):
        work.say("T016", "this `if` does nothing", written.span, "empty")
    result = _result(written, first, second, line, work)
    if condition is not None:
        results = None if result is None or first is None or second is None else (first, second)
        content = NOTHING if result is None else result.content
        line.steps.append(
            IfStep(step, condition, tuple(then), tuple(otherwise), results, content, line.after, written.span)
        )
    if result is None:
        return Value(None, NOTHING, written.span, step=step)
    return result._replace(origin=FromStep(step, "") if result.origin and condition else None, step=step)


def _else(written: tree.If) -> tuple[tree.Statement, ...]:
    match written.otherwise:
        case None:
            return ()
        case tree.If() as other:
            return (tree.Do(other.span, other, ()),)
        case body:
            return body


def _branch(body: tuple[tree.Statement, ...], prefix: str, scope: Scope, work: Work) -> tuple[list[Step], Value | None]:
    if not body:
        return [], None
    return work.inner(body, scope.inside(prefix, {}, {}))


def _result(written: tree.If, first: Value | None, second: Value | None, line: Line, work: Work) -> Value | None:
    """What both branches give. Only a name in front asks for it."""
    named = isinstance(line.statement, tree.Let)
    if first is None or second is None:
        if named and (first is None or written.otherwise is None or second is None):
            _nothing(written, first, line, work)
        return Value(None, UNKNOWN, written.span) if named else None
    if first.origin is None or second.origin is None:
        return Value(None, UNKNOWN, written.span)
    if first.content.transient or second.content.transient:
        return _transient(first, second, named, work)
    if fits(second.content, first.content):
        return Value(first.origin, first.content, written.span)
    if fits(first.content, second.content):
        return Value(second.origin, second.content, written.span)
    if not named:
        return None
    work.found.append(
        error(
            "T001",
            f"one branch gives {a(f'`{first.content}`')}, the other {a(f'`{second.content}`')}",
            second.span,
            f"this is {a(f'`{second.content}`')}",
            (first.span, f"this is {a(f'`{first.content}`')}"),
            help="let both give the same, or give each its own `if` and name",
        )
    )
    return Value(None, UNKNOWN, written.span)


def _transient(first: Value, second: Value, named: bool, work: Work) -> Value | None:
    """A helper or a stream does not come out of a branch."""
    for value in (first, second) if named else ():
        work.misuse(value, "branch", value.span)
    return Value(None, UNKNOWN, first.span) if named else None


def _nothing(written: tree.If, first: Value | None, line: Line, work: Work) -> None:
    where = "when the condition does not hold" if first is not None else "when the condition holds"
    work.say(
        "T001",
        f"this gives no value {where}",
        line.at,
        "a value is needed here",
        help="add `else { … }` with what it is then"
        if written.otherwise is None
        else "end the branch with a line that gives a value",
    )


# --- conditions ---


def condition_of(written: tree.Expression, scope: Scope, work: Work) -> Condition | None:
    """A condition over constants and what stages gave; nothing, and a diagnostic, for what is none."""
    match written:
        case tree.Binary(operator="and" | "or" as word):
            parts = [condition_of(part, scope, work) for part in _parts(written, word)]
            known = tuple(part for part in parts if part is not None)
            if len(known) < len(parts):
                return None
            return All(known) if word == "and" else Any(known)
        case tree.Not(operand=operand):
            inner = condition_of(operand, scope, work)
            return None if inner is None else Not(inner)
        case tree.Binary(operator=word) if word in COMPARISONS:
            return _compare(written, scope, work)
    side = _side(written, scope, work)
    if side is not None and side.kind != "Bool":
        work.say("T001", f"a condition is a Bool, and this is {a(f'`{side.kind}`')}", written.span, "compare it")
        return None
    return None if side is None else Truth(side)


def _parts(written: tree.Expression, word: str) -> Iterator[tree.Expression]:
    """The parts of a chain of one word, which stands to the left."""
    chain = []
    while isinstance(written, tree.Binary) and written.operator == word:
        chain.append(written.right)
        written = written.left
    yield written
    yield from reversed(chain)


def _compare(written: tree.Binary, scope: Scope, work: Work) -> Condition | None:
    left, right = _side(written.left, scope, work), _side(written.right, scope, work)
    if left is None or right is None:
        return None
    if comparable(written.operator, left.kind, right.kind):
        return Compare(written.operator, left, right)
    kinds = f"{a(f'`{left.kind}`')} and {a(f'`{right.kind}`')}"
    work.say(
        "T001",
        f"`{written.operator}` does not compare {kinds}",
        written.span,
        "these do not compare",
        help="numbers compare with numbers of their kind; texts and truths by `==` and `!=`",
    )
    return None


def _side(written: tree.Expression, scope: Scope, work: Work) -> Side | None:
    inside = next((name for name in _names(written) if name.text in scope.names), None)
    if inside is not None and not isinstance(written, tree.Name | tree.Field | tree.String):
        work.say(
            "T001",
            f"`{inside.text}` is not known when the program is compiled, and cannot be computed with",
            inside.span,
            "only compared",
            help="let a stage compute, and compare what it gives",
        )
        return None
    value = work.values.value(written, scope)
    if value.origin is None:
        return None
    if value.content.lists or not value.content.scalar:
        work.say("T001", f"{a(f'`{value.content}`')} cannot stand in a condition", written.span, "no scalar")
        return None
    return Side(value.origin, value.content.name, written.span)


def _names(written: tree.Expression) -> Iterator[tree.Name]:
    waiting = [written]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tree.Name):
            yield one
        waiting += reads(one)
