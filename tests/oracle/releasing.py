"""Copies that go: when they do, and whether that is too early for what a fault may make necessary (F3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.oracle.faults import LOST
from tests.oracle.model import Builder, Run, Scope
from tests.oracle.owning import surely_before
from tests.oracle.schedules import Moment, alive, finished_sets


class Going(NamedTuple):
    """A copy that goes: its leaf and task, the tasks of the value with which it goes, and where that stands."""

    leaf: int
    task: int
    until: int
    scope: Scope


def release(builder: Builder, going: Going, keeps: list[tuple[int, Scope, tuple[int, ...]]]) -> None:
    """It goes when that value is there, and kept where the flow keeps it, and so is all that comes before."""
    done = surely_before(builder, going.until)
    anchors = going.until | 1 << going.task
    for task, scope, leaves in keeps:
        writers = [builder.leaves[leaf].writer for leaf in leaves]
        if scope == going.scope and task != going.task and all(at < 0 or done >> at & 1 for at in writers):
            anchors |= 1 << task
    builder.given_up([going.leaf], builder.scopes[going.leaf], anchors)


def too_early(run: Run, going: list[int], faults: tuple[str, ...], most: int) -> str | None:
    """A copy that is gone when, after a fault, a result is to be made of its value again; nothing if there is none."""
    for fault in faults if going else ():
        for moment in finished_sets(run, most):
            there = {number for number in alive(run, moment) if _left(run, moment, number, fault)}
            there |= {of for number in there for of in run.leaves[number].of}
            gone = {of: leaf for leaf in going if _gone(run, moment, leaf, fault) for of in run.leaves[leaf].of}
            for name, leaves in run.results.items():
                for number in _again(run, leaves, there):
                    if number in gone:
                        return f"after a lost {fault} `{name}` is made of `{run.leaves[number].name}` again"
    return None


def _left(run: Run, moment: Moment, number: int, fault: str) -> bool:
    leaf = run.leaves[number]
    return leaf.place not in LOST[fault] and (leaf.writer < 0 or bool(moment.finished >> leaf.writer & 1))


def _gone(run: Run, moment: Moment, leaf: int, fault: str) -> bool:
    """Whether a copy that a fault would have left is there no more."""
    one = run.leaves[leaf]
    return one.place not in LOST[fault] and not one.until & ~moment.finished


def _again(run: Run, leaves: tuple[int, ...], there: set[int]) -> Iterator[int]:
    """All that is made again for these, and is not there."""
    waiting, seen = list(leaves), set(there)
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        yield number
        writer = run.leaves[number].writer
        if writer >= 0:
            waiting += run.tasks[writer].reads
