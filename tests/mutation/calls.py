"""Names and calls that do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, calls, flows, replaced, stages


@breaks("rename a use", "N001")
def _rename(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        for argument in call.arguments:
            if isinstance(argument.value, tree.Name):
                yield replaced(argument.value.span, argument.value.text + "_gone")


@breaks("rename what is called", "N001")
def _rename_call(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        yield at(call.callee.span.end, "_gone")


@breaks("rename the pod", "N001")
def _rename_pod(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        if flow.pod is not None:
            yield at(flow.pod.span.end, "_gone")


@breaks("drop an argument", "T001 T002")
def _drop_argument(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        if call.arguments:
            first = call.arguments[0].span
            end = call.arguments[1].span.start if len(call.arguments) > 1 else first.end
            yield [(first.start, end, "")]


@breaks("an argument too many", "T002")
def _extra_argument(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        if call.arguments and call.arguments[-1].name is None:
            yield at(call.arguments[-1].span.end, ", 1")


@breaks("swap two arguments", "T001 T003")
def _swap(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        for one, other in zip(call.arguments, call.arguments[1:], strict=False):
            if one.name is None and other.name is None:
                first, second = (program.text[each.span.start : each.span.end] for each in (one, other))
                yield [*replaced(one.span, second), *replaced(other.span, first)]


@breaks("change a content type", "T001")
def _content(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        for port in stage.inputs:
            if isinstance(port.type, tree.TypeName) and port.type.name.text not in ("File", "Dir", "String", "Int"):
                yield replaced(port.type.name.span, "Arrow" if port.type.name.text != "Arrow" else "Json")


@breaks("one where a list is asked for", "T001")
def _list(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        for port in stage.inputs:
            if isinstance(port.type, tree.TypeName) and port.type.name.text not in ("String", "Int", "Size"):
                mark = "" if port.type.lists else "[]"
                yield replaced(port.type.span, port.type.name.text + mark)


@breaks("write a name twice", "S3")
def _twice(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in flow.body:
            if isinstance(statement, tree.Let) and isinstance(statement.value, tree.Call):
                text = program.text[statement.span.start : statement.span.end]
                yield at(flow.span.end - 1, f" {text} ")


@breaks("declare a name twice", "N002")
def _declare_twice(program: Program) -> Iterator[list[Edit]]:
    for declared in program.module.declarations:
        if not isinstance(declared, tree.Stage | tree.Snapshot | tree.Pod):
            continue
        yield at(declared.span.end, "\n" + program.text[declared.span.start : declared.span.end].lstrip("#"))


@breaks("use an element outside", "L6 N001")
def _outside(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in flow.body:
            if not isinstance(statement, tree.Keep) and isinstance(statement.value, tree.Each):
                for inner in statement.value.body:
                    if isinstance(inner, tree.Let):
                        yield at(flow.span.end - 1, f" keep {inner.name.text} in volume ")
                yield at(flow.span.end - 1, f" keep {statement.value.item.text} in volume ")


@breaks("a circle", "T005")
def _circle(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in flow.body:
            if isinstance(statement, tree.Let) and isinstance(statement.value, tree.Call) and not statement.after:
                yield at(statement.value.span.end, f" after {statement.name.text}")


@breaks("a result that nobody writes", "L6 N001")
def _result(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for name in flow.results:
            yield at(name.span.end, "_gone")
