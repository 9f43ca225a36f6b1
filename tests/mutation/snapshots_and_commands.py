"""Commands and snapshots that leave something out."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, replaced, settings, snapshots, stages


@breaks("an output that the command is not told of", "L6 N001")
def _untold(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        for setting in stage.settings:
            command = setting.values[0] if setting.values else None
            if setting.word.text != "run" or not isinstance(command, tree.ListOf) or len(command.items) < 2:
                continue
            outputs = {port.name.text for port in stage.outputs}
            for before, item in zip(command.items, command.items[1:], strict=False):
                if isinstance(item, tree.Name) and item.text in outputs:
                    yield [(before.span.end, item.span.end, "")]


@breaks("drop {shard}", "T011")
def _no_shard(program: Program) -> Iterator[list[Edit]]:
    yield from _without_hole(program, "{shard", "shards")


@breaks("drop {window}", "T011")
def _no_window(program: Program) -> Iterator[list[Edit]]:
    yield from _without_hole(program, "{window", "window")


def _without_hole(program: Program, hole: str, word: str) -> Iterator[list[Edit]]:
    for snapshot in snapshots(program):
        if not any(setting.word.text == word for setting in snapshot.settings):
            continue
        for setting in settings([snapshot], "from"):
            span = setting.values[0].span
            start = program.text.find(hole, span.start, span.end)
            if start >= 0:
                yield [(start, program.text.index("}", start) + 1, "x")]


@breaks("change a window", "S1 T014")
def _window(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "window"):
        yield replaced(setting.values[0].span, "90m")


@breaks("change the shards of one snapshot", "S2")
def _shards(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "shards"):
        yield replaced(setting.values[0].span, '["other", "names"]')


@breaks("a window that the path has no use for", "T011")
def _extra_window(program: Program) -> Iterator[list[Edit]]:
    for snapshot in snapshots(program):
        if not any(setting.word.text == "window" for setting in snapshot.settings):
            yield at(snapshot.span.end - 1, " window 1h ")
