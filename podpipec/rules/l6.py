"""L6: what is read was written; no use before publication, on every path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.diagnostics import Diagnostic, Fix, did_you_mean, error
from podpipec.graph.nodes import Graph, Walk
from podpipec.graph.traversal import walk
from podpipec.graph.walking import after_children
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies, brings, reads
from podpipec.types.declarations import Output, Stage
from podpipec.types.order import bound, uses
from podpipec.types.origin import step_of

CODE = "L6"
TITLE = "what is read was written"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Outputs that no command is told to write, results that nothing writes, names read outside of their block, what
    goes down a tree before it is there."""
    for stage in checked.typed.stages.values():
        yield from _outputs(stage)
    for path, loaded in checked.typed.program.files.items():
        for flow in loaded.module.declarations:
            if isinstance(flow, tree.Flow):
                broken = any(
                    span.path == path and flow.span.start <= span.start <= flow.span.end for span in loaded.broken
                )
                yield from _results(flow, broken)
                yield from _outside(flow.body, {})
    for graph in checked.graphs:
        for node, _ in walk(graph.nodes):
            if isinstance(node, Walk):
                yield from _down(graph, node)


def _outputs(stage: Stage) -> Iterator[Diagnostic]:
    told = {part.name for word in stage.command.words for part in word if isinstance(part, Output)}
    for port in stage.outputs:
        if port.name not in told and stage.command.whole:
            sample = f"{{{port.name}}}" if stage.command.shell else port.name
            yield error(
                CODE,
                f"nothing tells the command of `{stage.name.text}` where to write `{port.name}`",
                port.span,
                "never written",
                (stage.command.span, "the command"),
                help=f"name it in the command: `{sample}` stands for the path of the output",
            )


def _results(flow: tree.Flow, broken: bool) -> Iterator[Diagnostic]:
    written = bound(flow.body)
    inner = dict(_inner(flow.body))
    given = {parameter.name.text for parameter in flow.inputs}
    for name in flow.results:
        if name.text in written or name.text in given or (broken and name.text not in inner):
            continue
        if name.text in inner:
            yield _read_outside(name, inner[name.text])
        else:
            near = did_you_mean(name.text, written)
            yield error(
                CODE,
                f"nothing writes the result `{name.text}`",
                name.span,
                "never written",
                (flow.name.span, "in this flow"),
                help=near or f"write it: `{name.text} = …`",
                # callers know the result by its name: the statement may be what is misspelt
                fix=Fix(name.span, near[0].near, "suggestion") if near else None,
            )


def _inner(body: tuple[tree.Statement, ...]) -> Iterator[tuple[str, tuple[Span, tree.Work]]]:
    """Names that are written in the bodies of blocks, where, and in which block."""
    waiting: list[tree.Work] = [statement.value for statement in body]
    while waiting:
        block = waiting.pop()
        for inner in bodies(block):
            for name, let in bound(inner).items():
                yield name, (let.name.span, block)
            waiting += [statement.value for statement in inner]


_Written = dict[str, tuple[Span, tree.Work]]


def _outside(
    body: tuple[tree.Statement, ...], around: dict[str, object], beside: _Written | None = None
) -> Iterator[Diagnostic]:
    """Uses in one body of names that only a body inside it writes, or one beside it: another branch."""
    visible: dict[str, object] = {**around, **bound(body)}
    inner: _Written = {**(beside or {}), **dict(_inner(body))}
    for statement in body if inner else ():
        brought = {name.text: name for name in brings(statement.value)}
        own = {name for name, _ in _inner((statement,))} | set(brought)
        for name in uses(statement):
            if name.text in inner and name.text not in visible and name.text not in own:
                yield _read_outside(name, inner[name.text])
        for block in bodies(statement.value):
            for line in block:
                if isinstance(line, tree.Flowing) and line.start is not None:
                    yield from _begins(line.start, {**visible, **bound(block)}, visible)
            yield from _outside(block, {**visible, **brought}, {**(beside or {}), **_others(statement.value, block)})


