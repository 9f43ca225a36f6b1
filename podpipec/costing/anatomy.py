"""What each kind of node reads, writes and repeats. A new kind is one function here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from podpipec.graph.nodes import (
    Call,
    Close,
    Crossing,
    Cycle,
    Each,
    Execute,
    If,
    Keep,
    Move,
    Node,
    Open,
    Ordered,
    Pin,
    Walk,
)
from podpipec.graph.values import Datum
from podpipec.types.origin import FromCarry, FromChildren, FromItem, FromNeeds, FromParent, FromStep, Origin
from podpipec_runtime.tuples import NamedTuple

#: A stage runs; bytes are copied to another place; bytes leave the pod; nothing itself, but what is in it;
#: one of two values is handed on; a helper starts, and ends.
Work = Literal["run", "keep", "move", "cross", "repeat", "choose", "open", "close"]


class Words(NamedTuple):
    """How a loop is told: what goes before its list, what it repeats over, what is behind the name of its value, and
    what that is."""

    head: str
    units: str
    mark: str
    gives: str


class Collected(NamedTuple):
    """A value of a body and what becomes of it outside of the loop: its origin there, and what is known of it."""

    inside: Origin
    outside: Origin
    output: Datum | None


class Loop(NamedTuple):
    """A body that runs many times. `times` is nothing where only the data knows; `width` run beside each other.

    `word` is the program's for it, `called` what it goes over one by one. `handed` is what an element has from others,
    and `begins` what the first of them has in place of that.
    """

    word: str
    called: str
    nodes: tuple[Node, ...]
    over: Origin
    item: FromItem
    collected: tuple[Collected, ...]
    handed: tuple[Origin, ...]
    begins: tuple[Origin, ...]
    times: int | None
    width: int
    words: Words = Words("each of", "elements", "[]", "all elements, in order")


class Anatomy(NamedTuple):
    """A node's part in the traffic: what it reads itself, what it writes on a place of the pod, what it repeats."""

    work: Work
    reads: tuple[Origin, ...]
    writes: tuple[Datum, ...]
    loop: Loop | None = None
    gives: Datum | None = None  # what it hands on without writing it


def anatomy(node: Node) -> Anatomy:
    """The anatomy of any node."""
    match node:
        case Call():
            return _call(node)
        case Each():
            return _each(node)
        case Walk():
            return _walk(node)
        case Cycle():
            return _cycle(node)
        case Ordered():
            return _ordered(node)
        case Keep():
            return _keep(node)
        case Execute():
            return Anatomy("run", tuple(dict.fromkeys(node.args.values())), (node.output,))
        case Move() | Pin():
            return _move(node)
        case Crossing():
            return _crossing(node)
        case If():
            return _if(node)
        case Open():
            return _open(node)
        case Close():
            return Anatomy("close", (), ())


def _call(node: Call) -> Anatomy:
    return Anatomy("run", tuple(dict.fromkeys(node.given.values())), node.outputs)


def _each(node: Each) -> Anatomy:
    collected = () if node.output is None else (Collected(node.result, FromStep(node.id, ""), node.output),)
    item = FromItem(node.id)
    called = "element" if node.single else "group"
    loop = Loop(node.word, called, node.body, node.over, item, collected, (), (), node.length, node.width, _words(node))
    return Anatomy("repeat", (), (), loop)


def _ordered(node: Ordered) -> Anatomy:
    collected = () if node.output is None else (Collected(node.result, FromStep(node.id, ""), node.output),)
    needs, item = (FromNeeds(node.id),), FromItem(node.id)
    loop = Loop("run", "node", node.body, node.over, item, collected, needs, (), None, node.width)
    return Anatomy("repeat", (), (), loop)


def _walk(node: Walk) -> Anatomy:
    collected = tuple(Collected(up.value, FromStep(node.id, up.name), up.output) for up in node.ups)
    handed: tuple[Origin, ...] = tuple(FromParent(node.id, down.name) for down in node.downs)
    handed += tuple(FromChildren(node.id, up.name) for up in node.ups)
    begins, item = tuple(down.start for down in node.downs), FromItem(node.id)
    loop = Loop("walk", "node", node.body, node.over, item, collected, handed, begins, None, node.width)
    return Anatomy("repeat", (), (), loop)


def _cycle(node: Cycle) -> Anatomy:
    """What is carried is made one after the other, however many elements are under way."""
    collected = tuple(Collected(one.value, FromStep(node.id, one.name), one.output) for one in node.carries)
    handed: tuple[Origin, ...] = tuple(FromCarry(node.id, one.name) for one in node.carries)
    begins, item = tuple(one.start for one in node.carries), FromItem(node.id)
    words = Words("cycle over", "elements", "", "what the last element hands on")
    loop = Loop("cycle", "element", node.body, node.over, item, collected, handed, begins, node.length, 1, words)
    return Anatomy("repeat", (), (), loop)


def _words(node: Each) -> Words:
    if node.by:
        return Words(f"fold by {node.by} of", "groups", "", "what the last group comes to")
    if node.groups is not None:
        step = f" step {node.groups.step}" if node.groups.overlaps else ""
        return Words(f"each {node.groups.size}{step} of", "groups", "[]", "of all groups, in order")
    return Words("each of", "elements", "[]", "all elements, in order")


def _if(node: If) -> Anatomy:
    return Anatomy("choose", tuple(dict.fromkeys(node.args.values())), (), gives=node.output)


def _keep(node: Keep) -> Anatomy:
    return Anatomy("keep", (node.value,), ())


def _move(node: Move | Pin) -> Anatomy:
    return Anatomy("move", (node.value,), (node.output,))


def _crossing(node: Crossing) -> Anatomy:
    return Anatomy("cross", tuple(dict.fromkeys(node.args.values())), node.results)


def _open(node: Open) -> Anatomy:
    return Anatomy("open", tuple(dict.fromkeys(node.args.values())), ())


class Stand(NamedTuple):
    """Where a node stands: its anatomy, and the loops around it, the outermost first."""

    node: Node
    anatomy: Anatomy
    around: tuple[Loop, ...]


def everywhere(nodes: Sequence[Node]) -> Iterator[Stand]:
    """Every node, bodies included, in the order of the program: a loop, then its body."""
    waiting: list[tuple[Node, tuple[Loop, ...]]] = [(node, ()) for node in reversed(nodes)]
    while waiting:
        node, around = waiting.pop()
        parts = anatomy(node)
        yield Stand(node, parts, around)
        if parts.loop is not None:
            waiting += [(inner, (*around, parts.loop)) for inner in reversed(parts.loop.nodes)]
