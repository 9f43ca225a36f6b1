"""Sizes that do not fit, or are missing."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree
from tests.mutation.mutations import Edit, Program, at, breaks, pods, replaced, settings, snapshots, stages, without


@breaks("enlarge a snapshot", "R2")
def _enlarge(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "size"):
        yield replaced(setting.values[0].span, "100TiB")


@breaks("enlarge an output", "R2 R4")
def _enlarge_output(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(stages(program), "size"):
        yield replaced(setting.values[0].span, "100TiB")


@breaks("remove a snapshot's size", "R2")
def _no_size(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "size"):
        yield without(setting.span)


@breaks("shrink a place", "R2")
def _shrink(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(pods(program), "ram", "node", "volume"):
        yield replaced(setting.values[0].span, "1B")


@breaks("cpu over the pod", "R1")
def _cores(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        if not any(setting.word.text == "cpu" for setting in stage.settings):
            yield at(stage.span.end - 1, " cpu 999 ")


@breaks("memory over the pod", "R1")
def _memory(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        if not any(setting.word.text == "memory" for setting in stage.settings):
            yield at(stage.span.end - 1, " memory 90TiB ")


@breaks("half an exclusive core", "R3")
def _half(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(pods(program), "cpu"):
        yield replaced(setting.span, "cpu 64.5 exclusive")


@breaks("unknown unit", "V001 V002 V003 V004")
def _unit(program: Program) -> Iterator[list[Edit]]:
    sizes = (*settings(snapshots(program), "size"), *settings(pods(program), "memory", "ram", "node", "volume"))
    for setting in sizes:
        if isinstance(setting.values[0], tree.Number):
            yield replaced(setting.values[0].span, setting.values[0].digits + "KiX")
