"""What each kind of node reads, writes and repeats. A new kind is one function here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from podpipec.graph.nodes import Call, Close, Crossing, Datum, Each, If, Keep, Move, Node, Open, Pin
from podpipec.types.typed import FromItem, FromStep, Origin

#: A stage runs; bytes are copied to another place; bytes leave the pod; nothing itself, but what is in it;
#: one of two values is handed on; a helper starts, and ends.
Work = Literal["run", "keep", "move", "cross", "repeat", "choose", "open", "close"]


class Loop(NamedTuple):
    """A body that runs many times. `times` is nothing where only the data knows; `width` run beside each other."""

    nodes: tuple[Node, ...]
    over: Origin
    item: FromItem
    result: Origin
    output: Datum | None
    collects: Origin
    times: int | None
    width: int


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
        case Keep():
            return _keep(node)
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
    list_ = FromStep(node.id, "")
    loop = Loop(node.body, node.over, FromItem(node.id), node.result, node.output, list_, node.length, node.width)
    return Anatomy("repeat", (), (), loop)


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
