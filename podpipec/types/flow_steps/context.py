"""What the constructs of a flow are given: what all lines of the flow share, and the line that they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podpipec.diagnostics import Diagnostic, error
from podpipec.diagnostics.wording import a
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.declarations import Place
from podpipec.types.flow_calls import CallTyper
from podpipec.types.flow_scope import NOTHING, Declared, Scope
from podpipec.types.flow_values import ValueTyper
from podpipec.types.scalars import is_number
from podpipec.types.typed import Claim, How, Misuse, Parameter, Said, Step, Value
from podpipec_runtime.tuples import NamedTuple

#: Bodies in bodies: what the runtime's plan allows, less what calls of flows may add.
_DEEPEST = 16

#: More of anything at once, or in each other, was not meant.
_MOST = 1_000_000


class Work(NamedTuple):
    """What all lines of a flow share while it is typed. `claims`, `misused`, `found` and `said` are added to.

    A `trial` is made to find out what is handed on from element to element; what is said in it is not told.
    """

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
    trial: bool = False

    def say(self, code: str, message: str, at: Span, label: str = "", help: str | tuple[str, ...] = ()) -> None:
        """Add a diagnostic with one place."""
        self.found.append(error(code, message, at, label, help=help))

    def misuse(self, value: Value, how: How, at: Span) -> bool:
        """Whether a value is none that has bytes of its own, and so cannot be used in this way; then that is noted."""
        if not value.content.transient:
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

    def tried(self, statements: tuple[tree.Statement, ...], scope: Scope) -> None:
        """Type a body for what its lines hand on, which is then in the scope; nothing of it is told."""
        lists: tuple[list[Any], ...] = (self.found, self.claims, self.misused, self.said)
        lengths = [len(one) for one in lists]
        self._replace(trial=True).inner(statements, scope)
        for one, length in zip(lists, lengths, strict=True):
            del one[length:]

    def number(self, written: tree.Expression | None, word: str) -> int | None:
        """A whole number, 1 or more; nothing where it is not said, or is no such number, which is told."""
        scalar = None if written is None else self.declared.constants.value(written)
        if scalar is None or written is None:
            return None
        value = scalar.value
        if scalar.kind != "Int" or not is_number(value):
            self.say(
                "T003", f"`{word}` takes an Int, and this is {a(scalar.kind)}", written.span, "no number of things"
            )
            return None
        if not 1 <= value <= _MOST:
            self.say("V003", f"`{word}` is from 1 to {_MOST:_}, and this is {value}", written.span, "out of bounds")
            return None
        return int(value)

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
        line = self.statement
        return line.name.span if isinstance(line, tree.Let | tree.Flowing) else line.span

    def step(self, word: str) -> str:
        """The id of the step that the line becomes: by the name in front, or by a word for it. Asked for once."""
        return self.name or self.scope.fresh(word)
