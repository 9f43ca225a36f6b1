"""S3 for copies in `remote`: each path is written once, by one value; units across pods are asked together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.branches import Branch, branches_of, opposite
from podpipec.graph.nodes import Graph, Loop, Ordered, Walk
from podpipec.rules.paths import Path, Write, paths, writes
from podpipec.rules.s3 import CODE, again
from podpipec.types.origin import FromShards, FromWindows

_CALLED = "in a unit that is called here"


def remote_paths(graph: Graph) -> Iterator[Diagnostic]:
    """Copies that are written over each other."""
    seen: dict[Path, list[Write]] = {}
    branches = branches_of(graph.nodes)
    for write in writes(graph):
        found = list(paths(write))
        places = dict.fromkeys(found)
        earlier = (one for place in places for one in seen.get(place, ()))
        first = next((one for one in earlier if _meets(one, write, branches)), None)
        for place in places:
            seen.setdefault(place, []).append(write)
        if first is not None:
            yield _written_twice(first, write)
        yield from _every_element(write)
        if len(places) < len(found):
            yield from _alike(write)


def _meets(one: Write, other: Write, branches: Mapping[str, frozenset[Branch]]) -> bool:
    """Whether both are written in one run; of what one unit writes that is asked of the unit itself."""
    return one.by != other.by and not opposite(branches, one.by, other.by)


def _written_twice(first: Write, second: Write) -> Diagnostic:
    """Two copies of one path, or, of a flow that is called for two units, two calls."""
    what, calls = "this path is written twice", [call for call in (first.call, second.call) if call is not None]
    if first.keep.span != second.keep.span or len(set(calls)) < 2:
        called = tuple((call, _CALLED) for call in dict.fromkeys(calls))
        return again(what, first.keep.span, second.keep.span, "keep it once, or name another path", *called)
    return again(
        what,
        calls[0],
        calls[1],
        "call it once, or let a flow of its own keep it at another path",
        (first.keep.span, "by this copy"),
    )


def _every_element(write: Write) -> Iterator[Diagnostic]:
    """Inside a loop the path must tell what it goes over apart."""
    for loop in write.around:
        if isinstance(loop, Walk):
            yield _one_path(
                write, loop, "a node has no name to show: send the value `up`, and keep what the `walk` gives"
            )
        elif isinstance(loop, Ordered):
            yield _one_path(write, loop, "a node has no name to show: let it give the value, and keep the list")
        elif loop.id not in write.shows and loop.length != 1:
            yield _one_path(write, loop, *_instead(write, loop))


def _instead(write: Write, loop: Loop) -> tuple[str, ...]:
    """What tells the elements of a loop apart."""
    if write.call is None:
        return (
            "put the element into the path, as `{s}` for `each s in …`",
            "an element without a name to show is kept in a list, after the `each`",
        )
    word = {FromShards: "shard", FromWindows: "window"}.get(type(loop.over)) if loop.single else None
    after = f"keep the list after the `{loop.word}`"
    return (f"give the unit the element, and put `{{{word}}}` into the path, or {after}" if word else after,)


def _alike(write: Write) -> Iterator[Diagnostic]:
    """A path that names what it tells apart, and comes to one text twice."""
    shown = [loop for loop in write.around if loop.id in write.shows]
    if shown:  # else it is all inside of a unit, and asked of the unit itself
        yield error(
            CODE,
            "two elements write one path",
            write.keep.span,
            "names that stand side by side come to the same text",
            *((loop.span, f"this `{loop.word}` goes over the elements") for loop in shown),
            help="put a text between them that is part of no name, such as `/`",
        )


def _one_path(write: Write, loop: Loop, *help_: str) -> Diagnostic:
    what, many = ("node", "nodes") if isinstance(loop, Walk | Ordered) else ("element", "elements")
    return error(
        CODE,
        f"every {what} writes this one path",
        write.keep.span,
        f"written once for each {what}",
        (loop.span, f"this `{loop.word}` goes over the {many}"),
        *(((write.call, _CALLED),) if write.call is not None else ()),
        help=help_,
    )
