"""Typing of calls in a flow: of stages, of flows, and of what the flow was given to call."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.scope import KINDS
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.calls import Asker, Given, arguments
from podpipec.types.content import UNKNOWN, Content, substituted, unbound
from podpipec.types.declarations import Place, Port
from podpipec.types.flow_scope import NOTHING, Declared, Scope
from podpipec.types.flow_values import ValueTyper
from podpipec.types.origin import FromStep
from podpipec.types.typed import Callable, CallStep, FlowStep, GivenStep, Parameter, Step, Target, Value
from podpipec_runtime.tuples import NamedTuple


class _Use(NamedTuple):
    """One call: as written, the step that it becomes, where its outputs are to lie, what it comes after."""

    call: tree.Call
    name: str
    place: Place | None
    after: tuple[str, ...]
    asker: Asker
    steps: list[Step]


class CallTyper:
    """Types the calls of one flow."""

    def __init__(
        self, parameters: tuple[Parameter, ...], values: ValueTyper, declared: Declared, found: list[Diagnostic]
    ) -> None:
        self._given = {one.name: one for one in parameters if one.callable is not None}
        self._values = values
        self._declared = declared
        self._found = found

    def call(
        self,
        call: tree.Call,
        name: str,
        place: Place | None,
        after: tuple[str, ...],
        scope: Scope,
        steps: list[Step],
    ) -> Value:
        """Add the step of a call, and say what it gives."""
        broken = Value(None, UNKNOWN, call.span)
        if not isinstance(call.callee, tree.Name):
            message, label = "this cannot be called", "neither a stage nor a flow"
            self._found.append(error("T004", message, call.callee.span, label))
            return broken
        asker = Asker(
            lambda expression: self._values.value(expression, scope),
            lambda expression: self._target(expression, scope),
            self._found,
        )
        use = _Use(call, name, place, after, asker, steps)
        if call.callee.text in self._given:
            return self._call_given(self._given[call.callee.text], use)
        match self._callee(call.callee):
            case tree.Stage() as stage:
                return self._call_stage(stage, use)
            case tree.Flow() as flow:
                return self._call_flow(flow, use)
        for argument in call.arguments:
            if not self._names_callee(argument.value):
                self._values.value(argument.value, scope)
        return broken

    def _names_callee(self, expression: tree.Expression) -> bool:
        """Whether an argument names something to call, and so is no value."""
        if not isinstance(expression, tree.Name):
            return False
        declared = self._declared.scopes[expression.span.path].get(expression.text)
        return expression.text in self._given or isinstance(declared, tree.Stage | tree.Flow)

    def _callee(self, name: tree.Name) -> tree.Stage | tree.Flow | None:
        scope = self._declared.scopes[name.span.path]
        declared = scope.get(name.text)
        if isinstance(declared, tree.Stage | tree.Flow):
            return declared
        if declared is not None:
            self._found.append(
                error(
                    "T004",
                    f"`{name.text}` is {a(KINDS[type(declared)])} and cannot be called",
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
                help=did_you_mean(name.text, (*callable_, *self._given))
                or f"declare it: `stage {name.text}(…) {{ … }}`",
            )
        )
        return None

    # --- what can be called ---

    def _call_stage(self, declared: tree.Stage, use: _Use) -> Value:
        stage = self._declared.stages.get(declared.name)
        if stage is None:
            return Value(None, UNKNOWN, use.call.span)
        given = arguments(f"the stage `{stage.name.text}`", use.call, stage.inputs, declared.name.span, use.asker)
        if given is None:
            return Value(None, UNKNOWN, use.call.span)
        if use.place is not None and stage.outputs and not stage.files:
            help_ = f"take the `in {use.place}` away"
            self._found.append(error("T013", "a scalar lies nowhere", use.call.span, help=help_))
        use.steps.append(CallStep(use.name, stage, given.values, use.place, use.after, use.call.span))
        return outcome(use.name, {port.name: port.content for port in stage.outputs}, use.call.span)

    def _call_flow(self, flow: tree.Flow, use: _Use) -> Value:
        typed = self._declared.flows.get(flow.name)
        if typed is None:  # it calls itself, which is told elsewhere
            return Value(None, UNKNOWN, use.call.span)
        owner = f"the flow `{flow.name.text}`"
        given = arguments(owner, use.call, typed.parameters, flow.name.span, use.asker, typed.variables)
        if given is None:
            return Value(None, UNKNOWN, use.call.span)
        if use.place is not None and len(typed.results) > 1:
            help_ = f"take the `in {use.place}` away"
            self._found.append(error("T013", "a flow says itself where its values lie", use.call.span, help=help_))
        use.steps.append(FlowStep(use.name, flow, given.values, given.targets, use.after, use.call.span))
        contents = {
            result: UNKNOWN  # of arguments that are unknown themselves
            if unbound(value.content, given.bound, typed.variables)
            else substituted(value.content, given.bound)
            for result, value in typed.results.items()
        }
        return outcome(
            use.name, {result.text: contents.get(result.text, UNKNOWN) for result in flow.results}, use.call.span
        )

    def _call_given(self, parameter: Parameter, use: _Use) -> Value:
        """A call of what the flow was given: its inputs have no names here, only an order."""
        signature = parameter.callable
        assert signature is not None
        ports = [
            Port(f"input {index}", content, None, parameter.span)
            for index, content in enumerate(signature.inputs, start=1)
        ]
        given: Given | None = arguments(f"`{parameter.name}`", use.call, ports, parameter.span, use.asker)
        if given is None:
            return Value(None, UNKNOWN, use.call.span)
        use.steps.append(
            GivenStep(use.name, parameter.name, tuple(given.values.values()), use.place, use.after, use.call.span)
        )
        return Value(FromStep(use.name, ""), signature.output, use.call.span, step=use.name)

    # --- what is given to be called ---

    def _target(self, expression: tree.Expression, scope: Scope) -> tuple[Target, Callable] | None:
        """The stage or flow that an argument names, and its type as one that can be given."""
        if isinstance(expression, tree.Name) and expression.text in self._given:
            signature = self._given[expression.text].callable
            assert signature is not None
            return expression.text, signature
        if isinstance(expression, tree.Name) and expression.text in scope.names:
            self._refuse(expression, "is a value, and a stage or flow is asked for here")
            return None
        declared = self._callee(expression) if isinstance(expression, tree.Name) else None
        match declared:
            case tree.Stage():
                stage = self._declared.stages.get(declared.name)
                if stage is None:
                    return None
                if any(port.mode for port in stage.inputs):
                    self._refuse(
                        expression, "works in place on what it is given, which a flow cannot see from its type"
                    )
                    return None
                outputs = [port.content for port in stage.outputs]
                return self._one(expression, stage, [port.content for port in stage.inputs], outputs)
            case tree.Flow():
                flow = self._declared.flows.get(declared.name)
                if flow is None:
                    return None
                if any(one.mode for one in flow.parameters):
                    self._refuse(expression, "consumes what it is given, which a flow cannot see from its type")
                    return None
                if flow.variables or any(one.snapshot or one.callable for one in flow.parameters):
                    self._refuse(expression, "is given slices or stages itself, and cannot be given to a flow")
                    return None
                outputs = [value.content for value in flow.results.values()]
                return self._one(expression, declared, [one.content for one in flow.parameters], outputs)
        if not isinstance(expression, tree.Name):
            self._refuse(expression, "a stage or flow is asked for here")
        return None

    def _one(
        self, expression: tree.Expression, target: Target, inputs: list[Content], outputs: list[Content]
    ) -> tuple[Target, Callable] | None:
        if len(outputs) == 1:
            return target, Callable(tuple(inputs), outputs[0])
        self._refuse(expression, "gives several values, or none, where one is asked for")
        return None

    def _refuse(self, expression: tree.Expression, message: str) -> None:
        name = f"`{expression.text}` " if isinstance(expression, tree.Name) else ""
        self._found.append(error("T001", f"{name}{message}", expression.span, "given here"))


def outcome(step: str, outputs: Mapping[str, Content], at: Span) -> Value:
    """What a call gives: its one output, or its outputs as fields."""
    values = {name: Value(FromStep(step, name), content, at, step=step) for name, content in outputs.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return Value(None, UNKNOWN if values else NOTHING, at, fields=values or None, step=step)
