"""Which of the values that a flow is given it hands on to be consumed, and whether its heading says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.diagnostics import Diagnostic, Fix, error
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.every_step import every_step
from podpipec.types.origin import FromInput, FromItem
from podpipec.types.typed import BlockStep, CallStep, Flow, FlowStep, Step, Value

Flows = Mapping[tree.Name, Flow]


def handed_over(flow: Flow, flows: Flows) -> Mapping[str, Value]:
    """The parameters that a flow consumes, each with the first argument that does it; a list goes by its elements."""
    steps = list(every_step(flow.steps))
    over = {step.id: step.over for step in steps if isinstance(step, BlockStep)}
    found: dict[str, Value] = {}
    for value in (value for step in steps for value in _consumed(step, flows)):
        root = value
        while isinstance(root.origin, FromItem):
            root = over[root.origin.each]
        if isinstance(root.origin, FromInput):
            found.setdefault(root.origin.name, value)
    return found


def _consumed(step: Step, flows: Flows) -> Iterator[Value]:
    match step:
        case CallStep(stage=stage, args=args):
            yield from (args[port.name] for port in stage.inputs if port.mode == "consume")
        case FlowStep(flow=called, args=args) if called.name in flows:
            yield from (args[one.name] for one in flows[called.name].parameters if one.mode == "consume")


def check_heading(flow: Flow, flows: Flows) -> Iterator[Diagnostic]:
    """What a flow says that it consumes it must consume."""
    consumed = handed_over(flow, flows)
    for one, written in zip(flow.parameters, flow.declared.inputs, strict=True):
        if written.mode is not None and one.mode == "consume" and one.snapshot is None and one.name not in consumed:
            word = written.mode.span
            yield error(
                "T016",
                f"nothing in `{flow.declared.name.text}` consumes `{one.name}`",
                word,
                "its callers would lose it for nothing",
                help="take the `consume` away",
                fix=Fix(Span(word.path, word.start, written.name.span.start), ""),
            )
