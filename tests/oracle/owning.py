"""What is consumed: it is one task's own from then on, and nobody else reads it then or later (S4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.oracle.model import Builder, Scope, bits
from tests.oracle.things import Thing

#: A leaf, and which element of it if it is a folder that a stage made (-1: all of it).
Part = tuple[int, int]


class Consumed(NamedTuple):
    """What a task consumes, by which of its inputs; whether that may be read elsewhere in any case."""

    task: int
    scope: Scope
    input: str
    parts: tuple[Part, ...]
    seen: bool


class Read(NamedTuple):
    """What a task reads, by which of its inputs."""

    task: int
    input: str
    parts: tuple[Part, ...]


class Kept(NamedTuple):
    """A copy: its task, where it stands, what it is of, and whether a choice decides which value that is."""

    task: int
    scope: Scope
    parts: tuple[Part, ...]
    chosen: bool


def parts_of(thing: Thing) -> tuple[Part, ...]:
    """What lies in a value."""
    if thing.items is not None:
        return tuple(dict.fromkeys(part for item in thing.items for part in parts_of(item)))
    return tuple((leaf, thing.only) for leaf in thing.leaves)


class Owning:
    """Notes who reads, hands out and consumes what, while a program is read."""

    def __init__(self) -> None:
        self.consumed: list[Consumed] = []
        self.read: list[Read] = []
        self.kept: list[Kept] = []
        self.over: list[tuple[Scope, int, tuple[Part, ...]]] = []  # what loops go over, whether they look at it or not
        self.handed: list[tuple[Scope, tuple[Part, ...]]] = []  # by an element; to the outside if in no scope

    def keeps_first(self, builder: Builder) -> None:
        """What consumes a value waits for the copies that are kept of it in the bodies around."""
        for one in self.consumed:
            for keep in self.kept:
                around = keep.scope == one.scope[: len(keep.scope)]
                if around and _overlap(one.parts, keep.parts):
                    _wait(builder, one, keep)

    def broken(self, builder: Builder) -> str | None:
        """A use of what is consumed that nothing places before that, in words; nothing if there is none."""
        before = _before(builder) if self.consumed else []
        for one in self.consumed:
            name = builder.tasks[one.task].name
            if one.seen or any(builder.leaves[leaf].writer < 0 for leaf, _ in one.parts):
                return f"`{name}` consumes what is not its own"
            for scope, parts in self.handed:
                if scope == one.scope[: len(scope)] and _overlap(parts, one.parts):
                    return f"what `{name}` consumes is handed out"
            for scope, fan, parts in self.over:
                inside = (fan,) == tuple(number for number, _ in one.scope[len(scope) : len(scope) + 1])
                tasks = sum(builder.fans[fan].elements)
                if not inside and tasks & ~before[one.task] and _overlap(parts, one.parts):
                    return f"what `{name}` consumes is gone over"
            for read in self.read:
                mine = read.task == one.task and read.input == one.input
                if not mine and not before[one.task] >> read.task & 1 and _overlap(read.parts, one.parts):
                    return f"`{builder.tasks[read.task].name}` reads what `{name}` consumes"
        return None


def _overlap(one: Sequence[Part], other: Sequence[Part]) -> bool:
    return any(leaf == leaf_ and (only == only_ or -1 in (only, only_)) for leaf, only in one for leaf_, only_ in other)


def _wait(builder: Builder, one: Consumed, keep: Kept) -> None:
    """The task, or the loop around it that stands beside the copy, waits for the copy."""
    waiting = 1 << one.task
    if len(one.scope) > len(keep.scope):
        fan = one.scope[len(keep.scope)][0]
        for mask in builder.fans[fan].elements:
            waiting |= mask
    before = _before(builder)
    if waiting >> keep.task & 1 or before[keep.task] & waiting:
        return  # it waits for the consumption itself
    for number in bits(waiting):
        task = builder.tasks[number]
        builder.tasks[number] = task._replace(needs=task.needs | 1 << keep.task)


def _before(builder: Builder) -> list[int]:
    """For each task all that is surely over before it begins."""
    known: dict[int, int] = {}

    def of(number: int) -> int:
        if number not in known:
            mask = builder.tasks[number].needs
            for needed in bits(mask):
                mask |= of(needed)
            known[number] = mask
        return known[number]

    return [of(number) for number in range(len(builder.tasks))]


def surely_before(builder: Builder, tasks: int) -> int:
    """These tasks, and all that is over when they are."""
    before = _before(builder)
    for number in bits(tasks):
        tasks |= before[number]
    return tasks
