"""Ways to break a program, each with the codes that would name the break.

A mutation looks at the tree of a program and gives every place where it could break it, as edits of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies

#: Replace what stands from an offset to another.
Edit = tuple[int, int, str]


class Program(NamedTuple):
    """A program's text and tree."""

    text: str
    module: tree.Module


class Mutation(NamedTuple):
    """What is done, where it can be done, and the codes that name what is then wrong."""

    name: str
    places: Callable[[Program], Iterator[list[Edit]]]
    codes: frozenset[str]


TABLE: list[Mutation] = []


def breaks(name: str, codes: str) -> Callable[[Callable[[Program], Iterator[list[Edit]]]], None]:
    """Add a mutation to the table."""

    def add(places: Callable[[Program], Iterator[list[Edit]]]) -> None:
        TABLE.append(Mutation(name, places, frozenset(codes.split())))

    return add


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits done, which do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


# --- looking at a tree ---


def flows(program: Program) -> Iterator[tree.Flow]:
    return (one for one in program.module.declarations if isinstance(one, tree.Flow))


def stages(program: Program) -> Iterator[tree.Stage]:
    return (one for one in program.module.declarations if isinstance(one, tree.Stage))


def snapshots(program: Program) -> Iterator[tree.Snapshot]:
    return (one for one in program.module.declarations if isinstance(one, tree.Snapshot))


def pods(program: Program) -> Iterator[tree.Pod]:
    return (one for one in program.module.declarations if isinstance(one, tree.Pod))


def statements(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    for statement in body:
        yield statement
        if not isinstance(statement, tree.Keep) and isinstance(statement.value, tree.Each):
            yield from statements(statement.value.body)


def deep(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """Every statement, those of all blocks included."""
    for statement in body:
        yield statement
        for inner in () if isinstance(statement, tree.Keep) else bodies(statement.value):
            yield from deep(inner)


def calls(program: Program) -> Iterator[tree.Call]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement.value, tree.Call):
                yield statement.value


def settings(
    declared: Iterable[tree.Snapshot] | Iterable[tree.Pod] | Iterable[tree.Stage], *words: str
) -> Iterator[tree.Setting]:
    for one in declared:
        yield from (setting for setting in one.settings if setting.word.text in words)


def replaced(span: Span, new: str) -> list[Edit]:
    return [(span.start, span.end, new)]


def without(span: Span) -> list[Edit]:
    return replaced(span, "")


def at(offset: int, new: str) -> list[Edit]:
    return [(offset, offset, new)]
