"""Choices and fallbacks with a branch too few, or of something else."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, deep, flows, replaced


def _choices(program: Program) -> Iterator[tuple[tree.Flow, tree.Let | tree.Do | tree.Flowing, tree.If]]:
    for flow in flows(program):
        for line in deep(flow.body):
            if not isinstance(line, tree.Keep) and isinstance(line.value, tree.If):
                yield flow, line, line.value


@breaks("drop an else", "T001 T016")
def _no_else(program: Program) -> Iterator[list[Edit]]:
    for _, line, choice in _choices(program):
        if isinstance(line, tree.Let) and choice.otherwise is not None:
            last = choice.then[-1].span.end
            end = program.text.index("}", last) + 1
            yield [(end, choice.span.end, "")]


@breaks("a branch that comes to something else", "T001")
def _other_content(program: Program) -> Iterator[list[Edit]]:
    for _, line, choice in _choices(program):
        if isinstance(line, tree.Let):
            yield replaced(choice.then[-1].span, "1")


@breaks("a condition that is no truth", "T003 T001")
def _no_truth(program: Program) -> Iterator[list[Edit]]:
    for _, _, choice in _choices(program):
        yield replaced(choice.condition.span, "1")


@breaks("compare with a text", "T003 T001")
def _compare(program: Program) -> Iterator[list[Edit]]:
    for _, _, choice in _choices(program):
        condition = choice.condition
        if isinstance(condition, tree.Binary) and condition.operator in ("<", ">", "<=", ">="):
            yield replaced(condition.right.span, '"many"')


@breaks("read what a branch wrote", "L6")
def _outside(program: Program) -> Iterator[list[Edit]]:
    for flow, _, choice in _choices(program):
        for inner in choice.then:
            if isinstance(inner, tree.Let) and any(line.value is choice for line in flow.body):
                yield at(flow.span.end - 1, f" keep {inner.name.text} in volume ")


@breaks("one branch on another place", "L4 T009 T013")
def _other_place(program: Program) -> Iterator[list[Edit]]:
    for _, line, choice in _choices(program):
        last = choice.then[-1]
        if isinstance(line, tree.Let) and isinstance(last, tree.Do) and isinstance(last.value, tree.Call):
            yield [(last.span.start, last.span.start, "moved in volume = "), (last.span.end, last.span.end, " moved")]


def _fallbacks(program: Program) -> Iterator[tree.Fallback]:
    for flow in flows(program):
        yield from (line.value for line in deep(flow.body) if isinstance(line.value, tree.Fallback))


@breaks("fall back on what is not there", "N001")
def _not_there(program: Program) -> Iterator[list[Edit]]:
    for fallback in _fallbacks(program):
        last = fallback.calls[-1]
        if isinstance(last, tree.Call):
            yield at(last.callee.span.end, "_gone")


@breaks("fall back on a value", "T004")
def _on_a_value(program: Program) -> Iterator[list[Edit]]:
    for fallback in _fallbacks(program):
        last = fallback.calls[-1]
        if isinstance(last, tree.Call):
            yield replaced(last.span, program.text[last.arguments[0].span.start : last.arguments[0].span.end])
