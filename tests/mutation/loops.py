"""Groups, folds, cycles and walks with a wrong head, or without what they hand on."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.source import Span
from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, deep, flows, replaced, settings, stages, without


def _loops(program: Program, *kinds: type[tree.Block]) -> Iterator[tree.Block]:
    for flow in flows(program):
        for line in deep(flow.body):
            if isinstance(line.value, kinds):
                yield line.value


@breaks("fold one at a time", "V003")
def _one_at_a_time(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Fold):
        yield replaced(loop.by.span, "1")  # type: ignore[union-attr]


@breaks("groups that leave elements out", "V003")
def _leave_out(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Each):
        if isinstance(loop, tree.Each) and loop.by is not None:
            end = loop.step.span.end if loop.step is not None else loop.by.span.end
            yield [(loop.by.span.start, end, "2 step 5")]


@breaks("groups larger than the list", "T016")
def _too_large(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Each):
        if isinstance(loop, tree.Each) and loop.by is not None:
            end = loop.step.span.end if loop.step is not None else loop.by.span.end
            yield [(loop.by.span.start, end, "999 step 1")]


@breaks("let what is folded or carried grow", "R2")
def _grow(program: Program) -> Iterator[list[Edit]]:
    called = {
        line.value.callee.text
        for loop in _loops(program, tree.Fold, tree.Cycle)
        for line in deep(loop.body)  # type: ignore[union-attr]
        if isinstance(line.value, tree.Call) and isinstance(line.value.callee, tree.Name)
    }
    for setting in settings([stage for stage in stages(program) if stage.name.text in called], "size"):
        yield without(setting.span)


@breaks("fold what comes to something else", "T001 T007")
def _something_else(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Fold):
        last = loop.body[-1]  # type: ignore[union-attr]
        if isinstance(last, tree.Do):
            yield replaced(last.span, "1")


@breaks("a cycle without depth", "V003")
def _no_depth(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Cycle, tree.Walk):
        if isinstance(loop, tree.Cycle | tree.Walk) and loop.depth is not None:
            yield replaced(loop.depth.span, "0")


def _carries(program: Program, *words: str) -> Iterator[tuple[tree.Flow, tree.Flowing]]:
    for flow in flows(program):
        for line in deep(flow.body):
            if isinstance(line, tree.Flowing) and line.word.text in words:
                yield flow, line


@breaks("carry nothing", "T016 T005")
def _carry_nothing(program: Program) -> Iterator[list[Edit]]:
    for _, line in _carries(program, "carry"):
        yield [(line.word.span.start, line.name.span.start, ""), *_from(line)]


def _from(line: tree.Flowing) -> list[Edit]:
    return [(line.name.span.end, line.start.span.end, "")] if line.start is not None else []


@breaks("begin with nothing", "P001 P002 P003 P004 P005 P007 T016 L6 T012 T013")
def _begin_with_nothing(program: Program) -> Iterator[list[Edit]]:
    for _, line in _carries(program, "carry", "down"):
        yield _from(line)


@breaks("carry on what it began as", "T016")
def _unchanged(program: Program) -> Iterator[list[Edit]]:
    for _, line in _carries(program, "carry", "down"):
        yield replaced(line.value.span, line.name.text)


@breaks("begin with what is made inside", "L6 T005")
def _begin_inside(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Cycle, tree.Walk):
        inner = [line.name.text for line in loop.body if isinstance(line, tree.Let)]  # type: ignore[union-attr]
        for line in loop.body:  # type: ignore[union-attr]
            if isinstance(line, tree.Flowing) and line.start is not None and inner:
                yield replaced(line.start.span, inner[0])


@breaks("read a group, an element or a node outside", "L6 N001")
def _outside(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for loop in (line.value for line in flow.body):
            if isinstance(loop, tree.Fold | tree.Cycle | tree.Walk | tree.Ordered):
                yield at(flow.span.end - 1, f" keep {loop.item.text} in volume ")


@breaks("send nothing up", "T016 N001")
def _nothing_up(program: Program) -> Iterator[list[Edit]]:
    for _, line in _carries(program, "up"):
        yield [(line.word.span.start, line.name.span.start, "")]


@breaks("send down what comes up", "L6 T005")
def _up_and_down(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Walk):
        ups = [line for line in loop.body if isinstance(line, tree.Flowing) and line.word.text == "up"]  # type: ignore[union-attr]
        downs = [line for line in loop.body if isinstance(line, tree.Flowing) and line.word.text == "down"]  # type: ignore[union-attr]
        for line in downs:
            if isinstance(line.value, tree.Call):
                yield replaced(_first(line.value), ups[0].name.text)


def _first(call: tree.Call) -> Span:
    return call.arguments[0].value.span


@breaks("a tree of unknown depth", "R2")
def _unknown_depth(program: Program) -> Iterator[list[Edit]]:
    for loop in _loops(program, tree.Walk):
        if isinstance(loop, tree.Walk) and loop.depth is not None:
            start = program.text.rindex("depth", 0, loop.depth.span.start)
            yield [(start, loop.depth.span.end, "")]
