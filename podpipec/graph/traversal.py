"""Going through the nodes of a graph: bodies inside of bodies, what a node reads, what a loop gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from podpipec.graph.nodes import (
    Call,
    Close,
    Crossing,
    Cycle,
    Each,
    Execute,
    Graph,
    If,
    Keep,
    Loop,
    Move,
    Node,
    Open,
    Ordered,
    Pin,
    Unit,
    Walk,
)
from podpipec.types.origin import FromCarry, FromChildren, FromNeeds, FromStep, FromText, Origin, inside
from podpipec.types.truth import sides


def walk(nodes: Sequence[Node]) -> Iterator[tuple[Node, tuple[Loop, ...]]]:
    """Every node, bodies included, with the loops that it stands in, from the outermost."""
    waiting: list[tuple[Sequence[Node], tuple[Loop, ...]]] = [(nodes, ())]
    while waiting:
        here, around = waiting.pop()
        for node in here:
            yield node, around
            if not isinstance(node, Call) and isinstance(node, Loop):  # most are calls, and a union is slow to ask
                waiting.append((node.body, (*around, node)))


def body_of(node: Node) -> tuple[Node, ...]:
    """The nodes inside of a node."""
    return node.body if isinstance(node, Loop) else ()


def needs(node: Node) -> Iterator[Origin]:
    """What a node itself reads; of a text also the scalars in it."""
    for origin in _needs(node):
        yield origin
        if isinstance(origin, FromText):
            yield from inside(origin)


def _needs(node: Node) -> Iterator[Origin]:
    match node:
        case Call():
            yield from node.given.values()
        case Crossing(args=args) | Open(args=args) | Execute(args=args):
            yield from args.values()
        case Each(over=over, result=result) | Ordered(over=over, result=result):
            yield over
            yield result
        case If(condition=condition, results=results):
            yield from (side.origin for side in sides(condition))
            yield from results or ()
        case Walk(over=over, downs=downs, ups=ups):
            yield over
            for down in downs:
                yield from (down.start, down.value)
            yield from (up.value for up in ups)
        case Cycle(over=over, carries=carries):
            yield over
            for carry in carries:
                yield from (carry.start, carry.value)
        case Keep(value=value) | Move(value=value) | Pin(value=value):
            yield value
        case Close(holds=holds):
            yield from holds


def deep_needs(node: Node) -> Iterator[Origin]:
    """What a node reads, its body included; what the body makes itself is among it."""
    yield from needs(node)
    if not isinstance(node, Call):
        for inner, _ in walk(body_of(node)):
            yield from needs(inner)


def gives(loop: Loop) -> Iterator[tuple[Origin, Origin]]:
    """What a loop gives, to what is outside or to its own body, and the value of its body that it is, or is made of."""
    match loop:
        case Each():
            yield FromStep(loop.id, ""), loop.result
        case Ordered():
            yield FromStep(loop.id, ""), loop.result
            yield FromNeeds(loop.id), loop.result
        case Walk():
            for up in loop.ups:
                yield FromStep(loop.id, up.name), up.value
                yield FromChildren(loop.id, up.name), up.value
        case Cycle():
            for carry in loop.carries:
                yield FromStep(loop.id, carry.name), carry.value
                yield FromCarry(loop.id, carry.name), carry.value


def is_fold(node: Node) -> bool:
    """Whether it makes one value of a list, by groups."""
    return isinstance(node, Each) and node.by > 0


def comes_to(node: Node) -> bool:
    """Whether it is a loop that makes values of its own, which are no lists of what its elements give."""
    return is_fold(node) or isinstance(node, Cycle)


def units_of(graph: Graph) -> tuple[Unit, ...]:
    """The units of work of a flow across pods, each once, in the order of the program."""
    found = [(node.span, node.unit) for node, _ in walk(graph.nodes) if isinstance(node, Crossing) and node.unit]
    return tuple({unit.name: unit for _, unit in sorted(found, key=lambda one: (one[0], one[1].name))}.values())
