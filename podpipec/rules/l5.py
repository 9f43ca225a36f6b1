"""L5: what stages share while they run stays with them: in one pod, between what is active at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Crossing, Open, walk
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies, brings
from podpipec.types.order import bound, uses
from podpipec.types.typed import EachStep, Flow, FromHelper, IfStep, Misuse, Step, WithStep

CODE = "L5"
TITLE = "streams and helpers only between what is active at once in one pod"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Helpers outside of their `with`, and where only what has bytes of its own can be."""
    for flow in checked.typed.flows.values():
        yield from _misused(flow)
        if flow.declared.across:
            yield from _across(flow)
        given = {parameter.name: None for parameter in flow.parameters}
        yield from _outside(flow.declared.body, given)
    for graph in checked.in_pods:
        opened = {node.id: node for node, _ in walk(graph.nodes) if isinstance(node, Open)}
        for node, _ in walk(graph.nodes):
            if isinstance(node, Crossing):
                yield from _crossing(node, opened)


# --- what is done with a helper --------------------------------------------------------------

#: What cannot be done, and what to do instead.
_WAYS = {
    "keep": (
        "cannot be kept",
        "what it knows ends with it",
        "let a stage write what it knows to a file, and keep that",
    ),
    "move": ("cannot be moved", "it lies nowhere", "take the `move` away"),
    "each": ("is no list", "one container", "go over what a stage gives"),
    "element": ("cannot be in a list", "each element's result", "end the body with what a stage gives"),
    "with": ("cannot leave its `with`", "the last line is the value", "end the body with what a stage gives"),
    "result": ("cannot be a result", "handed out here", "a result is what a stage wrote"),
    "after": ("cannot be waited for", "it is there as long as its `with`", "wait for a stage that speaks to it"),
}


def _misused(flow: Flow) -> Iterator[Diagnostic]:
    started = dict(_started(flow.steps))
    for one in flow.misused:
        what, label, help_ = _WAYS[one.how]
        yield error(CODE, f"a helper {what}", one.span, label, *_other_end(one, flow, started), help=help_)


def _other_end(one: Misuse, flow: Flow, started: Mapping[str, Span]) -> Iterator[tuple[Span, str]]:
    """Where the helper comes from."""
    if isinstance(one.value.origin, FromHelper):
        if one.value.origin.step in started:
            yield started[one.value.origin.step], "the helper is started here"
        return
    for parameter in flow.parameters:
        if parameter.content == one.value.content:
            yield parameter.span, "the helper is given here"


def _started(steps: Sequence[Step]) -> Iterator[tuple[str, Span]]:
    for step in steps:
        if isinstance(step, WithStep):
            yield step.id, step.span
        if isinstance(step, WithStep | EachStep):
            yield from _started(step.body)
        elif isinstance(step, IfStep):
            yield from _started((*step.then, *step.otherwise))


def _across(flow: Flow) -> Iterator[Diagnostic]:
    """The calls of a flow across pods are in pods of their own, and a helper would be in none of them."""
    for _, at in _started(flow.steps):
        yield error(
            CODE,
            f"`{flow.declared.name.text}` runs across pods, and a helper is in one",
            at,
            "in which pod?",
            (flow.declared.name.span, "a flow across pods"),
            help="write the `with` into a flow that is called",
        )


def _crossing(node: Crossing, opened: Mapping[str, Open]) -> Iterator[Diagnostic]:
    """A helper is reached at `localhost`, which is another one in another pod."""
    for name, origin in node.args.items():
        if isinstance(origin, FromHelper):
            called = node.flow.declared
            yield error(
                CODE,
                f"`{called.name.text}` runs on another pod, where this helper is not",
                node.spans[name],
                "would leave the pod here",
                (opened[origin.step].span, "the helper is started here"),
                help="start one there: write the `with` into the flow that is called",
            )


# --- a helper's name outside -----------------------------------------------------------------


def _inner(body: tuple[tree.Statement, ...]) -> Iterator[tuple[str, tree.With]]:
    """The helpers of a body, and of the bodies in it, by their names."""
    waiting: list[tree.Work] = [statement.value for statement in body]
    while waiting:
        block = waiting.pop()
        if isinstance(block, tree.With):
            yield block.name.text, block
        for inner in bodies(block):
            waiting += [statement.value for statement in inner]


def _outside(body: tuple[tree.Statement, ...], around: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Uses in one body of names that only a `with` inside it brings."""
    inner = dict(_inner(body))
    visible = {**around, **bound(body)}
    for statement in body if inner else ():
        own = {name for name, _ in _inner((statement,))}
        for name in uses(statement):
            if name.text in inner and name.text not in visible and name.text not in own:
                yield _told(name, inner[name.text])
        brought = {name.text: name for name in brings(statement.value)}
        for block in bodies(statement.value):
            yield from _outside(block, {**visible, **brought})


def _told(name: tree.Name, block: tree.With) -> Diagnostic:
    return error(
        CODE,
        f"the helper `{name.text}` runs only as long as its `with`",
        name.span,
        "used outside",
        (block.name.span, "started for this `with`"),
        help="move this line into the `with`",
    )
