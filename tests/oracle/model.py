"""What the oracle explores: one run of one flow with every element written out, and nothing left to infer.

A *task* is one start of a stage, or of several that are joined by streams, or one copy. A *leaf* is one file or folder
on one place. A *fan* lets elements in, in order, so many at a time; a *gate* is what a task passes when others leave it
room. Sets of tasks are the bits of a number. Knows nothing of the compiler's graph, types or rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

#: The places in the order in which each outlives the one before.
PLACES = ("ram", "node", "volume", "remote")


class Leaf(NamedTuple):
    """A file or folder: on its place from the start of `writer` (-1: from the beginning) until all `until` are over."""

    name: str
    place: str
    bytes: int
    writer: int
    until: int = 0
    forever: bool = False
    local: bool = False  # a slice whose source is a path of the node
    of: tuple[int, ...] = ()  # the leaves that it is a copy of


class Stage(NamedTuple):
    """What a stage asks for: the slots that it may run in, thousandths of a core, bytes."""

    slots: tuple[int, ...] = ()
    cpu: int = 0
    memory: int = 0


class Gate(Protocol):
    """Lets a task pass when what has finished leaves room for it."""

    def lets(self, task: int, finished: int) -> bool:
        """Whether the task may pass."""


class Task(NamedTuple):
    """One start: after all of `needs`, once the elements that it stands in have been let in, and past its `gate`.

    All of its `stages` are active from its start to its end; a copy has none. Nobody but it may read what it `consumes`
    from its start on.
    """

    name: str
    needs: int
    gates: tuple[tuple[int, int], ...]
    reads: tuple[int, ...]
    stages: tuple[Stage, ...] = ()
    gate: Gate | None = None
    consumes: tuple[int, ...] = ()


class Helper(NamedTuple):
    """A helper while it runs: the tasks that start and end it, where it sits and listens, and who speaks to it."""

    name: str
    opens: int
    closes: int
    seat: int
    port: int
    users: int


class Fan(NamedTuple):
    """The tasks of each element, and how many elements may be under way. `waiting` ones don't count: those that need
    what others of the fan make."""

    elements: tuple[int, ...]
    width: int
    waiting: bool = False


class Run(NamedTuple):
    """A flow written out. `results` are the leaves of each result; `capacity` is the size of each place."""

    tasks: tuple[Task, ...]
    leaves: tuple[Leaf, ...]
    fans: tuple[Fan, ...]
    results: Mapping[str, tuple[int, ...]]
    capacity: Mapping[str, int]
    helpers: tuple[Helper, ...] = ()
    wrong: tuple[str, ...] = ()  # what was found while it was written out

    @property
    def whole(self) -> int:
        """All tasks."""
        return (1 << len(self.tasks)) - 1


#: Where a task or leaf stands: the fans around it, outermost first, and which element of each.
Scope = tuple[tuple[int, int], ...]


def bits(mask: int) -> Iterator[int]:
    """The numbers in a set."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Builder:
    """A run in the making: tasks, leaves, fans, and who reads what from where."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.leaves: list[Leaf] = []
        self.fans: list[Fan] = []
        self.done: dict[int, int] = {}  # for each fan the tasks after which it is over
        self.scopes: list[Scope] = []  # of each leaf
        self._reads: list[tuple[int, Scope, int]] = []

    def task(
        self,
        name: str,
        scope: Scope,
        needs: int,
        reads: Iterable[int],
        stages: tuple[Stage, ...] = (),
        gate: Gate | None = None,
    ) -> int:
        """Add a task; its number. A copy is no stage."""
        number = len(self.tasks)
        self.tasks.append(Task(name, needs, scope, (), stages, gate))
        self.reading(number, reads)
        return number

    def reading(self, task: int, leaves: Iterable[int]) -> None:
        """A task reads leaves, beside those of which that is known."""
        more = tuple(dict.fromkeys(leaves))
        of = self.tasks[task]
        self.tasks[task] = of._replace(reads=tuple(dict.fromkeys((*of.reads, *more))))
        self._reads += ((leaf, of.gates, 1 << task) for leaf in more)

    def joining(self, task: int, needs: int, stage: Stage) -> None:
        """A stage joins the stages of a task, and brings along what it waits for."""
        of = self.tasks[task]
        self.tasks[task] = of._replace(needs=of.needs | needs, stages=(*of.stages, stage))

    def leaf(self, leaf: Leaf, scope: Scope) -> int:
        """Add a leaf; its number."""
        self.leaves.append(leaf)
        self.scopes.append(scope)
        return len(self.leaves) - 1

    def open(self) -> int:
        """Begin a fan; its number."""
        self.fans.append(Fan((), 1))
        return len(self.fans) - 1

    def close(self, fan: int, elements: Iterable[int], width: int, needs: int, waiting: bool = False) -> int:
        """End a fan that waits for `needs`, and for all that its elements need from outside; what it is over after."""
        masks = tuple(elements)
        inside = 0
        for mask in masks:
            inside |= mask
        for number in bits(inside):
            needs |= self.tasks[number].needs
        needs &= ~inside
        for number in bits(inside):
            self.tasks[number] = self.tasks[number]._replace(needs=self.tasks[number].needs | needs)
        self.fans[fan] = Fan(masks, width, waiting)
        self.done[fan] = inside | needs
        return self.done[fan]

    def given_up(self, leaves: Iterable[int], scope: Scope, tasks: int) -> None:
        """The leaves would have been read in `scope`, and it is known that they are not when these tasks are done."""
        self._reads += ((leaf, scope, tasks) for leaf in leaves)

    def held(self, leaves: Iterable[int], scope: Scope, fan: int) -> None:
        """The leaves are needed until a fan, which stands in `scope`, is over."""
        self._reads += ((leaf, (*scope, (fan, -1)), 0) for leaf in leaves)

    def until_over(self, leaves: Iterable[int], element: Scope) -> None:
        """The leaves are needed until all of an element is over."""
        self._reads += ((leaf, element, 0) for leaf in leaves)

    def holding(self) -> Iterator[int]:
        """The leaves that somebody reads."""
        return (leaf for leaf, _, _ in self._reads)

    def run(self, results: Mapping[str, tuple[int, ...]], capacity: Mapping[str, int], forever: Iterable[int]) -> Run:
        """The run, where each leaf stays until its last reader, as seen from its own body, is over."""
        until = [1 << leaf.writer if leaf.writer >= 0 else 0 for leaf in self.leaves]
        for leaf, scope, bit in self._reads:
            own = self.scopes[leaf]
            shared = _shared(own, scope)
            if shared < min(len(own), len(scope)) and own[shared][0] == scope[shared][0] and scope[shared][1] >= 0:
                until[leaf] |= self.fans[own[shared][0]].elements[scope[shared][1]]  # handed on to another element
            else:
                until[leaf] |= bit if shared == len(scope) else self.done[scope[shared][0]]
        stays = set(forever)
        leaves = [
            leaf._replace(until=until[number], forever=leaf.forever or number in stays)
            for number, leaf in enumerate(self.leaves)
        ]
        return Run(tuple(self.tasks), tuple(leaves), tuple(self.fans), results, capacity)


def _shared(one: Scope, other: Scope) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def copied(builder: Builder) -> Builder:
    """A builder that goes on from where another is, and leaves it as it is."""
    other = Builder()
    other.tasks, other.leaves, other.fans = list(builder.tasks), list(builder.leaves), list(builder.fans)
    other.done, other.scopes, other._reads = dict(builder.done), list(builder.scopes), list(builder._reads)
    return other
