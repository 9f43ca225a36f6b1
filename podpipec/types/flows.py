"""Typing of `flow`: what each name stands for, whether every call is given what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.names.scope import KINDS, Scopes, find
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.calls import arguments
from podpipec.types.content import UNKNOWN, Content, builtin, resolve
from podpipec.types.evaluate import Constants
from podpipec.types.order import bound, in_order
from podpipec.types.scalars import text
from podpipec.types.stages import place_of
from podpipec.types.templates import template
from podpipec.types.typed import (
    CallStep,
    Claim,
    EachStep,
    Flow,
    FlowStep,
    FromConstant,
    FromInput,
    FromItem,
    FromShards,
    FromStep,
    FromText,
    Item,
    KeepStep,
    MoveStep,
    Parameter,
    Place,
    Pod,
    Snapshot,
    Stage,
    Step,
    Template,
    Value,
)


class Declared(NamedTuple):
    """The typed declarations of a program, by where they are declared, for its flows to use."""

    scopes: Scopes
    constants: Constants
    snapshots: Mapping[tree.Name, Snapshot]
    pods: Mapping[tree.Name, Pod]
    stages: Mapping[tree.Name, Stage]
    flows: Mapping[tree.Name, Flow]  # those that are typed already: callees come first


class Scope(NamedTuple):
    """What a body sees: names with their values, the elements that a text may show, and where its steps are put."""

    names: dict[str, Value]
    items: Mapping[str, str]  # elements with a name to show, and the steps of their `each`
    prefix: str
    taken: dict[str, int]
    unresolved: frozenset[
        str
    ]  # names that are written somewhere else in the flow, and so are another rule's to explain


_NOTHING = Content("nothing")

#: `each` inside `each`: what the runtime's plan allows, less what calls of flows may add.
_DEEPEST = 16


class FlowTyper:
    """Types one flow. Holds what all its statements share."""

    def __init__(self, flow: tree.Flow, declared: Declared, broken: bool, found: list[Diagnostic]) -> None:
        self._flow = flow
        self._declared = declared
        self._broken = broken  # statements are missing because of their syntax: a name may be theirs
        self._found = found
        self._claims: list[Claim] = []
        self._parameters: tuple[Parameter, ...] = ()

    def typed(self) -> Flow:
        """The flow with its names resolved."""
        flow = self._flow
        self._parameters = tuple(self._parameter(parameter) for parameter in flow.inputs)
        pod = None
        if flow.pod is not None:
            named = find(self._declared.scopes, flow.pod, tree.Pod, self._found)
            pod = self._declared.pods.get(named.name) if named else None
        names: dict[str, Value] = {}
        for parameter in self._parameters:
            names.setdefault(parameter.name, self._given(parameter))
        scope = Scope(names, {}, "", {}, frozenset(_written(flow.body)))
        steps = self._body(flow.body, scope)
        results = {name.text: names[name.text]._replace(span=name.span) for name in flow.results if name.text in names}
        for name, value in results.items():
            self._check_result(name, value)
        return Flow(flow, self._parameters, tuple(steps), results, pod, tuple(self._claims))

    # --- parameters ---

    def _parameter(self, written: tree.Parameter) -> Parameter:
        place = place_of(written.place, self._found)
        named = self._declared.scopes[written.span.path].get(written.type.name.text)
        if isinstance(named, tree.Snapshot):
            snapshot = self._declared.snapshots.get(named.name)
            content = snapshot.content if snapshot else UNKNOWN
            if written.type.lists:
                self._say(
                    "T001",
                    f"a snapshot is no list; its shards are: `{written.name.text}.shards`",
                    written.type.span,
                    "take the `[]` away",
                )
            return Parameter(written.name.text, content, snapshot, place, written.span)
        if named is not None and not isinstance(named, tree.Type):
            kind = KINDS[type(named)]
            self._found.append(
                error(
                    "N003",
                    f"`{written.type.name.text}` is a {kind}, not a snapshot or content type",
                    written.type.span,
                    "a flow is given slices, values or scalars",
                    (named.name.span, "declared here"),
                )
            )
            return Parameter(written.name.text, UNKNOWN, None, place, written.span)
        content = self._content(written)
        return Parameter(written.name.text, content, None, place, written.span)

    def _content(self, written: tree.Parameter) -> Content:
        scope = self._declared.scopes[written.span.path]
        snapshots = [name for name, what in scope.items() if isinstance(what, tree.Snapshot)]
        before = len(self._found)
        content = resolve(written.type, self._declared.scopes, self._found)
        near = did_you_mean(written.type.name.text, snapshots)
        if len(self._found) > before and near and self._found[-1].code == "N001":
            self._found[-1] = self._found[-1]._replace(
                help=near, message=f"unknown snapshot or type `{written.type.name.text}`"
            )
        return content

    def _given(self, parameter: Parameter) -> Value:
        snapshot = parameter.snapshot.name.text if parameter.snapshot else None
        return Value(FromInput(parameter.name), parameter.content, parameter.span, snapshot)

    # --- bodies ---

    def _body(self, statements: tuple[tree.Statement, ...], scope: Scope) -> list[Step]:
        ordered, cycles = in_order(statements)
        self._found += cycles
        first = bound(statements)
        for name in first:
            if name not in scope.names and cycles:
                scope.names[name] = Value(None, UNKNOWN, first[name].span)
        steps: list[Step] = []
        for statement in ordered:
            match statement:
                case tree.Let():
                    value = self._let(statement, scope, steps)
                    if first[statement.name.text] is statement:
                        scope.names[statement.name.text] = value
                case tree.Keep():
                    self._keep(statement, scope, steps)
                case tree.Do():
                    self._do(statement, scope, steps, last=statement is statements[-1])
        return steps

    def _let(self, let: tree.Let, scope: Scope, steps: list[Step]) -> Value:
        place = place_of(let.place, self._found)
        after = self._after(let.after, scope)
        name = self._fresh(scope, let.name.text)
        match let.value:
            case tree.Each():
                if place is not None:
                    self._say(
                        "T013",
                        "an `each` has no place of its own",
                        let.name.span,
                        help="put the place behind the names in its body",
                    )
                return self._each(let.value, name, after, scope, steps)
            case tree.Move():
                if place is not None:
                    self._say(
                        "T013",
                        "`move` says the place already",
                        let.name.span,
                        help=f"take the `in {place}` away",
                    )
                return self._move(let.value, name, after, scope, steps)
            case tree.Call():
                return self._call(let.value, name, place, after, scope, steps)
        value = self._value(let.value, scope)
        if place is not None and value.origin is not None and not value.content.scalar:
            self._claims.append(Claim(value, place, let.name.text, let.span))
        if after:
            self._say(
                "T013",
                "`after` orders calls, and this is only another name",
                let.after[0].span,
                help="take the `after` away",
            )
        return value

    def _do(self, do: tree.Do, scope: Scope, steps: list[Step], last: bool) -> None:
        after = self._after(do.after, scope)
        match do.value:
            case tree.Each():
                value = self._each(do.value, self._fresh(scope, "each"), after, scope, steps)
            case tree.Call():
                callee = do.value.callee.text if isinstance(do.value.callee, tree.Name) else "call"
                value = self._call(do.value, self._fresh(scope, callee), None, after, scope, steps)
            case _:
                value = self._value(do.value, scope)
                if not (last and scope.prefix):
                    self._say(
                        "T016",
                        "this line does nothing",
                        do.span,
                        "a value that nobody is given",
                        help="give it to a stage, or take the line away",
                    )
        if last:
            scope.names[""] = value

    def _keep(self, keep: tree.Keep, scope: Scope, steps: list[Step]) -> None:
        place = place_of(keep.place, self._found)
        value = self._value(keep.value, scope)
        path: Template = ()
        if keep.path is not None:
            path = self._template(keep.path, scope)
        if place is None or value.origin is None:
            return
        if (place == "remote") != bool(keep.path):
            self._found.append(
                error(
                    "T013",
                    "`remote` needs a path" if place == "remote" else f"a copy in `{place}` has no path",
                    keep.span,
                    "",
                    help='write it like `keep x in remote "s3://lake/x/{window}"`'
                    if place == "remote"
                    else "only `remote` takes a path",
                )
            )
            return
        if value.content.scalar:
            self._say("T001", "a scalar cannot be kept", keep.value.span, "no file")
            return
        name = keep.value.text if isinstance(keep.value, tree.Name) else "value"
        steps.append(KeepStep(self._fresh(scope, f"keep-{name}-{place}"), value, place, path, keep.span))

    def _after(self, references: tuple[tree.Expression, ...], scope: Scope) -> tuple[str, ...]:
        found = []
        for reference in references:
            value = self._reference(reference, scope)
            if value.step:
                found.append(value.step)
            elif value.origin is not None:
                self._say(
                    "T016",
                    "this is there before the flow begins",
                    reference.span,
                    "nothing to wait for",
                    help="name what a step gives",
                )
        return tuple(dict.fromkeys(found))

    # --- steps ---

    def _call(
        self,
        call: tree.Call,
        name: str,
        place: Place | None,
        after: tuple[str, ...],
        scope: Scope,
        steps: list[Step],
    ) -> Value:
        broken = Value(None, UNKNOWN, call.span)
        if not isinstance(call.callee, tree.Name):
            self._say("T004", "this cannot be called", call.callee.span, "neither a stage nor a flow")
            return broken
        declared = self._callee(call.callee)
        given = [(argument, self._value(argument.value, scope)) for argument in call.arguments]
        if isinstance(declared, tree.Stage):
            stage = self._declared.stages.get(declared.name)
            if stage is None:
                return broken
            args = arguments(
                f"the stage `{stage.name.text}`", call, given, stage.inputs, declared.name.span, self._found
            )
            if args is None:
                return broken
            steps.append(CallStep(name, stage, args, place, after, call.span))
            return _outcome(name, {port.name: port.content for port in stage.outputs}, call.span)
        if declared is None:
            return broken
        return self._call_flow(declared, call, given, name, place, after, steps)

    def _callee(self, name: tree.Name) -> tree.Stage | tree.Flow | None:
        scope = self._declared.scopes[name.span.path]
        declared = scope.get(name.text)
        if isinstance(declared, tree.Stage | tree.Flow):
            return declared
        if declared is not None:
            self._found.append(
                error(
                    "T004",
                    f"`{name.text}` is a {KINDS[type(declared)]} and cannot be called",
                    name.span,
                    "neither a stage nor a flow",
                    (declared.name.span, "declared here"),
                )
            )
            return None
        callable_ = [other for other, what in scope.items() if isinstance(what, tree.Stage | tree.Flow)]
        self._found.append(
            error(
                "N001",
                f"unknown stage or flow `{name.text}`",
                name.span,
                "declared nowhere",
                help=did_you_mean(name.text, callable_) or f"declare it: `stage {name.text}(…) {{ … }}`",
            )
        )
        return None

    def _call_flow(
        self,
        flow: tree.Flow,
        call: tree.Call,
        given: list[tuple[tree.Argument, Value]],
        name: str,
        place: Place | None,
        after: tuple[str, ...],
        steps: list[Step],
    ) -> Value:
        typed = self._declared.flows.get(flow.name)
        if typed is None:  # it calls itself, which is told elsewhere
            return Value(None, UNKNOWN, call.span)
        args = arguments(f"the flow `{flow.name.text}`", call, given, typed.parameters, flow.name.span, self._found)
        if args is None:
            return Value(None, UNKNOWN, call.span)
        if place is not None:
            self._say(
                "T013",
                "a flow says itself where its values lie",
                call.span,
                help=f"take the `in {place}` away",
            )
        steps.append(FlowStep(name, flow, args, None, after, call.span))
        contents = {name: value.content for name, value in typed.results.items()}
        return _outcome(name, {result.text: contents.get(result.text, UNKNOWN) for result in flow.results}, call.span)

    def _each(self, each: tree.Each, name: str, after: tuple[str, ...], scope: Scope, steps: list[Step]) -> Value:
        if scope.prefix.count("/") >= _DEEPEST:
            self._say(
                "P006",
                f"`each` is nested deeper than {_DEEPEST}",
                each.item.span,
                "too deep",
                help="call a flow for what is inside",
            )
            return Value(None, UNKNOWN, each.span)
        over = self._over(each.over, scope)
        element = over.content.element if over.content.lists else UNKNOWN
        if over.origin is not None and not over.content.lists and over.content is not UNKNOWN:
            self._say(
                "T001",
                f"`each` goes over a list, and this is one `{over.content}`",
                each.over.span,
                "not a list",
                help=f"a snapshot's shards are a list: `{each.over.text}.shards`"
                if isinstance(each.over, tree.Name) and over.snapshot
                else (),
            )
        shown = isinstance(over.origin, FromShards | FromConstant)
        names = dict(scope.names)
        names.pop("", None)
        names[each.item.text] = Value(
            FromItem(name),
            element,
            each.item.span,
            over.snapshot if isinstance(over.origin, FromShards) else None,
        )
        items = {key: step for key, step in scope.items.items() if key != each.item.text} | (
            {each.item.text: name} if shown else {}
        )
        inner = Scope(names, items, name + "/", {}, scope.unresolved)
        body = self._body(each.body, inner)
        result = names.get("")
        if not each.body:
            self._say("T016", "this `each` does nothing", each.span, "empty")
        if result is not None and (result.fields is not None or result.content is _NOTHING):
            result = self._single(result, each.body[-1].span) if result.fields else None
        if over.origin is not None:
            steps.append(EachStep(name, over, tuple(body), result, after, each.span))
        if result is None or result.origin is None:
            last = each.body[-1].span if each.body else each.span
            return Value(None, _NOTHING if result is None else UNKNOWN, last, step=name)
        if result.content.lists or result.content.scalar:
            self._say(
                "T001",
                f"an `each` cannot give a list of `{result.content}`",
                each.body[-1].span,
                "each element's result",
                help="an element's result is one file or folder",
            )
        return Value(FromStep(name, ""), result.content._replace(lists=1), each.span, step=name)

    def _over(self, over: tree.Expression, scope: Scope) -> Value:
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
        return self._value(over, scope)

    def _move(self, move: tree.Move, name: str, after: tuple[str, ...], scope: Scope, steps: list[Step]) -> Value:
        value = self._value(move.value, scope)
        place = place_of(move.place, self._found)
        if place == "remote":
            self._say(
                "T013",
                "`move` goes to a place of the pod",
                move.place.span,
                help='write `keep … in remote "…"`',
            )
            place = None
        if value.content.scalar or (value.content.lists and value.origin is not None):
            self._say("T001", f"a `{value.content}` cannot be moved", move.value.span, "not one file or folder")
            place = None
        if place is None or value.origin is None:
            return Value(None, UNKNOWN, move.span, step=name)
        steps.append(MoveStep(name, value, place, after, move.span))
        return Value(FromStep(name, ""), value.content, move.span, step=name)

    # --- values ---

    def _value(self, expression: tree.Expression, scope: Scope) -> Value:
        """What an expression stands for as one value."""
        value = self._reference(expression, scope)
        if value.content is _NOTHING:
            self._found.append(
                error(
                    "T001",
                    "this gives no value",
                    expression.span,
                    "used as a value here",
                    (value.span, "nothing comes out of this"),
                )
            )
            return value._replace(origin=None, content=UNKNOWN)
        return (
            self._single(value, expression.span) if value.fields is not None else value._replace(span=expression.span)
        )

    def _single(self, value: Value, at: Span) -> Value:
        fields = value.fields or {}
        name = at.path and ", ".join(f"`.{field}`" for field in fields)
        self._found.append(
            error(
                "T007",
                "this has several outputs" if fields else "this has no outputs",
                at,
                "which one?" if fields else "used as a value here",
                (value.span, "from this call"),
                help=f"say which: {name}" if fields else (),
            )
        )
        return Value(None, UNKNOWN, at)

    def _reference(self, expression: tree.Expression, scope: Scope) -> Value:
        match expression:
            case tree.Name():
                return self._name(expression, scope)
            case tree.Field():
                return self._field(expression, scope)
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
        declared = self._declared.scopes[name.span.path].get(name.text)
        if isinstance(declared, tree.Const | tree.Param) or name.text in ("true", "false"):
            scalar = self._declared.constants.value(name)
            return Value(scalar and FromConstant(text(scalar)), builtin(scalar.kind) if scalar else UNKNOWN, name.span)
        if name.text in scope.unresolved or self._broken:
            return Value(None, UNKNOWN, name.span)
        help_ = did_you_mean(name.text, scope.names)
        if declared is not None:
            kind = KINDS[type(declared)]
            help_ = (
                f"`{name.text}` is a {kind}"
                + (
                    f": ask for it, `flow {self._flow.name.text}(x: {name.text})`"
                    if kind == "snapshot"
                    else f", call it: `{name.text}(…)`"
                    if kind in ("stage", "flow")
                    else ""
                ),
            )
        self._found.append(error("N001", f"unknown name `{name.text}`", name.span, "nothing writes it", help=help_))
        return Value(None, UNKNOWN, name.span)

    def _field(self, field: tree.Field, scope: Scope) -> Value:
        base = self._reference(field.base, scope)
        name = field.name.text
        if base.origin is None and base.fields is None:
            return base._replace(span=field.span)
        if base.fields is not None:
            if name in base.fields:
                return base.fields[name]._replace(span=field.span)
            options: tuple[str, ...] = tuple(base.fields)
        else:
            sharded = isinstance(base.origin, FromInput) and base.snapshot is not None
            options = ("shards",) if sharded else ()
            if name == "shards" and sharded:
                return self._shards(base, field)
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

    def _shards(self, base: Value, field: tree.Field) -> Value:
        assert isinstance(base.origin, FromInput)  # the caller has looked
        parameter = next(parameter for parameter in self._parameters if parameter.name == base.origin.name)
        snapshot = parameter.snapshot
        if snapshot is not None and not snapshot.shards:
            self._found.append(
                error(
                    "T014",
                    f"the snapshot `{snapshot.name.text}` has no shards",
                    field.span,
                    "one slice, not many",
                    (snapshot.name.span, "declared here"),
                    help="give it some: `shards 16`, and `{shard}` in its path",
                )
            )
            return Value(None, UNKNOWN, field.span)
        return Value(FromShards(base.origin.name), base.content._replace(lists=1), field.span, base.snapshot)

    def _text(self, string: tree.String, scope: Scope) -> Value:
        parts = self._template(string, scope)
        if all(isinstance(part, str) for part in parts):
            return Value(
                FromConstant("".join(part for part in parts if isinstance(part, str))),
                builtin("String"),
                string.span,
            )
        return Value(FromText(parts), builtin("String"), string.span)

    def _template(self, string: tree.String, scope: Scope) -> Template:
        snapshots = [parameter.snapshot for parameter in self._parameters if parameter.snapshot]
        holes = {"window" for snapshot in snapshots if snapshot.window} | {
            "shard" for snapshot in snapshots if snapshot.shards
        }
        parts = template(string, self._declared.constants, holes, scope.items, self._found)
        return tuple(Item(scope.items[part.name]) if isinstance(part, Item) else part for part in parts)

    # --- small things ---

    def _fresh(self, scope: Scope, name: str) -> str:
        """A step's name that nothing else in its body has."""
        count = scope.taken.get(name, 0) + 1
        scope.taken[name] = count
        return scope.prefix + (name if count == 1 else f"{name}-{count}")

    def _check_result(self, name: str, value: Value) -> None:
        if value.fields is not None:
            self._single(value, value.span)
        elif value.content.scalar or isinstance(value.origin, FromInput | FromShards):
            self._say(
                "T001",
                f"`{name}` cannot be a result",
                value.span,
                "not made by this flow",
                help="a result is what a stage wrote",
            )

    def _say(self, code: str, message: str, at: Span, label: str = "", help: str | tuple[str, ...] = ()) -> None:
        self._found.append(error(code, message, at, label, help=help))


def _outcome(step: str, outputs: Mapping[str, Content], at: Span) -> Value:
    """What a call gives: its one output, or its outputs as fields."""
    values = {name: Value(FromStep(step, name), content, at, step=step) for name, content in outputs.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return Value(None, UNKNOWN if values else _NOTHING, at, fields=values or None, step=step)


def _written(statements: tuple[tree.Statement, ...]) -> set[str]:
    """Every name that the flow writes anywhere, bodies of `each` included."""
    names: set[str] = set()
    waiting = list(statements)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, tree.Let):
            names.add(statement.name.text)
        if isinstance(statement, tree.Let | tree.Do) and isinstance(statement.value, tree.Each):
            waiting += statement.value.body
    return names
