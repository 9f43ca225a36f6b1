"""What the constructs of a flow are given: what all lines of the flow share, and the line that they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from podpipec.diagnostics import Diagnostic, error
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.flow_calls import CallTyper
from podpipec.types.flow_scope import NOTHING, Declared, Scope
from podpipec.types.flow_values import ValueTyper
from podpipec.types.typed import Claim, How, Misuse, Parameter, Place, Said, Step, Value

#: Bodies in bodies: what the runtime's plan allows, less what calls of flows may add.
_DEEPEST = 16


class Work(NamedTuple):
    """What all lines of a flow share while it is typed. `claims`, `misused`, `found` and `said` are added to."""

    declared: Declared
    parameters: tuple[Parameter, ...]
    values: ValueTyper
    calls: CallTyper
    claims: list[Claim]
    misused: list[Misuse]
    found: list[Diagnostic]
    body: Callable[[tuple[tree.Statement, ...], Scope, Work], list[Step]]
    said: list[Said]
    variables: frozenset[str]

    def say(self, code: str, message: str, at: Span, label: str = "", help: str | tuple[str, ...] = ()) -> None:
        """Add a diagnostic with one place."""
        self.found.append(error(code, message, at, label, help=help))

    def misuse(self, value: Value, how: How, at: Span) -> bool:
        """Whether a value is none that has bytes of its own, and so cannot be used in this way; then that is noted."""
        if not value.content.live:
            return False
        self.misused.append(Misuse(value, how, at))
        return True

    def inner(self, statements: tuple[tree.Statement, ...], scope: Scope) -> tuple[list[Step], Value | None]:
        """The steps of a body inside a construct, and what its last line gives, if it gives a value.

        `scope` must hold no result yet, which is the name that is empty.
        """
        steps = self.body(statements, scope, self)
        result = scope.names.get("")
        if result is not None and (result.fields is not None or result.content is NOTHING):
            result = self.values.single(result, statements[-1].span) if result.fields else None
        return steps, result

    def too_deep(self, word: str, at: Span, scope: Scope) -> bool:
        """Whether a body inside this one would be nested too deep, which is then told."""
        deep = scope.prefix.count("/") >= _DEEPEST
        if deep:
            self.say(
                "P006",
                f"`{word}` is nested deeper than {_DEEPEST}",
                at,
                "too deep",
                help="call a flow for what is inside",
            )
        return deep


class Line(NamedTuple):
    """A line of a body: what stands around its construct, and where its steps are put."""

    statement: tree.Statement
    scope: Scope
    steps: list[Step]
    last: bool  # of its body: what it gives is what the body gives
    name: str = ""  # of the step, where the line gives it one
    place: Place | None = None
    after: tuple[str, ...] = ()

    @property
    def at(self) -> Span:
        """The name in front, or the whole line."""
        return self.statement.name.span if isinstance(self.statement, tree.Let) else self.statement.span

    def step(self, word: str) -> str:
        """The id of the step that the line becomes: by the name in front, or by a word for it. Asked for once."""
        return self.name or self.scope.fresh(word)
