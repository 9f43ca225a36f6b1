"""What a walk holds on a place: the nodes that are at their steps, and those that wait for what is below them.

A node's steps that need nothing of its children come first. Then it waits, until the last of its children is done, and
holds what its children or its other steps still read. A walk that goes depth first begins a child of the node where it
is before anything else, so that at the end of every way down that has begun somebody is at work: no more ways than
`width`, none longer than `depth`. How many nodes wait breadth first, nobody knows before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.graph.antichain import Interval, Peak, heaviest
from podpipec.graph.nodes import Close, If, Keep, Node, Pin, Walk
from podpipec.graph.order import predecessors
from podpipec.graph.traversal import deep_needs
from podpipec.types.origin import FromChildren, Origin
from podpipec_runtime.tuples import NamedTuple


class Held(NamedTuple):
    """What one node holds on a place, kept copies apart: at its steps at most, and while it waits.

    `kept` are the copies of what is made before the children, `late` of what is made from what came up. `made` are
    the values themselves.
    """

    busy: Peak
    waiting: tuple[Interval, ...]
    kept: int
    late: int
    made: frozenset[Origin]

    @property
    def waits(self) -> int:
        """The bytes that it holds while it waits."""
        return sum(one.bytes for one in self.waiting)


def handed_on(walk: Walk) -> frozenset[Origin]:
    """What outlives the steps of a node: its children read it, or its parent."""
    return frozenset((*(down.value for down in walk.downs), *(up.value for up in walk.ups)))


def after_children(walk: Walk) -> frozenset[int]:
    """Which steps of a node come after its children. A helper that any of these speaks to begins among them, and a
    choice is one step, with all that is in its branches."""
    before = predecessors(walk.body)
    index = {node.id: position for position, node in enumerate(walk.body)}
    begun: set[int] = set()
    while True:
        late = set(begun)
        for position, node in enumerate(walk.body):
            own = any(isinstance(one, FromChildren) and one.step == walk.id for one in deep_needs(node))
            if own or late.intersection(before[position]):
                late.add(position)
        more = {position for node in walk.body for position in _begins_with(node, index, late)} - late
        if not more:
            return frozenset(late)
        begun |= more


def _begins_with(node: Node, index: Mapping[str, int], late: set[int]) -> set[int]:
    """The steps that begin no earlier than a node of which some come late."""
    if isinstance(node, Close) and index[node.id] in late:
        return {index[node.opened]}
    if isinstance(node, If):
        whole = {index[name] for name in (node.id, *node.then, *node.otherwise)}
        return whole if late & whole else set()
    return set()


def held(walk: Walk, intervals: Sequence[Interval], handed: frozenset[Origin]) -> Held:
    """What one node holds, given the lives of all that its steps write, and what of that outlives them."""
    late = after_children(walk)
    before = predecessors(walk.body)
    early = [index for index in range(len(walk.body)) if index not in late]
    ordered = [sorted({*needed, *early}) if index in late else needed for index, needed in enumerate(before)]
    kept = [one for one in intervals if not one.readers and not _is_handed_on(one, walk, handed)]
    passing = [one for one in intervals if one not in kept]
    waiting = [one for one in passing if one.born not in late and (not one.readers or late.intersection(one.readers))]
    return Held(
        heaviest(passing, ordered),
        tuple(waiting),
        sum(one.bytes for one in kept if one.born not in late),
        sum(one.bytes for one in kept if one.born in late),
        frozenset(one.datum.origin for one in passing if one.datum is not None),
    )


def _is_handed_on(interval: Interval, walk: Walk, handed: frozenset[Origin]) -> bool:
    of = interval.datum is not None and interval.datum.origin in handed
    return of and not isinstance(walk.body[interval.born], Keep | Pin)


def open_at_once(walk: Walk) -> int | None:
    """How many nodes have begun and are not done, at most; nothing where only the data knows."""
    return walk.width * walk.depth if walk.order == "depth_first" and walk.depth is not None else None


def together(walk: Walk, one: Held, others: Held) -> int:
    """The most that all nodes hold at once, without what came up from those that are done.

    All bytes that are in proportion to the tree are `one` node's, at work or waiting; `others` have the rest.
    """
    width, all_ = walk.width, open_at_once(walk)
    waiting = 0 if all_ is None else all_ - width  # nodes of which it is not known how many hold nothing of their own
    at_work = one.busy.bytes + (width - 1) * others.busy.bytes + waiting * others.waits
    if all_ == width:  # a tree of one level
        return at_work
    return max(at_work, one.waits + width * others.busy.bytes + max(0, waiting - 1) * others.waits)
