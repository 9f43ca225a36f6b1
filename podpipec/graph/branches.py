"""Which nodes of a body run only if a choice goes their way, and what that means for their order.

Nodes of both branches stand in one body, where everything that is asked of all nodes sees them. At most one branch
runs. So whatever holds where both did, one behind the other, holds: those of the second branch are taken to come after
those of the first, and a run of the second alone is one in which the first took no time and no room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.graph.nodes import Call, If, Loop, Node
from podpipec.graph.traversal import deep_needs
from podpipec.types.origin import step_of
from podpipec_runtime.tuples import NamedTuple


class Owner(NamedTuple):
    """The innermost choice that a node belongs to, and which of its branches."""

    choice: If
    holds: bool


def owners(nodes: Sequence[Node]) -> Mapping[str, Owner]:
    """For each node of a body that is in a branch the innermost; those of inner choices stand first."""
    found: dict[str, Owner] = {}
    for node in nodes:
        if isinstance(node, If):
            for name in node.then:
                found.setdefault(name, Owner(node, True))
            for name in node.otherwise:
                found.setdefault(name, Owner(node, False))
    return found


#: A branch: the choice's id, and whether it is the one for a condition that holds.
Branch = tuple[str, bool]

NONE: frozenset[Branch] = frozenset()


def branches_of(nodes: Sequence[Node]) -> Mapping[str, frozenset[Branch]]:
    """For each node, bodies included, the branches that it stands in; those that stand in none are left out."""
    found: dict[str, frozenset[Branch]] = {}
    waiting: list[tuple[Sequence[Node], frozenset[Branch]]] = [(nodes, NONE)]
    while waiting:
        body, outer = waiting.pop()
        own = owners(body)
        for node in body if own or outer else (one for one in body if not isinstance(one, Call)):
            here = set(outer)
            owner = own.get(node.id)
            while owner is not None:
                here.add((owner.choice.id, owner.holds))
                owner = own.get(owner.choice.id)
            if here:
                found[node.id] = frozenset(here)
            if not isinstance(node, Call) and isinstance(node, Loop):
                waiting.append((node.body, frozenset(here)))
    return found


def opposite(branches: Mapping[str, frozenset[Branch]], one: str, other: str) -> bool:
    """Whether two nodes stand in opposite branches of a choice, so that at most one of them runs."""
    ours, theirs = branches.get(one, NONE), branches.get(other, NONE)
    return any((choice, not holds) in theirs for choice, holds in ours)


def waits(nodes: Sequence[Node]) -> Mapping[str, set[str]]:
    """What the nodes of branches wait for beside what they read: all that a choice needs to be made, and for those of
    the second branch all nodes of the first."""
    found: dict[str, set[str]] = {}
    choices = [node for node in nodes if isinstance(node, If)]
    by_id = {node.id: node for node in nodes} if choices else {}
    for choice in choices:
        inside = {*choice.then, *choice.otherwise}
        read = {step_of(origin) for name in (*inside, choice.id) for origin in deep_needs(by_id[name])}
        first = {step for step in read if step is not None and step in by_id} - inside - {choice.id}
        first |= {step for name in inside for step in by_id[name].after if step in by_id} - inside
        first |= set(choice.after)
        for name in choice.then:
            found.setdefault(name, set()).update(first)
        for name in choice.otherwise:
            found.setdefault(name, set()).update(first, choice.then)
        found.setdefault(choice.id, set()).update(inside)
    return found
