"""L5: what stages share while they run stays with them: in one pod, between what is active at once.

This is about helpers, and about what streams cannot be; how they join calls is in `joining`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Crossing, Open
from podpipec.graph.traversal import walk
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies, brings
from podpipec.types.declarations import Stage
from podpipec.types.every_step import every_step
from podpipec.types.order import bound, uses
from podpipec.types.origin import FromHelper, FromStep
from podpipec.types.typed import CallStep, Flow, Misuse, Step, WithStep

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
    for stage in checked.typed.stages.values():
        yield from _retried(stage)
    misused = {at for flow in checked.typed.flows.values() for at in _begun(flow)}
    for graph in checked.in_pods:
        if any(isinstance(node, Call) and node.pipes for node, _ in walk(graph.nodes)):
            from podpipec.rules.joining import streams

            yield from streams(graph, misused)
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
    "pin": (
        "cannot be recorded",
        "what it knows ends with it",
        "let a stage write what it knows to a file, and pin that",
    ),
    "element": ("cannot be in a list", "each element's result", "end the body with what a stage gives"),
    "branch": ("cannot come out of a branch", "what the branch gives", "end the branch with what a stage gives"),
    "carried": ("cannot be handed on", "to the next of them", "all of them can speak to it: give it to their stages"),
    "with": ("cannot leave its `with`", "the last line is the value", "end the body with what a stage gives"),
    "result": ("cannot be a result", "handed out here", "a result is what a stage wrote"),
    "after": ("cannot be waited for", "it is there as long as its `with`", "wait for a stage that speaks to it"),
}


_FILE = "let the stage write a file: `T` instead of `Stream<T>`"
_STREAMS = {
    "keep": ("cannot be kept", "it lies nowhere", _FILE),
    "move": ("cannot be moved", "it lies nowhere", _FILE),
    "each": ("is no list", "one pipe", _FILE),
    "pin": ("cannot be recorded", "it lies nowhere", _FILE),
    "element": ("cannot be in a list", "each element's result", _FILE),
    "branch": ("cannot come out of a branch", "what the branch gives", _FILE),
    "carried": ("cannot be handed on", "to the next of them", _FILE),
    "with": ("cannot leave its body", "the last line is the value", _FILE),
    "result": ("cannot be a result", "handed out here", _FILE),
    "after": ("cannot be waited for", "it ends when its reader does", "wait for what the reader gives"),
}


def _misused(flow: Flow) -> Iterator[Diagnostic]:
    started, made = dict(_started(flow.steps)), dict(_calls(flow.steps))
    for one in flow.misused:
        if one.value.content.stream:
            what, label, help_ = _STREAMS[one.how]
            ends = tuple(_producer(one, made))
            yield error(CODE, f"a stream {what}", one.span, label, *ends, help=help_)
        else:
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


def _begun(flow: Flow) -> Iterator[Span]:
    """Where streams begin that are misused."""
    made = dict(_calls(flow.steps)) if flow.misused else {}
    for one in flow.misused:
        for at, _ in _producer(one, made):
            yield at


def _producer(one: Misuse, made: Mapping[str, Span]) -> Iterator[tuple[Span, str]]:
    if isinstance(one.value.origin, FromStep) and one.value.origin.step in made:
        yield made[one.value.origin.step], "the stream begins here"


def _calls(steps: Sequence[Step]) -> Iterator[tuple[str, Span]]:
    for step in every_step(steps):
        if isinstance(step, CallStep):
            yield step.id, step.span


def _started(steps: Sequence[Step]) -> Iterator[tuple[str, Span]]:
    for step in every_step(steps):
        if isinstance(step, WithStep):
            yield step.id, step.span


def _retried(stage: Stage) -> Iterator[Diagnostic]:
    """What went through a pipe is gone: the stage alone cannot be tried again, and the others know nothing of it."""
    pipe = next((port for port in (*stage.inputs, *stage.outputs) if port.content.stream), None)
    if pipe is not None and stage.retry:
        yield error(
            CODE,
            f"`{stage.name.text}` would be tried again, and what went through `{pipe.name}` is gone",
            stage.settings["retry"],
            "only this stage would begin again",
            (pipe.span, "a stream"),
            help="take the `retry` away, or let a file go from stage to stage",
        )


def _across(flow: Flow) -> Iterator[Diagnostic]:
    """The calls of a flow across pods are in pods of their own, and a pipe would lead nowhere."""
    for step in every_step(flow.steps):
        if isinstance(step, CallStep) and any(
            port.content.stream for port in (*step.stage.inputs, *step.stage.outputs)
        ):
            yield error(
                CODE,
                f"`{step.stage.name.text}` is called in a flow across pods, in a pod of its own, and has a stream",
                step.span,
                "a pipe does not leave its pod",
                (flow.declared.name.span, "a flow across pods"),
                help="call both ends of the stream in a flow on one pod",
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
