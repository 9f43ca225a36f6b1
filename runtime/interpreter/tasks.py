"""What can stand on a turn's agenda. `step` knows who does each."""

from __future__ import annotations

from podpipec_runtime.interpreter.values import Instance, Loc
from podpipec_runtime.tuples import NamedTuple


class Visit(NamedTuple):
    """Begin what may begin in a body: of an element, or of the whole."""

    scope: Instance


class Gate(NamedTuple):
    """Let in the next elements of a loop, or end it."""

    each: Instance


class Enter(NamedTuple):
    """Begin a step: it is done at once if its result is known."""

    instance: Instance


class Request(NamedTuple):
    """Do a step once more, for its data at `loc` is gone and `cause` needs it."""

    instance: Instance
    loc: Loc
    cause: str


class Advance(NamedTuple):
    """See what a waiting job still lacks."""

    instance: Instance


class Launch(NamedTuple):
    """All that a job with a slot has asked to be fetched is there."""

    instance: Instance


class Copied(NamedTuple):
    """All copies that a keep or a move asked for are made."""

    instance: Instance


class Join(NamedTuple):
    """Every step of the branch that a choice took is done."""

    choice: Instance


class Finale(NamedTuple):
    """Every step is done."""


Task = Visit | Gate | Enter | Request | Advance | Launch | Copied | Join | Finale
