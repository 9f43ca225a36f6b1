"""What crosses pods, what services say, and what secrets are told."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, calls, deep, flows, replaced, settings, stages, without


def _across(program: Program) -> bool:
    return any(flow.across for flow in flows(program))


@breaks("keep what crosses where others cannot read it", "L1 L2 L3 T013 T009")
def _on_the_node(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in deep(flow.body) if _across(program) and not flow.across else ():
            if isinstance(line, tree.Keep) and line.place.text != "node":
                yield replaced(line.place.span, "node")


@breaks("keep nothing of what crosses", "L1 L2 L3")
def _kept_nowhere(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        results = {name.text for name in flow.results}
        for line in deep(flow.body) if _across(program) and not flow.across else ():
            if isinstance(line, tree.Keep) and isinstance(line.value, tree.Name) and line.value.text in results:
                yield without(line.span)


@breaks("write what many pods do to one pod's place", "L1 L2 L3 L4 T013 T009")
def _written(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in flow.body if flow.across else ():
            if isinstance(line, tree.Let) and isinstance(line.value, tree.Call) and line.place is None:
                yield at(line.name.span.end, " in ram")


@breaks("move what crosses", "L2 T013 L4 T016 T001")
def _moved(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in flow.body if flow.across else ():
            if isinstance(line, tree.Let) and isinstance(line.value, tree.Call | tree.Each):
                yield at(flow.span.end - 1, f" moved = move {line.name.text} to volume ")


@breaks("use what is said before it is pinned", "S5")
def _before_it_is_pinned(program: Program) -> Iterator[list[Edit]]:
    pins = {
        line.name.text: program.text[line.value.value.span.start : line.value.value.span.end]
        for flow in flows(program)
        for line in deep(flow.body)
        if isinstance(line, tree.Let) and isinstance(line.value, tree.Pin)
    }
    for call in calls(program):
        for one in call.arguments:
            if isinstance(one.value, tree.Name) and one.value.text in pins:
                yield replaced(one.value.span, pins[one.value.text])


@breaks("keep what is said instead of pinning it", "S5")
def _kept(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in flow.body:
            if isinstance(line.value, tree.Pin) and isinstance(line.value.value, tree.Name):
                yield at(flow.span.end - 1, f" keep {line.value.value.text} in {line.value.place.text} ")


@breaks("ask for a secret that is not there", "N001")
def _no_secret(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(stages(program), "secret", "calls"):
        yield at(setting.flags[0].span.end, "_gone")


@breaks("a password in an address", "V003")
def _password(program: Program) -> Iterator[list[Edit]]:
    for declared in program.module.declarations:
        if isinstance(declared, tree.Service):
            for setting in declared.settings:
                value = setting.values[0].span
                place = program.text.find("://", value.start, value.end)
                if place >= 0:
                    yield at(place + 3, "me:word@")


@breaks("a stream that is read twice", "L5")
def _twice(program: Program) -> Iterator[list[Edit]]:
    for line, call in _readers_of_streams(program):
        yield at(line.span.end, f" again_{line.name.text} = {program.text[call.span.start : call.span.end]} ")


@breaks("keep a stream", "L5")
def _kept_stream(program: Program) -> Iterator[list[Edit]]:
    for _, call in _readers_of_streams(program):
        yield at(call.span.end, f" keep {call.arguments[0].value.text} in volume ")  # type: ignore[union-attr]


def _readers_of_streams(program: Program) -> Iterator[tuple[tree.Let, tree.Call]]:
    piped = {
        stage.name.text
        for stage in stages(program)
        if stage.inputs
        and isinstance(stage.inputs[0].type, tree.TypeName)
        and stage.inputs[0].type.name.text == "Stream"
    }
    for flow in flows(program):
        for line in flow.body:
            call = line.value
            if not isinstance(line, tree.Let) or not isinstance(call, tree.Call):
                continue
            if isinstance(call.callee, tree.Name) and call.callee.text in piped:
                yield line, call


@breaks("use a helper outside", "L5 L6 N001")
def _helper(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in flow.body:
            if isinstance(line.value, tree.With):
                yield at(flow.span.end - 1, f" keep {line.value.name.text} in volume ")
