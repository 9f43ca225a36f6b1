"""Computing what is known when the program is compiled: constants, parameters, settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from podpipec.diagnostics import Diagnostic, DidYouMean, Fix, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.builtin import FUNCTIONS, SCALARS
from podpipec.names.scope import KINDS, Scopes
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types import scalars
from podpipec.types.scalars import MEANT, UNITS, Scalar, arithmetic, is_number, number, written
from podpipec.types.truth import compared

#: Expressions nest no deeper than the parser allows; this bounds the text that constants can grow to.
_LONGEST_TEXT = 100_000

#: Steps of a computation inside each other, constants that hang on constants included.
_DEPTH = 150

Parameters = Mapping[str, str]


class Constants:
    """The constants and parameters of a program, each computed when it is first asked for.

    The memory of what is computed is the only state; asking again, or in another order, gives the same.
    """

    def __init__(self, scopes: Scopes, given: Parameters, found: list[Diagnostic]) -> None:
        self._scopes = scopes
        self._given = given
        self._found = found
        self._known: dict[tuple[str, str], Scalar | None] = {}
        self._open: list[tree.Name] = []
        self._depth = 0

    def value(self, expression: tree.Expression) -> Scalar | None:
        """The scalar that an expression stands for; a diagnostic, and nothing, if it has none."""
        if self._depth > _DEPTH:
            return self._no(
                expression.span,
                "this is computed in too many steps",
                help="name the parts with `const`",
                code="P006",
            )
        self._depth += 1
        try:
            return self._value(expression)
        finally:
            self._depth -= 1

    def _value(self, expression: tree.Expression) -> Scalar | None:
        match expression:
            case tree.Number():
                return self._number(expression)
            case tree.String():
                return self._string(expression)
            case tree.Name():
                return self._name(expression)
            case tree.Negative():
                return self._negative(expression)
            case tree.Binary(operator="+" | "-" | "*" | "/"):
                return self._binary(expression)
            case tree.Binary(operator="and" | "or") | tree.Not():
                return self._truth(expression)
            case tree.Binary():
                return self._comparison(expression)
            case tree.Index() | tree.Range():
                return self._no(expression.span, "a slice cannot stand here")
            case tree.Call():
                return self._call(expression)
            case tree.ListOf():
                return self._no(expression.span, "a list cannot stand here")
            case tree.Field():
                return self._no(expression.span, "a field is not known when the program is compiled")

    def knows(self, name: tree.Name) -> bool:
        """Whether a name is one that only a constant's computation can explain, if need be with a diagnostic."""
        return name.text in ("true", "false") or name.text in self._scopes[name.span.path]

    def declared(self, declaration: tree.Const | tree.Param) -> Scalar | None:
        """The value of a constant or parameter."""
        key = (declaration.span.path, declaration.name.text)
        if key in self._known:
            return self._known[key]
        if any(name == declaration.name for name in self._open):
            return self._circle(declaration)
        self._open.append(declaration.name)
        result = self._const(declaration) if isinstance(declaration, tree.Const) else self._param(declaration)
        self._open.pop()
        self._known[key] = result
        return result

    def _circle(self, declaration: tree.Const | tree.Param) -> Scalar | None:
        names = [name.text for name in self._open]
        way = [*names[names.index(declaration.name.text) :], declaration.name.text]
        return self._no(
            declaration.name.span,
            "a constant depends on itself",
            note=" → ".join(f"`{name}`" for name in way),
            code="T005",
        )

    def _const(self, declaration: tree.Const) -> Scalar | None:
        result = self.value(declaration.value)
        if result is None or declaration.type is None:
            return result
        return self._of_kind(result, declaration.type, declaration.value.span)

    def _param(self, declaration: tree.Param) -> Scalar | None:
        kind = declaration.type.name.text
        if kind not in SCALARS or not _plain(declaration.type):
            return self._no(
                declaration.type.span,
                f"a parameter cannot be {a(f'`{_shown(declaration.type)}`')}",
                help="a parameter is one of " + ", ".join(SCALARS),
            )
        given = self._given.get(declaration.name.text)
        if given is not None:
            result = scalars.parse(given, kind)
            if result is None:
                return self._no(
                    declaration.name.span,
                    f"`--param {declaration.name.text}={given}` is not {a(kind)}",
                    help=f"write it like `--param {declaration.name.text}={_sample(kind)}`",
                )
            return result
        if declaration.default is None:
            return self._no(
                declaration.name.span,
                f"the parameter `{declaration.name.text}` has no value",
                help=f"give it one: `--param {declaration.name.text}=…`",
                code="T010",
            )
        default = self.value(declaration.default)
        return default and self._of_kind(default, declaration.type, declaration.default.span)

    def _of_kind(self, result: Scalar, wanted: tree.TypeName, at: Span) -> Scalar | None:
        kind = wanted.name.text
        if kind == result.kind and _plain(wanted):
            return result
        if kind == "Float" and result.kind == "Int" and _plain(wanted):
            return Scalar("Float", result.value)
        self._found.append(
            error(
                "T003",
                f"{written(result)} is {a(result.kind)}, not {a(_shown(wanted))}",
                at,
                f"{a(_shown(wanted))} is needed here",
                (wanted.span, f"declared as {_shown(wanted)} here"),
            )
        )
        return None

    def _number(self, node: tree.Number) -> Scalar | None:
        try:
            result = number(node.digits, node.unit)
        except OverflowError:
            return self._no(node.span, "this number has too many digits", code="V003")
        if result is None:
            at = Span(node.span.path, node.span.end - len(node.unit), node.span.end)
            help_ = _meant(node.unit) or (
                "sizes end in B, KiB, MiB, GiB, TiB, KB, MB, GB, TB; durations in ms, s, m, h, d, w",
            )
            self._found.append(error("V001", f"unknown unit `{node.unit}`", at, "no such unit", help=help_))
        return result

    def _string(self, node: tree.String) -> Scalar | None:
        text = ""
        for part in node.parts:
            if isinstance(part, str):
                text += part
                continue
            value = self.hole(part)
            if value is None:
                return None
            text += value
            if len(text) > _LONGEST_TEXT:
                return self._no(node.span, "this text grows without bounds")
        return Scalar("String", text)

    def hole(self, hole: tree.Hole) -> str | None:
        """The text for a hole that only constants fill."""
        if hole.format:
            help_ = "leave out what stands behind the `:`"
            self._no(hole.span, "only `window` takes a format", help=help_, fix=without_format(hole))
            return None
        if isinstance(hole.value, tree.Name) and not hole.value.text:
            self._no(hole.span, "a lone brace in a string", help="double it: `{{` or `}}`", code="V002")
            return None
        value = self.value(hole.value)
        return None if value is None else scalars.text(value)

    def _name(self, node: tree.Name) -> Scalar | None:
        if node.text in ("true", "false"):
            return Scalar("Bool", node.text == "true")
        declared = self._scopes[node.span.path].get(node.text)
        if isinstance(declared, tree.Const | tree.Param):
            return self.declared(declared)
        if declared is not None:
            return self._no(
                node.span,
                f"`{node.text}` is a {KINDS[type(declared)]}, not a constant",
                help="a constant or parameter is needed here",
                code="N003",
            )
        names = [
            name for name, what in self._scopes[node.span.path].items() if isinstance(what, tree.Const | tree.Param)
        ]
        return self._no(
            node.span,
            f"unknown name `{node.text}`",
            help=did_you_mean(node.text, (*names, "true", "false")),
            code="N001",
        )

    def _negative(self, node: tree.Negative) -> Scalar | None:
        value = self.value(node.operand)
        if value is None or not is_number(value.value):
            return value and self._no(node.span, f"{a(value.kind)} has no negative")
        return Scalar(value.kind, -value.value)

    def _binary(self, node: tree.Binary) -> Scalar | None:
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None:
            return None
        try:
            result = arithmetic(node.operator, left, right)
        except ZeroDivisionError:
            return self._no(node.span, "division by zero")
        except OverflowError:
            return self._no(node.span, "this comes to a number with too many digits", code="V003")
        if result is None:
            return self._no(node.span, f"`{node.operator}` does not go between {a(left.kind)} and {a(right.kind)}")
        return result

    def _comparison(self, node: tree.Binary) -> Scalar | None:
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None:
            return None
        result = compared(node.operator, left, right)
        kinds = f"{a(left.kind)} and {a(right.kind)}"
        return result or self._no(node.span, f"`{node.operator}` does not compare {kinds}")

    def _truth(self, node: tree.Binary | tree.Not) -> Scalar | None:
        parts = [node.operand] if isinstance(node, tree.Not) else [node.left, node.right]
        truths = []
        for part in parts:
            found = self.value(part)
            if found is not None and not isinstance(found.value, bool):
                found = self._no(part.span, f"a Bool is needed here, and this is {a(found.kind)}")
            truths.append(found)
        values = [bool(found.value) for found in truths if found is not None]
        if len(values) < len(parts):
            return None
        if isinstance(node, tree.Not):
            return Scalar("Bool", not values[0])
        return Scalar("Bool", all(values) if node.operator == "and" else any(values))

    def _call(self, node: tree.Call) -> Scalar | None:
        choose = function_of(node, self._found)
        values = [self.value(argument.value) for argument in node.arguments]
        known = [value for value in values if value is not None]
        if choose is None or len(known) != len(values):
            return None
        if len({value.kind for value in known}) != 1 or not all(is_number(value.value) for value in known):
            return self._no(node.span, "these do not compare", help="give numbers of one kind")
        return choose(known, key=lambda value: value.value)

    def _no(
        self,
        at: Span,
        message: str,
        *,
        help: str | tuple[str, ...] = (),
        note: str | tuple[str, ...] = (),
        code: str = "T003",
        fix: Fix | None = None,
    ) -> Scalar | None:
        """Say what is wrong; there is no value."""
        self._found.append(error(code, message, at, "", help=help, note=note, fix=fix))
        return None


