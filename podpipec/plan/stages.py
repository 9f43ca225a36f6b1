"""The stages of a plan, each once, with their commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from podpipec.graph.nodes import Attempt, Call, Graph
from podpipec.graph.traversal import walk
from podpipec.syntax import tree
from podpipec.types.declarations import Code, Command, Input, Output, Part, Stage
from podpipec_runtime.plan import types as plan


def stages_of(graph: Graph, names: Mapping[tree.Name, str]) -> tuple[plan.Stage, ...]:
    """Every stage that the graph calls, by its name in the plan."""
    stages = {
        one.stage.name: one.stage for node, _ in walk(graph.nodes) if isinstance(node, Call) for one in node.attempts
    }
    return tuple(sorted((_stage(stage, names[name]) for name, stage in stages.items()), key=lambda stage: stage.name))


def stage_names(graph: Graph) -> dict[tree.Name, str]:
    """A name for each stage of a graph."""
    return numbered({one.stage.name for one in _attempts(graph)})


def numbered(found: Iterable[tree.Name]) -> dict[tree.Name, str]:
    """What each is called in a plan: its own name, with a number where files declare two of one name."""
    used: dict[str, int] = {}
    names: dict[tree.Name, str] = {}
    for name in sorted(found, key=lambda name: name.span):
        used[name.text] = used.get(name.text, 0) + 1
        names[name] = name.text if used[name.text] == 1 else f"{name.text}_{used[name.text]}"
    return names


def _attempts(graph: Graph) -> Iterator[Attempt]:
    """All that may be called."""
    for node, _ in walk(graph.nodes):
        if isinstance(node, Call):
            yield from node.attempts


def _stage(stage: Stage, name: str) -> plan.Stage:
    return plan.Stage(
        name=name,
        command=command_of(stage.command),
        inputs=tuple(plan.Port(name=port.name, content=str(port.content)) for port in stage.inputs),
        outputs=tuple(plan.Port(name=port.name, content=str(port.content)) for port in stage.outputs),
        image=stage.image,
        code=None if stage.code is None else plan.Code(name=stage.code[0], text=stage.code[1]),
        cpu=stage.cpu,
        memory=stage.memory,
        retry=stage.retry,
        timeout=stage.timeout,
        calls=tuple(service.name.text for service in stage.calls),
        idempotent=stage.idempotent,
        secrets=tuple(secret.name.text for secret in stage.secrets),
    )


def command_of(command: Command) -> plan.Exec | plan.Shell:
    """What a stage or helper runs."""
    words = tuple(tuple(_part(part) for part in word) for word in command.words)
    return plan.Shell(script=words[0]) if command.shell else plan.Exec(words=words)


def _part(part: Part) -> plan.Part:
    match part:
        case Input():
            return plan.InputPart(name=part.name)
        case Output():
            return plan.OutputPart(name=part.name)
        case Code():
            return plan.CodePart()
        case str():
            return part
