"""S3, single assignment: a name, and a path on a place, is written once, by one stage."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.branches import branches_of, opposite
from podpipec.graph.nodes import Crossing, Graph, Keep
from podpipec.graph.traversal import walk
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies, brings
from podpipec.types.declarations import Place
from podpipec.types.origin import Origin

CODE = "S3"
TITLE = "single assignment"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Names that are written twice in a flow, and copies that are written over each other."""
    for flow in checked.typed.flows.values():
        yield from _names(flow.declared)
    for graph in (*checked.graphs, *checked.units):
        yield from _copies(graph)
        if _sends(graph):
            from podpipec.rules.s3_remote import remote_paths  # few flows keep anything there

            yield from remote_paths(graph)


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


def _sends(graph: Graph) -> bool:
    """Whether a flow keeps anything in `remote`, itself or by what it calls on other pods."""
    nodes = (node for node, _ in walk(graph.nodes))
    return any(isinstance(node, Crossing) or (isinstance(node, Keep) and node.place == "remote") for node in nodes)


def _copies(graph: Graph) -> Iterator[Diagnostic]:
    """Values that are kept on one place of the pod twice."""
    seen: dict[tuple[Origin, Place], list[Keep]] = {}
    branches = branches_of(graph.nodes)
    for node, _ in walk(graph.nodes):
        if isinstance(node, Keep) and node.place != "remote":
            earlier = seen.setdefault((node.value, node.place), [])
            first = next((one for one in earlier if not opposite(branches, one.id, node.id)), None)
            earlier.append(node)
            if first is not None:
                what = f"this is kept in `{node.place}` twice"
                yield again(what, first.span, node.span, "keep it once, or name another path")


def again(what: str, one: Span, other: Span, help_: str, *more: tuple[Span, str]) -> Diagnostic:
    """The finding that the same place is written to again, at whichever stands later in the source."""
    first, second = sorted((one, other), key=lambda span: span.start)
    return error(CODE, what, second, "written again here", (first, "first written here"), *more, help=help_)
