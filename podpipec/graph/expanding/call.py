"""A call of a stage: its outputs with their places and bounds."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, shown
from podpipec.graph.nodes import Call, Node
from podpipec.graph.values import Captured, Claim, Datum, Pipe
from podpipec.types.origin import FromStep
from podpipec.types.sizes import Bound, output_bounds
from podpipec.types.typed import CallStep


def call(step: CallStep, frame: Frame, work: Expansion) -> list[Node]:
    """The node of a call; its outputs are known even where an input is broken."""
    args = work.args(step.args, frame)
    if work.across is not None and any(port.content.stream for port in (*step.stage.inputs, *step.stage.outputs)):
        frame.steps[step.id] = {}
        return work.left_out()  # refused by L5
    if work.across is not None:
        from podpipec.graph.expanding.unit import stage_unit

        return stage_unit(step, args, frame, work)
    id_ = frame.prefix + step.id
    place = work.there(step.place, f"`{id_}`", step.span, frame.pod) or frame.pod.scratch
    files = {port.name for port in step.stage.inputs if not port.content.scalar and not port.content.live}
    bounds: dict[str, Bound | None] = dict.fromkeys(files)
    if args is not None:
        bounds = {name: work.data.bound_in(args[name], frame) for name in files}
        for port in step.stage.inputs:
            if port.place is not None:
                work.claims.append(
                    Claim(
                        args[port.name],
                        port.place,
                        f"`{port.name}` of `{step.stage.name.text}`",
                        step.args[port.name].span,
                    )
                )
    outputs: list[Datum] = []
    pipes: list[Pipe] = []
    for port in step.stage.captured:
        name = shown(id_, port.name, len(step.stage.outputs))
        work.data.scalars[FromStep(id_, port.name)] = Captured(name, port.content, step.span)
    sizes = output_bounds(step.stage, bounds, work.typed.constants)
    for port in step.stage.pipes:
        name = shown(id_, port.name, len(step.stage.outputs))
        pipe = Pipe(FromStep(id_, port.name), name, port.content, sizes[port.name], step.span)
        work.data.pipes[pipe.origin] = pipe
        pipes.append(pipe)
    for port in step.stage.files:
        count = None if port.content.lists else 1
        datum = Datum(
            FromStep(id_, port.name),
            shown(id_, port.name, len(step.stage.outputs)),
            port.content,
            place,
            sizes[port.name],
            step.span,
            count,
            bool(port.content.lists),
        )
        work.data.add(datum, frame.scope)
        outputs.append(datum)
    if args is None:
        return work.left_out()
    spans = {name: value.span for name, value in step.args.items()}
    guards = tuple(args[name] for name, value in step.args.items() if value.mode == "guard")
    after = work.after(step.after, frame)
    return [Call(id_, step.stage, args, spans, tuple(outputs), after, step.span, guards, tuple(pipes))]