def _meant(unit: str) -> tuple[DidYouMean, ...]:
    """The unit that was meant. A lone letter may be of thousands or of 1024s, and `M` of minutes too."""
    meant = MEANT.get(unit)
    return (DidYouMean(unit, meant, len(unit) > 1),) if meant else did_you_mean(unit, UNITS)


def without_format(hole: tree.Hole) -> Fix:
    """The edit that leaves out a hole's format, whatever it was to do."""
    return Fix(Span(hole.span.path, hole.value.span.end, hole.span.end - 1), "", "suggestion")


def _plain(written: tree.TypeName) -> bool:
    """Whether a type is a name alone."""
    return not (written.lists or written.arguments)


def _shown(written: tree.TypeName) -> str:
    held = f"<{', '.join(map(_shown, written.arguments))}>" if written.arguments else ""
    return written.name.text + held + "[]" * written.lists


def _sample(kind: str) -> str:
    return {"Int": "3", "Float": "0.5", "Size": "8GiB", "Duration": "10m", "Bool": "true"}.get(kind, "text")


def function_of(node: tree.Call, found: list[Diagnostic]) -> Callable[..., Scalar] | None:
    """`max` or `min`; anything else is a diagnostic."""
    name = node.callee.text if isinstance(node.callee, tree.Name) else ""
    if name not in FUNCTIONS or not node.arguments:
        found.append(
            error(
                "T004",
                f"`{name or '…'}` cannot be called here",
                node.callee.span,
                "only `max(…)` and `min(…)` can",
                help=did_you_mean(name, FUNCTIONS),
            )
        )
        return None
    return max if name == "max" else min
