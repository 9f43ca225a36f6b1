"""From a checked graph to the plan that the runtime executes."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from podpipec.graph.liveness import Life, Liveness
from podpipec.graph.nodes import Call, Crossing, Datum, Each, Entry, Graph, Keep, Move, Node, walk
from podpipec.graph.slots import Allotment, allot
from podpipec.syntax import tree
from podpipec.types import typed
from podpipec.types.sizes import LARGEST
from podpipec.types.typed import (
    FromConstant,
    FromInput,
    FromItem,
    FromShards,
    FromStep,
    FromText,
    Origin,
    Template,
)
from podpipec_runtime.plan import types as plan


def lower(graph: Graph) -> plan.Plan:
    """The plan of a flow that no rule refuses."""
    allotment = allot(graph)
    names = stage_names(graph)
    liveness = Liveness(graph)
    lives = liveness.lives()
    places = tuple(place for place in typed.PLACES if place in graph.pod.places)
    peaks = {place: liveness.peak(place).bytes for place in places}
    return plan.Plan(
        version=1,
        flow=graph.flow.declared.name.text,
        pod=_pod(graph, allotment, liveness),
        inputs=tuple(_input(entry, graph) for entry in graph.entries),
        stages=_stages(graph, names),
        steps=tuple(_step(node, allotment, names) for node in graph.nodes),
        results=tuple(_result(graph, name, origin) for name, (origin, _) in graph.results.items()),
        lifetimes=tuple(_lifetime(life) for life in lives),
        peaks=tuple(plan.Peak(place=place, bytes=peak) for place, peak in peaks.items()),
        swaps=allotment.swaps,
    )


def _result(graph: Graph, name: str, origin: Origin) -> plan.Result:
    datum = graph.data.get(origin)
    content = datum.content._replace(name=datum.content.root) if datum else ""
    return plan.Result(name=name, value=_ref(origin), content=str(content))


# --- the pod ---


def _pod(graph: Graph, allotment: Allotment, liveness: Liveness) -> plan.Pod:
    pod = graph.pod
    charged = liveness.charged(allotment.homes, len(allotment.slots))
    slots = tuple(
        plan.Slot(cpu=slot.cpu, memory=slot.memory + scratch, image=slot.image)
        for slot, scratch in zip(allotment.slots, charged, strict=True)
    )
    places = tuple(
        plan.Place(
            name=place,
            bytes=pod.places[place],
            storage_class=pod.storage_class if place == "volume" else None,
        )
        for place in typed.PLACES
        if place in pod.places
    )
    return plan.Pod(
        name=pod.name.text,
        cpu=pod.cpu,
        exclusive=pod.exclusive,
        memory=pod.memory,
        slots=slots,
        places=places,
    )


# --- inputs and stages ---


def _input(entry: Entry, graph: Graph) -> plan.Input:
    snapshot = entry.snapshot
    slice_ = "whole" if not snapshot.shards else "shards" if entry.as_many else "shard"
    return plan.Input(
        name=entry.name,
        snapshot=snapshot.name.text,
        content=str(snapshot.content),
        source=_template(_from_entry(snapshot, graph)),
        slice=slice_,  # type: ignore[arg-type]  # one of the three
        shards=snapshot.shards,
        window=None if snapshot.window is None else int(snapshot.window),
        bytes=snapshot.size or 0,
        place=entry.place,
    )


def _from_entry(snapshot: typed.Snapshot, graph: Graph) -> Template:
    """A path is relative to the file that declares it; the runtime is told the folder of the program alone."""
    first = snapshot.source[0] if snapshot.source else ""
    if isinstance(first, str) and ("://" in first or first.startswith("/")):
        return snapshot.source
    here, there = (posixpath.dirname(path) or "." for path in (graph.flow.declared.span.path, snapshot.name.span.path))
    folder = posixpath.relpath(there, here)
    return snapshot.source if folder == "." else _prefixed(folder + "/", snapshot.source)


def _prefixed(folder: str, source: Template) -> Template:
    first = source[0] if source else ""
    return (folder + first, *source[1:]) if isinstance(first, str) else (folder, *source)


def _stages(graph: Graph, names: Mapping[tree.Name, str]) -> tuple[plan.Stage, ...]:
    stages = {node.stage.name: node.stage for node, _ in walk(graph.nodes) if isinstance(node, Call)}
    return tuple(sorted((_stage(stage, names[name]) for name, stage in stages.items()), key=lambda stage: stage.name))


def stage_names(graph: Graph) -> dict[tree.Name, str]:
    """A name for each stage of a graph: its own, with a number where files declare two of one name."""
    used: dict[str, int] = {}
    names: dict[tree.Name, str] = {}
    found = {node.stage.name for node, _ in walk(graph.nodes) if isinstance(node, Call)}
    for name in sorted(found, key=lambda name: name.span):
        used[name.text] = used.get(name.text, 0) + 1
        names[name] = name.text if used[name.text] == 1 else f"{name.text}_{used[name.text]}"
    return names


def _stage(stage: typed.Stage, name: str) -> plan.Stage:
    return plan.Stage(
        name=name,
        command=_command(stage.command),
        inputs=tuple(plan.Port(name=port.name, content=str(port.content)) for port in stage.inputs),
        outputs=tuple(plan.Port(name=port.name, content=str(port.content)) for port in stage.outputs),
        image=stage.image,
        code=None if stage.code is None else plan.Code(name=stage.code[0], text=stage.code[1]),
        cpu=stage.cpu,
        memory=stage.memory,
        retry=stage.retry,
        timeout=stage.timeout,
    )


def _command(command: typed.Command) -> plan.Exec | plan.Shell:
    words = tuple(tuple(_part(part) for part in word) for word in command.words)
    return plan.Shell(script=words[0]) if command.shell else plan.Exec(words=words)


def _part(part: typed.Part) -> plan.Part:
    match part:
        case typed.Input():
            return plan.InputPart(name=part.name)
        case typed.Output():
            return plan.OutputPart(name=part.name)
        case typed.Code():
            return plan.CodePart()
        case str():
            return part


# --- steps ---


def _step(node: Node, allotment: Allotment, names: Mapping[tree.Name, str]) -> plan.Step:
    match node:
        case Call():
            return plan.Call(
                id=node.id,
                stage=names[node.stage.name],
                args={name: _ref(origin) for name, origin in node.args.items()},
                outputs=tuple(_output(datum) for datum in node.outputs),
                slots=allotment.homes[node.id],
                after=node.after,
            )
        case Each():
            body = tuple(_step(inner, allotment, names) for inner in node.body)
            return plan.Each(
                id=node.id,
                over=_ref(node.over),
                body=body,
                yields=_ref(node.result),
                width=node.width,
                after=node.after,
            )
        case Keep():
            return plan.Keep(
                id=node.id,
                value=_ref(node.value),
                place=node.place,
                path=_template(node.path),
                after=node.after,
            )
        case Move():
            bound = node.output.bound.bytes if node.output.bound else 0
            return plan.Move(id=node.id, value=_ref(node.value), place=node.output.place, bytes=bound, after=node.after)
        case Crossing():
            raise ValueError(f"{node.id} crosses pods: refused before a plan is made")


def _output(datum: Datum) -> plan.Output:
    assert isinstance(datum.origin, FromStep)  # a call's outputs are its own
    return plan.Output(name=datum.origin.output, place=datum.place, bytes=datum.bound.bytes if datum.bound else 0)


def _lifetime(life: Life) -> plan.Lifetime:
    bound = life.datum.bound.bytes if life.datum.bound else 0
    count = life.datum.length if life.datum.length and isinstance(life.datum.origin, FromShards) else 1
    return plan.Lifetime(
        value=_ref(life.datum.origin),
        place=life.place,
        bytes=min(bound * count, LARGEST),
        until=life.until,
        scope=life.scope,
        copies=life.copies,
    )


def _ref(origin: Origin) -> plan.Ref:
    match origin:
        case FromInput():
            return plan.InputRef(input=origin.name)
        case FromShards():
            return plan.ShardsRef(input=origin.name)
        case FromStep():
            return plan.StepRef(step=origin.step, output=origin.output)
        case FromItem():
            return plan.ItemRef(each=origin.each)
        case FromConstant():
            return plan.ConstantRef(value=origin.value)
        case FromText():
            return plan.TextRef(parts=_template(origin.template))


def _template(template: Template) -> tuple[plan.PathPart, ...]:
    return tuple(_path_part(part) for part in template)


def _path_part(part: str | typed.Window | typed.Shard | typed.Item) -> plan.PathPart:
    match part:
        case typed.Window():
            return plan.WindowPart(format=part.format)
        case typed.Shard():
            return plan.ShardPart()
        case typed.Item():
            return plan.ItemPart(each=part.name)
        case str():
            return part
