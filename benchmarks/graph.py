"""The graphs that every tool is given: steps, and what each comes after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: What a step does. `true`: nothing, and there is no file. `touch`: makes an empty file. `write`: a shell writes a
#: line into a file, so every step's content is another.
Work = Literal["true", "touch", "write"]


@dataclass(frozen=True)
class Step:
    """A step and the steps that it comes after, the one whose data it reads first."""

    name: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Steps in an order in which each comes after those it needs; the last one needs, in the end, all others."""

    name: str
    steps: tuple[Step, ...]

    def __len__(self) -> int:
        return len(self.steps)


def chain(length: int) -> Graph:
    """Steps one after the other."""
    steps = (Step(f"x{i}", (f"x{i - 1}",) if i else ()) for i in range(length))
    return Graph("chain", tuple(steps))


def fan(width: int) -> Graph:
    """One step, `width` steps that come after it, and one that comes after those."""
    leaves = tuple(Step(f"x{i}", ("root",)) for i in range(width))
    return Graph("fan", (Step("root"), *leaves, Step("join", tuple(leaf.name for leaf in leaves))))
