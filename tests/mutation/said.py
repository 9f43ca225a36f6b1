"""What is said of a value, and is not so."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, deep, flows, replaced


def _plain(program: Program) -> Iterator[tree.Let]:
    """Names of which nothing is said."""
    for flow in flows(program):
        for line in deep(flow.body):
            if isinstance(line, tree.Let) and not (line.type or line.place or line.traits):
                yield line


@breaks("say another content", "T001 T007")
def _content(program: Program) -> Iterator[list[Edit]]:
    for line in _plain(program):
        yield at(line.name.span.end, ": Arrow")


@breaks("say another origin", "T017 N001")
def _origin(program: Program) -> Iterator[list[Edit]]:
    names = [one.name.text for one in program.module.declarations if isinstance(one, tree.Snapshot)]
    for line in _plain(program):
        for name in names[1:]:
            yield at(line.name.span.end, f" of {{ {name} }}")


@breaks("say that it is unstable", "T017")
def _unstable(program: Program) -> Iterator[list[Edit]]:
    for line in _plain(program):
        yield at(line.name.span.end, " unstable")


@breaks("say that it is stable", "T017")
def _stable(program: Program) -> Iterator[list[Edit]]:
    for line in _plain(program):
        if isinstance(line.value, tree.Fallback) or _is_unpinned(program, line):
            yield at(line.name.span.end, " stable")


def _is_unpinned(program: Program, line: tree.Let) -> bool:
    """What is pinned later was unstable before."""
    pins = (one.value for flow in flows(program) for one in deep(flow.body))
    return any(
        isinstance(one, tree.Pin) and isinstance(one.value, tree.Name) and one.value.text == line.name.text
        for one in pins
    )


@breaks("say that one stage owns it", "T017")
def _owned(program: Program) -> Iterator[list[Edit]]:
    for line in _plain(program):
        yield at(line.name.span.end, " owned")


@breaks("say another place of what a block gives", "L4 T009 T013")
def _place(program: Program) -> Iterator[list[Edit]]:
    for line in _plain(program):
        if isinstance(line.value, tree.Each | tree.Fold | tree.Cycle | tree.If):
            yield at(line.name.span.end, " in ram")


@breaks("say another place of what a flow is given", "T009 T013 L1 L4 R2")
def _given(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for one in flow.inputs:
            if flow.pod is None and isinstance(one.type, tree.TypeName) and one.place is None:
                yield at(one.type.span.end, " in ram")


@breaks("say that it is made of what is not there", "T017 N001")
def _of_nothing(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for line in deep(flow.body):
            if isinstance(line, tree.Let) and line.traits and line.traits.origin:
                yield replaced(line.traits.origin[0].span, "nothing")


@breaks("say another word", "T017")
def _word(program: Program) -> Iterator[list[Edit]]:
    other = {"stable": "unstable", "unstable": "stable", "shared": "owned", "owned": "shared"}
    for flow in flows(program):
        for line in deep(flow.body):
            for word in line.traits.words if isinstance(line, tree.Let) and line.traits else ():
                yield replaced(word.span, other[word.text])
