"""What a fault takes along, at every moment of a run, and what can be made again from what is left."""

from __future__ import annotations

from tests.oracle.model import Run, bits
from tests.oracle.schedules import Moment, alive

FAULTS = ("container", "pod", "node")
LOST: dict[str, tuple[str, ...]] = {"container": (), "pod": ("ram",), "node": ("ram", "node")}


def unrecoverable(run: Run, moment: Moment, fault: str) -> str | None:
    """What a fault at this moment makes impossible, in words; nothing if all can be made again.

    Once the flow is over nobody runs anything again: a result must be there. Before, what was not done must be
    possible, and a flow goes on only when it finds all the slices that it was started with.
    """
    left = _left(run, moment, fault)
    sources = {number for number, leaf in enumerate(run.leaves) if leaf.writer < 0 and not _gone(-1, leaf.local, fault)}
    if moment.finished == run.whole:
        lost = [name for name, leaves in run.results.items() if not set(leaves) <= left]
        return f"the result `{lost[0]}` is gone" if lost else None
    known = left | sources
    wanted = {leaf for leaves in run.results.values() for leaf in leaves}
    wanted.update(number for number, leaf in enumerate(run.leaves) if leaf.writer < 0)
    for number in bits(run.whole & ~moment.finished):
        wanted.update(run.tasks[number].reads)
    for number in wanted:
        if not _possible(run, number, known):
            return f"`{run.leaves[number].name}` cannot be made again"
    return None


def gone_too_early(run: Run, moment: Moment, fault: str) -> str | None:
    """A value of which a copy was kept for a while that would not be lost, and that results would be made of again."""
    if all(leaf.forever or not leaf.of for leaf in run.leaves):
        return None
    left = _left(run, moment, fault)
    known = {number for number, leaf in enumerate(run.leaves) if leaf.writer < 0}
    again: set[int] = set()
    waiting = [leaf for leaves in run.results.values() for leaf in leaves]
    while waiting:
        number = waiting.pop()
        if number not in left | known | again:
            again.add(number)
            waiting += run.tasks[run.leaves[number].writer].reads
    for copy in run.leaves:
        went = copy.of and not copy.forever and not copy.until & ~moment.finished
        if went and copy.place not in LOST[fault] and again.intersection(copy.of):
            return f"`{run.leaves[copy.of[0]].name}` is made again, and its copy has gone"
    return None


def _left(run: Run, moment: Moment, fault: str) -> set[int]:
    """The leaves that are left, and those of which a copy is."""
    left = set()
    begun = moment.finished | moment.running
    consumed = {leaf for number in bits(begun) for leaf in run.tasks[number].consumes}
    for number in alive(run, moment):
        leaf = run.leaves[number]
        published = leaf.writer < 0 or bool(moment.finished >> leaf.writer & 1)
        stays = leaf.place not in LOST[fault] and not _gone(leaf.writer, leaf.local, fault)
        if published and stays and number not in consumed:
            left |= {number, *leaf.of}
    return left


def _gone(writer: int, local: bool, fault: str) -> bool:
    return writer < 0 and local and fault == "node"


def _possible(run: Run, leaf: int, known: set[int]) -> bool:
    """Whether a leaf is known, or can be made of what is; what is found possible becomes known."""
    if leaf in known:
        return True
    writer = run.leaves[leaf].writer
    if writer < 0 or not all(_possible(run, other, known) for other in run.tasks[writer].reads):
        return False
    known.add(leaf)
    return True
