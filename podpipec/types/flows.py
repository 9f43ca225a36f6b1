"""Typing of `flow`: what each name stands for, whether every call is given what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.names.scope import find
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies
from podpipec.types.annotations import said
from podpipec.types.clocks import period
from podpipec.types.declarations import FAULTS, Fault
from podpipec.types.flow_calls import CallTyper
from podpipec.types.flow_parameters import given, parameter
from podpipec.types.flow_scope import Declared, Scope
from podpipec.types.flow_steps.body import body
from podpipec.types.flow_steps.context import Work
from podpipec.types.flow_values import ValueTyper
from podpipec.types.origin import FromConstant, FromText, Slice
from podpipec.types.typed import Flow, Parameter, Value


class FlowTyper:
    """Types one flow: its heading, its results, and between them its body."""

    def __init__(self, flow: tree.Flow, declared: Declared, broken: bool, found: list[Diagnostic]) -> None:
        self._flow = flow
        self._variables = frozenset(name.text for name in flow.variables)
        parameters = tuple(parameter(written, self._variables, declared, found) for written in flow.inputs)
        values = ValueTyper(flow, parameters, declared, broken, found)
        calls = CallTyper(parameters, values, declared, found)
        self._work = Work(declared, parameters, values, calls, [], [], found, body, [], self._variables)

    def typed(self) -> Flow:
        """The flow with its names resolved."""
        flow, declared = self._flow, self._work.declared
        pod = None
        if flow.pod is not None:
            named = find(declared.scopes, flow.pod, tree.Pod, self._work.found)
            pod = declared.pods.get(named.name) if named else None
        names: dict[str, Value] = {}
        for one in self._work.parameters:
            if one.callable is None:
                names.setdefault(one.name, given(one))
        for one, written in zip(self._work.parameters, flow.inputs, strict=True):
            self._said(one, written)
        scope = Scope(names, {}, "", {}, frozenset(_written(flow.body)))
        steps = body(flow.body, scope, self._work)
        results = {name.text: names[name.text]._replace(span=name.span) for name in flow.results if name.text in names}
        for name, value in results.items():
            self._check_result(name, value)
        return Flow(
            flow,
            self._variables,
            self._work.parameters,
            tuple(steps),
            results,
            pod,
            self._survives(),
            tuple(self._work.claims),
            tuple(self._work.said),
            period(flow.every, declared.scopes, declared.calendars, declared.constants, self._work.found),
            tuple(self._work.misused),
        )

    def _said(self, one: Parameter, written: tree.Parameter) -> None:
        """What the heading says of what the flow is given."""
        work = self._work
        if one.callable is not None and written.traits is not None:
            work.say("T016", "this is said of values", written.traits.span, "a stage is none", "take it away")
        elif one.callable is None:
            said(one.name, given(one), written.traits, work.said, work.declared.scopes, work.found)

    def _survives(self) -> Fault | None:
        written = self._flow.survives
        if written is None:
            return None
        for fault in FAULTS:
            if fault == written.text:
                return fault
        self._work.found.append(
            error(
                "N001",
                f"unknown fault `{written.text}`",
                written.span,
                "no such fault",
                help=did_you_mean(written.text, FAULTS) or "a flow survives a `container`, a `pod` or a `node`",
            )
        )
        return None

    def _check_result(self, name: str, value: Value) -> None:
        if value.fields is not None:
            self._work.values.single(value, value.span)
        elif self._work.misuse(value, "result", value.span):
            pass
        elif value.content.scalar and value.content.lists and value.origin is not None:
            self._work.say(
                "T001",
                f"`{name}` cannot be a result",
                value.span,
                "a list of scalars lies nowhere",
                help="give the list to a stage that writes it to a file",
            )
        elif isinstance(value.origin, Slice | FromConstant | FromText):
            self._work.say(
                "T001",
                f"`{name}` cannot be a result",
                value.span,
                "not made by this flow",
                help="a result is what a stage wrote",
            )


def _written(statements: tuple[tree.Statement, ...]) -> Iterator[str]:
    """Every name that the flow writes anywhere, or a `with` brings, bodies inside its lines included."""
    waiting = list(statements)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, tree.Let | tree.Flowing):
            yield statement.name.text
        if isinstance(statement.value, tree.With):
            yield statement.value.name.text
        for body_ in bodies(statement.value):
            waiting += body_
