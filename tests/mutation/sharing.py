"""What is used after it was handed over, and copies that go before anything else is kept."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, breaks, calls, flows, replaced, statements, without


def _consumed(program: Program) -> Iterator[tree.Argument]:
    for call in calls(program):
        yield from (one for one in call.arguments if one.mode is not None and one.mode.text == "consume")


@breaks("hand over without a word", "T002")
def _without_a_word(program: Program) -> Iterator[list[Edit]]:
    for argument in _consumed(program):
        assert argument.mode is not None
        yield without(argument.mode.span)


@breaks("read it without waiting", "S4")
def _read_without_waiting(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in statements(flow.body):
            call = line.value
            modes = [one.mode for one in call.arguments if one.mode] if isinstance(call, tree.Call) else []
            if isinstance(line, tree.Let) and line.after and modes:
                yield [(call.span.end, line.after[-1].span.end, "")]


@breaks("let a copy go at once", "T016")
def _at_once(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in flow.body:
            if isinstance(line, tree.Keep) and line.until is not None and isinstance(line.value, tree.Name):
                yield replaced(line.until.span, line.value.text)
