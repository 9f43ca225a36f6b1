"""Whether the two ends of each stream can be active at once, for the rule L5: one reader, beside its writer.

Both begin together and end together. So neither may wait for the other in another way, and what decides whether the one
runs must decide it for the other, too.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import pairwise

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.branches import branches_of
from podpipec.graph.chains import chains, piped
from podpipec.graph.nodes import Call, Close, Graph, Loop, Node
from podpipec.graph.order import waiting_for
from podpipec.graph.traversal import body_of, walk
from podpipec.graph.values import Pipe
from podpipec.source import Span
from podpipec.types.origin import FromHelper, Origin

CODE = "L5"


def streams(graph: Graph, misused: Container[Span]) -> Iterator[Diagnostic]:
    """Streams with no reader or several, with ends that are not active at once, and chains that wait for themselves.

    Of those that begin where it is `misused` it is told that they are no values, and not that nobody reads them.
    """
    calls = [node for node, _ in walk(graph.nodes) if isinstance(node, Call)]
    reading: dict[Origin, list[tuple[Call, str]]] = {}
    for call in calls:
        for name, origin in piped(call).items():
            reading.setdefault(origin, []).append((call, name))
    homes = {node.id: loops for node, loops in walk(graph.nodes)}
    branches, scopes = branches_of(graph.nodes), _scopes(graph)
    sound = True
    for writer in calls:
        for pipe in writer.pipes:
            readers = reading.get(pipe.origin, [])
            found = [*_count(pipe, readers)] if readers or pipe.span not in misused else []
            for reader, name in readers[:1]:
                found += _apart(pipe, reader, name, homes[writer.id], homes[reader.id])
                same = branches.get(writer.id) == branches.get(reader.id), scopes[writer.id] == scopes[reader.id]
                found += _together(pipe, reader, name, *same)
            sound = sound and not found
            yield from found
    if sound:
        bodies = [graph.nodes, *(body_of(node) for node, _ in walk(graph.nodes))]
        for body in bodies:
            yield from _waits(body)


def _scopes(graph: Graph) -> dict[str, frozenset[str]]:
    """For each node the helpers in whose scope it stands."""
    closes = [node for node, _ in walk(graph.nodes) if isinstance(node, Close)]
    return {
        node.id: frozenset(
            one.opened for one in closes for name in (node.id, *(each.id for each in loops)) if name in one.after
        )
        for node, loops in walk(graph.nodes)
    }


def _count(pipe: Pipe, readers: Sequence[tuple[Call, str]]) -> Iterator[Diagnostic]:
    if not readers:
        yield error(
            CODE,
            f"nobody reads the stream `{pipe.name}`, and a pipe holds next to nothing",
            pipe.span,
            "would wait for a reader",
            help="give it to one stage, or let this one write a file",
        )
    for reader, name in readers[1:]:
        first, other = readers[0]
        yield error(
            CODE,
            f"the stream `{pipe.name}` is read twice, and each reader would get a part of it",
            reader.spans[name],
            "the second reader",
            (first.spans[other], "the first reader"),
            (pipe.span, "the stream begins here"),
            help="a stream has one reader: let the stage write a file for several",
        )


def _apart(pipe: Pipe, reader: Call, name: str, mine: Sequence[Loop], theirs: Sequence[Loop]) -> Iterator[Diagnostic]:
    if tuple(mine) == tuple(theirs):
        return
    loop = next(each for each in (*theirs, *mine) if each not in mine or each not in theirs)
    yield error(
        CODE,
        f"the stream `{pipe.name}` begins in one body, and is read in another",
        reader.spans[name],
        "read here",
        (pipe.span, "begins here, once for each element" if mine else "begins here, once"),
        (loop.span, "what this goes over is not active all at once"),
        help="call both stages in the same body",
    )


def _together(pipe: Pipe, reader: Call, name: str, branch: bool, scope: bool) -> Iterator[Diagnostic]:
    if branch and scope:
        return
    word = "with" if branch else "if"
    yield error(
        CODE,
        f"the stream `{pipe.name}` begins and ends on two sides of {'a' if branch else 'an'} `{word}`",
        reader.spans[name],
        "read here",
        (pipe.span, "begins here"),
        help=f"call both stages inside of the `{word}`, or both outside",
    )


def _waits(body: Sequence[Node]) -> Iterator[Diagnostic]:
    """Chains of which one call waits for the end of another, or keeps a helper from it."""
    before = waiting_for(body)
    for members in chains(body):
        way = _way(members, before)
        if way is not None:
            yield _waiting(body, members, way)
            continue
        for index, member in enumerate(members):
            for other in members[:index]:
                yield from _guarded(body[other], body[member])


def _way(members: Sequence[int], before: Sequence[Sequence[int]]) -> list[int] | None:
    """From one of the calls to one that it waits for, by way of what it waits for itself."""
    for start in members:
        came: dict[int, int] = {}
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for needed in before[here]:
                if needed in came or needed == start:
                    continue
                came[needed] = here
                if needed in members:
                    way = [needed]
                    while way[-1] != start:
                        way.append(came[way[-1]])
                    return way[::-1]
                waiting.append(needed)
    return None


def _waiting(body: Sequence[Node], members: Sequence[int], way: Sequence[int]) -> Diagnostic:
    last, first = body[way[0]], body[way[-1]]
    through = " → ".join(f"`{_called(body[index])}`" for index in way)
    spans = [
        (body[index].span, f"`{_called(body[index])}` waits for `{_called(body[needed])}`")
        for index, needed in pairwise(way)
    ]
    return error(
        CODE,
        f"`{_called(last)}` and `{_called(first)}` run at once, joined by a stream, and one waits for the other's end",
        spans[0][0],
        spans[0][1],
        *_others(spans[1:]),
        (first.span, "which runs at the same time"),
        note=f"it waits: {through}",
        help="let the reader get all that it needs through the stream, or let files go from stage to stage",
    )


def _others(spans: Sequence[tuple[Span, str]]) -> Sequence[tuple[Span, str]]:
    return spans[:4]


def _called(node: Node) -> str:
    return node.stage.name.text if isinstance(node, Call) else node.id.rpartition("/")[2]


def _guarded(one: Node, other: Node) -> Iterator[Diagnostic]:
    """A helper that one of them has for itself is one that the other cannot speak to."""
    if not isinstance(one, Call) or not isinstance(other, Call):
        return
    for mine, theirs in ((one, other), (other, one)):
        for name, origin in mine.given.items():
            if isinstance(origin, FromHelper) and origin in mine.guards and origin in theirs.given.values():
                who, others = _called(mine), _called(theirs)
                yield error(
                    CODE,
                    f"`{who}` has a helper for itself, and `{others}`, which runs at once, speaks to it",
                    mine.spans.get(name, mine.span),
                    "guarded here",
                    (theirs.span, "joined to it by a stream"),
                    help="let only one of them speak to the helper, or join them by a file",
                )
                return
