"""Places and checkpoints that are wrong."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import (
    Edit,
    Program,
    at,
    breaks,
    flows,
    pods,
    replaced,
    settings,
    snapshots,
    stages,
    statements,
    without,
)


@breaks("drop a keep", "L1 L4 F1 T016 F3")
def _drop_keep(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Keep):
                yield without(statement.span)


@breaks("drop a pin", "S5 L1")
def _drop_pin(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement.value, tree.Pin):
                value = statement.value.value.span
                yield replaced(statement.value.span, program.text[value.start : value.end])


@breaks("drop idempotent", "F2")
def _drop_idempotent(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(stages(program), "idempotent"):
        yield without(setting.span)


@breaks("drop a call of a service", "N003 T016")
def _drop_calls(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(stages(program), "calls"):
        yield without(setting.span)


@breaks("tell a secret in a command", "N003")
def _secret_in_command(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        told = [setting.flags[0].text for setting in stage.settings if setting.word.text == "secret"]
        scripts = [setting.values[0].span for setting in stage.settings if setting.word.text == "sh"]
        if told and scripts:
            yield at(scripts[0].end - 3, f"  echo {{{told[0]}}}\n")


@breaks("keep in a place that does not outlive it", "T013")
def _keep_in_ram(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Keep):
                yield [
                    *replaced(statement.place.span, "ram"),
                    *(without(statement.path.span) if statement.path else []),
                ]


@breaks("keep what is a slice already", "T013")
def _keep_slice(program: Program) -> Iterator[list[Edit]]:
    names = {snapshot.name.text for snapshot in snapshots(program)}
    for flow in flows(program):
        for parameter in flow.inputs:
            if isinstance(parameter.type, tree.TypeName) and parameter.type.name.text in names:
                yield at(flow.span.end - 1, f" keep {parameter.name.text} in ram ")


@breaks("misspell a place", "N001")
def _misspell_place(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Keep) or isinstance(statement.value, tree.Move):
                place = statement.place if isinstance(statement, tree.Keep) else None
                move = statement.value
                yield replaced((place or move.place).span, "nodee")  # type: ignore[union-attr]  # one of the two


@breaks("swap a place", "T013 L4 R2 L1")
def _swap_place(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Let) and statement.place is not None:
                yield replaced(statement.place.span, "ram" if statement.place.text != "ram" else "node")


@breaks("take a place from the pod", "T009 T013 L1 L4 R2")
def _drop_place(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(pods(program), "ram", "node", "volume"):
        yield without(setting.span)


@breaks("claim to survive a node", "F1 L1")
def _claim(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        if flow.pod is not None and flow.survives is None:
            yield at(max(flow.pod.span.end, flow.every.span.end if flow.every else 0), " survives node")
