"""Copies that go again: `keep … until` other steps are done.

Such a copy is claimed as a value is, and never pinned: whoever finds it after a crash finds it because it is there,
and what was released is not made again.
"""

from __future__ import annotations

from collections.abc import Iterable

from rpds import HashTrieMap

from podpipec_runtime.interpreter.commands import Retain
from podpipec_runtime.interpreter.program import Port
from podpipec_runtime.interpreter.state import Claim
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Loc, Value, leaves
from podpipec_runtime.plan.types import Keep


def is_over(turn: Turn, instance: Instance, keep: Keep, value: Value) -> bool:
    """Whether no copy has to be made: all that it was for is done, or nobody has had to make the value again."""
    if not keep.until:
        return False
    return not _left(turn, instance, keep) or any(turn.stock.anywhere(data) is None for data in leaves(value))


def held(turn: Turn, instance: Instance, keep: Keep, locs: Iterable[Loc], *, copied: bool) -> None:
    """The copies are there, until the steps that they are for are done."""
    found = tuple(dict.fromkeys(locs))
    left = _left(turn, instance, keep)
    for loc in found:
        turn.ask(Retain(loc, turn.stock.content[loc], keep.id, instance.path, copied, brief=True))
        if left:
            turn.stock = turn.stock.claim(loc)
    if left:
        port = Port(keep.id, "")
        claims = turn.claims.get(port, HashTrieMap())
        turn.claims = turn.claims.insert(port, claims.insert(instance.path, Claim(left, found)))


def _left(turn: Turn, instance: Instance, keep: Keep) -> int:
    """How many of the steps that a copy stays for are still to be done."""
    anchors = turn.program.until[Port(keep.id, "")]
    return sum(Instance(one.step, instance.path[: one.depth]) not in turn.flow.published for one in anchors)
