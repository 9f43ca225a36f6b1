"""Signs and words that are missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, settings, snapshots, stages


@breaks("a missing brace", "P001 P002 P003 P004 P005 P007")
def _brace(program: Program) -> Iterator[list[Edit]]:
    for declared in program.module.declarations:
        if isinstance(declared, tree.Flow | tree.Stage | tree.Pod | tree.Snapshot):
            yield [(declared.span.end - 1, declared.span.end, "")]


@breaks("an unclosed string", "P001 P002 P003 P004 P005 P007")
def _quote(program: Program) -> Iterator[list[Edit]]:
    for setting in (*settings(snapshots(program), "from"), *settings(stages(program), "image")):
        value = setting.values[0]
        if isinstance(value, tree.String) and not value.long:
            yield [(value.span.end - 1, value.span.end, "")]


@breaks("misspell a setting", "P001 P002 P003 P004 P005 P007")
def _setting(program: Program) -> Iterator[list[Edit]]:
    for setting in settings([*stages(program)], "run", "sh", "image", "cpu", "memory", "size"):
        yield at(setting.word.span.end, "x")
