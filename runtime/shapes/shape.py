"""The protocol of every shape."""

from __future__ import annotations

from typing import Protocol, Self, TypeVar

Unit = TypeVar("Unit")


class Shape(Protocol[Unit]):
    """Work in units, and in which order they may be done. Every method gives a new shape."""

    def take(self) -> tuple[tuple[Unit, ...], Self]:
        """The units that may start now, in order. Each is handed out once."""
        ...

    def finish(self, unit: Unit) -> Self:
        """`unit`, which was taken, is done."""
        ...

    def discover(self, unit: Unit) -> Self:
        """There is `unit` to be done, which was not known or was done before."""
        ...

    def forget(self) -> tuple[tuple[Unit, ...], Self]:
        """The units that are done and that nothing in this shape waits for any more, each once."""
        ...

    @property
    def done(self) -> bool:
        """Nothing is left, and nothing is under way."""
        ...
