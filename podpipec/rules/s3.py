"""S3, single assignment: a name, and a path on a place, is written once, by one stage."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.branches import branches_of, opposite
from podpipec.graph.nodes import Crossing, Graph, Keep, Loop, Ordered, Walk, walk
from podpipec.rules.checked import Checked
from podpipec.rules.paths import paths
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies, brings
from podpipec.types.typed import FromItem, FromShards, Item, Shard

CODE = "S3"
TITLE = "single assignment"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Names that are written twice in a flow, and copies that are written over each other."""
    for flow in checked.typed.flows.values():
        yield from _names(flow.declared)
    for graph in (*checked.graphs, *checked.units):
        yield from _paths(graph)
    for graph in checked.across:
        yield from _units(graph)


def _names(flow: tree.Flow) -> Iterator[Diagnostic]:
    given = {parameter.name.text: parameter.name.span for parameter in flow.inputs}
    yield from _names_in(flow.body, given)


def _names_in(body: tuple[tree.Statement, ...], around: dict[str, Span]) -> Iterator[Diagnostic]:
    written = dict(around)
    for statement in body:
        if isinstance(statement, tree.Let | tree.Flowing):
            name = statement.name
            first = written.setdefault(name.text, name.span)
            if first is not name.span:
                yield _twice(name, first)
    for statement in body:
        brought = brings(statement.value)
        for name in brought:
            if name.text in written:
                yield _twice(name, written[name.text])
        for inner in bodies(statement.value):
            yield from _names_in(inner, {**written, **{name.text: name.span for name in brought}})


def _twice(name: tree.Name, first: Span) -> Diagnostic:
    return error(
        CODE,
        f"`{name.text}` is written twice",
        name.span,
        "written again here",
        (first, "first written here"),
        help=f"give the second value a name of its own, such as `{name.text}_2`",
    )


def _paths(graph: Graph) -> Iterator[Diagnostic]:
    seen: dict[tuple[object, ...], list[Keep]] = {}
    branches = branches_of(graph.nodes)
    for node, around in walk(graph.nodes):
        if not isinstance(node, Keep):
            continue
        remote = node.place == "remote"
        places = dict.fromkeys(paths(node, around, graph) if remote else ((node.value, node.place),))
        earlier = [one for place in places for one in seen.get(place, ())]
        first = next((one for one in earlier if not opposite(branches, one.id, node.id)), None)
        for place in places:
            seen.setdefault(place, []).append(node)
        if first is not None:
            what = "this path is written twice" if remote else f"this is kept in `{node.place}` twice"
            yield error(
                CODE,
                what,
                max(first.span, node.span, key=_start),
                "written again here",
                (min(first.span, node.span, key=_start), "first written here"),
                help="keep it once, or name another path",
            )
        if remote:
            yield from _every_element(node, around)


def _start(span: Span) -> int:
    return span.start


def _units(graph: Graph) -> Iterator[Diagnostic]:
    """Units that are at work for many elements, and write to one path."""
    for node, around in walk(graph.nodes):
        if not isinstance(node, Crossing) or node.unit is None:
            continue
        for keep, _ in walk(node.unit.graph.nodes):
            if isinstance(keep, Keep) and keep.place == "remote":
                told_apart = any(isinstance(part, Shard) for part in keep.path)
                for each in around:
                    if each.length != 1 and not (told_apart and each.over in _shards(node, around)):
                        yield _one_path(keep, each, "put `{shard}` into the path, or keep the list after the `each`")


def _shards(crossing: Crossing, around: tuple[Loop, ...]) -> set[object]:
    """The lists of shards of which a unit is given an element."""
    given = set(crossing.args.values())
    return {
        each.over for each in around if each.single and isinstance(each.over, FromShards) and FromItem(each.id) in given
    }


def _every_element(keep: Keep, around: tuple[Loop, ...]) -> Iterator[Diagnostic]:
    """Inside a loop the path must tell what it goes over apart."""
    named = {part.name for part in keep.path if isinstance(part, Item)}
    shard = any(isinstance(part, Shard) for part in keep.path)
    for loop in around:
        told_apart = loop.id in named or (shard and loop.single and isinstance(loop.over, FromShards))
        if isinstance(loop, Walk):
            yield _one_path(
                keep, loop, "a node has no name to show: send the value `up`, and keep what the `walk` gives"
            )
        elif isinstance(loop, Ordered):
            yield _one_path(keep, loop, "a node has no name to show: let it give the value, and keep the list")
        elif not told_apart and loop.length != 1:
            yield _one_path(
                keep,
                loop,
                "put the element into the path, as `{s}` for `each s in …`",
                "an element without a name to show is kept in a list, after the `each`",
            )


def _one_path(keep: Keep, loop: Loop, *help_: str) -> Diagnostic:
    what, many = ("node", "nodes") if isinstance(loop, Walk | Ordered) else ("element", "elements")
    return error(
        CODE,
        f"every {what} writes this one path",
        keep.span,
        f"written once for each {what}",
        (loop.span, f"this `{loop.word}` goes over the {many}"),
        help=help_,
    )