def _others(work: tree.Work, block: tuple[tree.Statement, ...]) -> _Written:
    """What the other bodies of the same work write: opposite branches of a choice."""
    found: _Written = {}
    for other in bodies(work):
        if other is not block:
            found.update(_inner(other))
            found.update((name, (let.name.span, work)) for name, let in bound(other).items())
    return found


def _begins(
    start: tree.Expression, visible: Mapping[str, object], around: Mapping[str, object]
) -> Iterator[Diagnostic]:
    """What goes on from element to element begins before there is one."""
    for name in (start, *reads(start)):
        here = visible.get(name.text) if isinstance(name, tree.Name) and name.text not in around else None
        if isinstance(here, tree.Let | tree.Flowing) and isinstance(name, tree.Name):
            yield error(
                CODE,
                f"`{name.text}` is written for each element, and is not there before the first",
                name.span,
                "read before the first element",
                (here.name.span, "written here"),
                help="begin with a value from outside of the block",
            )


def _down(graph: Graph, walk_: Walk) -> Iterator[Diagnostic]:
    """What goes down must be there before the children begin, and so cannot be made of what comes up from them."""
    late = {walk_.body[index].id for index in after_children(walk_)}
    for down in walk_.downs:
        made = graph.data.get(down.value)
        if step_of(down.value) in late and made is not None:
            yield error(
                CODE,
                f"`{down.name}` goes down before the children begin, and is made from what comes up from them",
                made.span,
                "not there yet when it goes down",
                (walk_.span, "in this `walk`"),
                help="make it from the node, and from what came down from its parent",
            )


#: What a block is called, what its body is run for, and how a value is brought out of it.
_BLOCKS: dict[type, tuple[str, str, str]] = {
    tree.Each: ("each", "for each element", "collect it: end the body with `{}`, and name the list: `all = each …`"),
    tree.Fold: ("fold", "for each group", "end the body with `{}`, and name what the `fold` gives: `all = fold …`"),
    tree.Cycle: ("cycle", "for each element", "hand it on: `carry x from … = {}`, and name what the `cycle` gives"),
    tree.Ordered: ("run", "for each node", "collect it: end the body with `{}`, and name the list: `all = run … in …`"),
    tree.Walk: ("walk", "for each node", "send it up: `up x = {}`, and name what the `walk` gives: `all = walk …`"),
}


def _read_outside(name: tree.Name, where: tuple[Span, tree.Work]) -> Diagnostic:
    written, block = where
    if isinstance(block, tree.If):
        return _in_a_branch(name, written, block)
    if isinstance(block, tree.With):
        return _read_after_with(name, written, block)
    word, what, way = _BLOCKS.get(type(block), _BLOCKS[tree.Each])
    opening = Span(block.span.path, block.span.start, block.span.start + len(word))
    return error(
        CODE,
        f"`{name.text}` is written once {what}, and is not there outside",
        name.span,
        f"read here, after the `{word}`",
        (written, "written here"),
        (opening, f"inside this `{word}`"),
        help=way.format(name.text),
    )


def _in_a_branch(name: tree.Name, written: Span, choice: tree.If) -> Diagnostic:
    opening = Span(choice.span.path, choice.span.start, choice.span.start + len("if"))
    return error(
        CODE,
        f"`{name.text}` is written in one branch, and is not there outside",
        name.span,
        "read here, whichever branch ran",
        (written, "written here"),
        (opening, "inside this `if`"),
        help=f"end both branches with a value, and name what the `if` gives: `{name.text} = if … {{ … }} else …`",
    )


def _read_after_with(name: tree.Name, written: Span, block: tree.With) -> Diagnostic:
    opening = Span(block.span.path, block.span.start, block.span.start + len("with"))
    return error(
        CODE,
        f"`{name.text}` is written inside a `with`, and is not there outside",
        name.span,
        "read here, after the `with`",
        (written, "written here"),
        (opening, "inside this `with`"),
        help=f"end the body with `{name.text}`, and name the block: `{name.text} = with …`",
    )
