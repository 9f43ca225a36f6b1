"""What an expression in a flow stands for."""

from __future__ import annotations

from collections.abc import Callable

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.scope import KINDS
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.forms import form_of
from podpipec.syntax.inside import CHILDREN, NEEDS
from podpipec.types.content import UNKNOWN, builtin
from podpipec.types.flow_scope import NOTHING, Declared, Scope
from podpipec.types.origin import FromConstant, FromText, Given, Item, Template
from podpipec.types.scalars import text
from podpipec.types.slices import Slices
from podpipec.types.templates import template
from podpipec.types.typed import Parameter, Value

#: Names that the language gives to the body of a block alone.
_ONLY_IN = {
    CHILDREN: ("`children.x` is for the body of a `walk` that sends an `x` up: `up x = …`",),
    NEEDS: ("`needs` is for the body of a `run … in depends_on(…)` that gives a value",),
}


class ValueTyper:
    """Types the expressions of one flow."""

    def __init__(
        self,
        flow: tree.Flow,
        parameters: tuple[Parameter, ...],
        declared: Declared,
        broken: bool,
        found: list[Diagnostic],
    ) -> None:
        self._flow = flow
        self._parameters = parameters
        self._declared = declared
        self._broken = broken  # statements are missing because of their syntax: a name may be theirs
        self._found = found
        self._slices = Slices(parameters, declared.constants, found)

    def value(self, expression: tree.Expression, scope: Scope) -> Value:
        """What an expression stands for as one value."""
        return self.one(self.reference(expression, scope), expression.span)

    def one(self, value: Value, at: Span) -> Value:
        """What is used as one value somewhere; that it is none, or several, is told."""
        if value.content is NOTHING:
            self._found.append(
                error(
                    "T001",
                    "this gives no value",
                    at,
                    "used as a value here",
                    (value.span, "nothing comes out of this"),
                )
            )
            return value._replace(origin=None, content=UNKNOWN)
        return self.single(value, at) if value.fields is not None else value._replace(span=at)

    def over(self, over: tree.Expression, scope: Scope) -> Value:
        """What an `each` goes over: a list of constants, or a value that is a list."""
        if isinstance(over, tree.ListOf):
            kinds: dict[str, Span] = {}
            texts: list[str] = []
            for item in over.items:
                scalar = self._declared.constants.value(item)
                if scalar is not None:
                    kinds.setdefault(scalar.kind, item.span)
                    texts.append(text(scalar))
            if len(kinds) > 1:
                self._say("T003", "a list holds values of one kind", over.span, " and ".join(kinds))
            if len(set(texts)) < len(texts):
                self._say(
                    "N002",
                    "an element is there twice",
                    over.span,
                    "both would write the same",
                    help="name each element once",
                )
            kind = next(iter(kinds), "String")
            return Value(FromConstant(tuple(texts)) if texts else None, builtin(kind)._replace(lists=1), over.span)
        return self.value(over, scope)

    def single(self, value: Value, at: Span) -> Value:
        """Say that a call with several outputs, or none, is no value."""
        fields = value.fields or {}
        name = ", ".join(f"`.{field}`" for field in fields)
        self._found.append(
            error(
                "T007",
                "this has several outputs" if fields else "this has no outputs",
                at,
                "which one?" if fields else "used as a value here",
                (value.span, "they come from here" if fields else "from this call"),
                help=f"say which: {name}" if fields else (),
            )
        )
        return Value(None, UNKNOWN, at)

    def reference(self, expression: tree.Expression, scope: Scope) -> Value:
        """What an expression stands for, be it one value, several, or none."""
        match expression:
            case tree.Name():
                return self._name(expression, scope)
            case tree.Field():
                return self._field(expression, scope)
            case tree.Index():
                return self._slices.at(self.reference(expression.base, scope), expression)
            case tree.Range():
                return self._slices.between(self.reference(expression.base, scope), expression)
            case tree.String():
                return self._text(expression, scope)
            case tree.Call() if not (
                isinstance(expression.callee, tree.Name) and expression.callee.text in ("max", "min")
            ):
                self._say(
                    "T008",
                    "a call inside a call has no name",
                    expression.span,
                    "not here",
                    help="give it a name on a line of its own: `x = …`",
                )
                return Value(None, UNKNOWN, expression.span)
            case tree.ListOf():
                self._say(
                    "T001",
                    "a list of constants is for `each … in […]`",
                    expression.span,
                    "not here",
                    help="collect values with `each`",
                )
                return Value(None, UNKNOWN, expression.span)
        scalar = self._declared.constants.value(expression)
        if scalar is None:
            return Value(None, UNKNOWN, expression.span)
        return Value(FromConstant(text(scalar)), builtin(scalar.kind), expression.span)

    def _name(self, name: tree.Name, scope: Scope) -> Value:
        value = scope.names.get(name.text)
        if value is not None:
            return value
        if any(one.name == name.text and one.callable is not None for one in self._parameters):
            self._say("T001", f"`{name.text}` is a stage, not a value", name.span, "call it here, or give it to a flow")
            return Value(None, UNKNOWN, name.span)
        declared = self._declared.scopes[name.span.path].get(name.text)
        if isinstance(declared, tree.Const | tree.Param) or name.text in ("true", "false"):
            scalar = self._declared.constants.value(name)
            return Value(scalar and FromConstant(text(scalar)), builtin(scalar.kind) if scalar else UNKNOWN, name.span)
        if name.text in scope.elsewhere or self._broken:
            return Value(None, UNKNOWN, name.span)
        help_: tuple[str, ...] = _ONLY_IN.get(name.text, ()) or did_you_mean(name.text, scope.names)
        help_ = help_ or tuple(filter(None, (form_of(name.text.upper()),)))  # a word of the language in a wrong place
        if declared is not None:
            kind = KINDS[type(declared)]
            help_ = (
                f"`{name.text}` is a {kind}"
                + (
                    f": ask for it, `flow {self._flow.name.text}(x: {name.text})`"
                    if kind == "snapshot"
                    else f", call it: `{name.text}(…)`"
                    if kind in ("stage", "flow")
                    else f": a stage is given it by its line `{'calls' if kind == 'service' else 'secret'} {name.text}`"
                    if kind in ("service", "secret")
                    else ""
                ),
            )
        self._found.append(error("N001", f"unknown name `{name.text}`", name.span, "nothing writes it", help=help_))
        return Value(None, UNKNOWN, name.span)

    def _field(self, field: tree.Field, scope: Scope) -> Value:
        base = self.reference(field.base, scope)
        name = field.name.text
        if base.origin is None and base.fields is None:
            return base._replace(span=field.span)
        if base.fields is not None:
            if name in base.fields:
                return base.fields[name]._replace(span=field.span)
            options: tuple[str, ...] = tuple(base.fields)
        else:
            options = self._slices.fields(base)
            if name == "shards" and options:
                return self._slices.shards(base, field)
            if name == "windows" and options:
                return self._slices.windows(base, field)
        self._found.append(
            error(
                "N001",
                f"there is no `.{name}` here",
                field.name.span,
                "no such output",
                help=did_you_mean(name, options)
                or (
                    f"there is {', '.join(f'`.{option}`' for option in options)}"
                    if options
                    else "this is one value: write its name alone"
                ),
            )
        )
        return Value(None, UNKNOWN, field.span)

    def _text(self, string: tree.String, scope: Scope) -> Value:
        parts = self._parts(string, scope, lambda hole: self._given(hole, scope))
        if all(isinstance(part, str) for part in parts):
            return Value(
                FromConstant("".join(part for part in parts if isinstance(part, str))),
                builtin("String"),
                string.span,
            )
        return Value(FromText(parts), builtin("String"), string.span)

    def template(self, string: tree.String, scope: Scope) -> Template:
        """A path, with what is known only when the flow starts."""
        return self._parts(string, scope, lambda hole: self._not_in_a_path(hole, scope))

    def _parts(self, string: tree.String, scope: Scope, given: Callable[[tree.Hole], Given | None]) -> Template:
        snapshots = [parameter.snapshot for parameter in self._parameters if parameter.snapshot]
        windows = self._flow.every is not None or any(snapshot.clock for snapshot in snapshots)
        shards = any(snapshot.shards for snapshot in snapshots)
        holes = [hole for hole, there in (("window", windows), ("shard", shards)) if there]
        parts = template(string, self._declared.constants, holes, scope.items, self._found, given, scope.timed)
        return tuple(part._replace(name=scope.items[part.name]) if isinstance(part, Item) else part for part in parts)

    def _given(self, hole: tree.Hole, scope: Scope) -> Given | None:
        """The scalar that a hole of a text is for, where that is not a constant of the program."""
        base = hole.value
        while isinstance(base, tree.Field):
            base = base.base
        if hole.format or not isinstance(base, tree.Name) or base.text not in scope.names:
            return None
        value = self.value(hole.value, scope)
        if value.origin is not None and (not value.content.scalar or value.content.lists):
            self._say(
                "T001",
                f"{a(f'`{value.content}`')} cannot stand in a text",
                hole.span,
                "no scalar",
                help="give it to the stage as an argument of its own",
            )
        known = value.content.scalar and not value.content.lists and value.origin is not None
        return Given(value.origin) if known and value.origin is not None else Given(FromConstant(""))

    def _not_in_a_path(self, hole: tree.Hole, scope: Scope) -> Given | None:
        given = self._given(hole, scope)
        if given is not None and not isinstance(given.origin, FromConstant):
            self._say(
                "T011",
                "what a stage or a caller gives has no meaning in a path",
                hole.span,
                "not known before the flow runs",
                help="use `{window}`, `{shard}`, an element's name or a constant: a path is known before",
            )
        return given

    def _say(self, code: str, message: str, at: Span, label: str = "", help: str | tuple[str, ...] = ()) -> None:
        self._found.append(error(code, message, at, label, help=help))
