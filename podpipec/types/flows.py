"""Typing of `flow`: what each name stands for, whether every call is given what it asks for."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.scope import find
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN
from podpipec.types.flow_calls import CallTyper
from podpipec.types.flow_parameters import given, parameter
from podpipec.types.flow_scope import NOTHING, Declared, Scope
from podpipec.types.flow_values import ValueTyper
from podpipec.types.order import bound, in_order
from podpipec.types.stages import place_of
from podpipec.types.typed import (
    FAULTS,
    Claim,
    EachStep,
    Fault,
    Flow,
    FromConstant,
    FromInput,
    FromItem,
    FromShards,
    FromStep,
    KeepStep,
    MoveStep,
    Step,
    Template,
    Value,
)

#: `each` inside `each`: what the runtime's plan allows, less what calls of flows may add.
_DEEPEST = 16


class FlowTyper:
    """Types one flow. Holds what all its statements share."""

    def __init__(self, flow: tree.Flow, declared: Declared, broken: bool, found: list[Diagnostic]) -> None:
        self._flow = flow
        self._declared = declared
        self._found = found
        self._claims: list[Claim] = []
        self._variables = frozenset(name.text for name in flow.variables)
        self._parameters = tuple(parameter(written, self._variables, declared, found) for written in flow.inputs)
        self._values = ValueTyper(flow, self._parameters, declared, broken, found)
        self._calls = CallTyper(self._parameters, self._values, declared, found)

    def typed(self) -> Flow:
        """The flow with its names resolved."""
        flow = self._flow
        pod = None
        if flow.pod is not None:
            named = find(self._declared.scopes, flow.pod, tree.Pod, self._found)
            pod = self._declared.pods.get(named.name) if named else None
        names: dict[str, Value] = {}
        for one in self._parameters:
            if one.callable is None:
                names.setdefault(one.name, given(one))
        scope = Scope(names, {}, "", {}, frozenset(_written(flow.body)))
        steps = self._body(flow.body, scope)
        results = {name.text: names[name.text]._replace(span=name.span) for name in flow.results if name.text in names}
        for name, value in results.items():
            self._check_result(name, value)
        return Flow(
            flow, self._variables, self._parameters, tuple(steps), results, pod, self._survives(), tuple(self._claims)
        )

    def _survives(self) -> Fault | None:
        written = self._flow.survives
        if written is None:
            return None
        for fault in FAULTS:
            if fault == written.text:
                return fault
        self._found.append(
            error(
                "N001",
                f"unknown fault `{written.text}`",
                written.span,
                "no such fault",
                help=did_you_mean(written.text, FAULTS) or "a flow survives a `container`, a `pod` or a `node`",
            )
        )
        return None

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
        name = scope.fresh(let.name.text)
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
                return self._calls.call(let.value, name, place, after, scope, steps)
        value = self._values.value(let.value, scope)
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
                value = self._each(do.value, scope.fresh("each"), after, scope, steps)
            case tree.Call():
                callee = do.value.callee.text if isinstance(do.value.callee, tree.Name) else "call"
                value = self._calls.call(do.value, scope.fresh(callee), None, after, scope, steps)
            case _:
                value = self._values.value(do.value, scope)
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
        value = self._values.value(keep.value, scope)
        path: Template = ()
        if keep.path is not None:
            path = self._values.template(keep.path, scope)
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
        steps.append(KeepStep(scope.fresh(f"keep-{name}-{place}"), value, place, path, keep.span))

    def _after(self, references: tuple[tree.Expression, ...], scope: Scope) -> tuple[str, ...]:
        found = []
        for reference in references:
            value = self._values.reference(reference, scope)
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
        over = self._values.over(each.over, scope)
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
        inner = Scope(names, items, name + "/", {}, scope.elsewhere)
        body = self._body(each.body, inner)
        result = names.get("")
        if not each.body:
            self._say("T016", "this `each` does nothing", each.span, "empty")
        if result is not None and (result.fields is not None or result.content is NOTHING):
            result = self._values.single(result, each.body[-1].span) if result.fields else None
        if over.origin is not None:
            steps.append(EachStep(name, over, tuple(body), result, after, each.span))
        if result is None or result.origin is None:
            last = each.body[-1].span if each.body else each.span
            return Value(None, NOTHING if result is None else UNKNOWN, last, step=name)
        if result.content.lists or result.content.scalar:
            self._say(
                "T001",
                f"an `each` cannot give a list of `{result.content}`",
                each.body[-1].span,
                "each element's result",
                help="an element's result is one file or folder",
            )
        return Value(FromStep(name, ""), result.content._replace(lists=1), each.span, step=name)

    def _move(self, move: tree.Move, name: str, after: tuple[str, ...], scope: Scope, steps: list[Step]) -> Value:
        value = self._values.value(move.value, scope)
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
            self._say("T001", f"{a(f'`{value.content}`')} cannot be moved", move.value.span, "not one file or folder")
            place = None
        if place is None or value.origin is None:
            return Value(None, UNKNOWN, move.span, step=name)
        steps.append(MoveStep(name, value, place, after, move.span))
        return Value(FromStep(name, ""), value.content, move.span, step=name)

    # --- small things ---

    def _check_result(self, name: str, value: Value) -> None:
        if value.fields is not None:
            self._values.single(value, value.span)
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
