"""A call of a flow: its steps take the place of the call."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.data import Frame
from podpipec.graph.expanding.crossing import crossing
from podpipec.graph.expanding.unit import flow_unit
from podpipec.graph.expanding.work import DEEPEST, Expansion, TooLargeError
from podpipec.graph.nodes import Node
from podpipec.graph.values import Claim
from podpipec.syntax import tree
from podpipec.types.declarations import Stage
from podpipec.types.origin import Origin
from podpipec.types.typed import Flow, FlowStep, Target


def flow(step: FlowStep, frame: Frame, work: Expansion) -> list[Node]:
    """The nodes of the flow that is called, on this pod; one that crosses to another pod is one node."""
    called = work.typed.flows.get(step.flow.name)
    slices = [one.name for one in called.parameters if one.snapshot] if called else []
    args = work.args(step.args, frame, handed_on=slices)
    if called is None or args is None:
        frame.steps[step.id] = {}
        return work.left_out()
    callables = _callables(step.callables, frame, work)
    given = [args[one.name] for one in called.parameters if one.snapshot and one.snapshot.clock]
    _check_period(step, called, given, work)
    if work.across is not None and called.pod is not None and not called.declared.across:
        return flow_unit(step, called, args, callables, frame, work)
    if called.pod is not None and called.pod.name != frame.pod.name and not called.declared.across:
        return [crossing(step, called, args, frame, work)]
    if called.declared.across and work.across is None:
        work.wrong.append(_not_from_one_pod(step, called, work))
        return work.left_out()
    if frame.depth >= DEEPEST:
        raise TooLargeError
    pod = called.pod if called.pod is not None and called.declared.across else frame.pod
    site = frame.site or step.span
    prefix = f"{frame.prefix}{step.id}/"
    moved = (step.span if work.data.is_moved(given) else None) if given else frame.moved
    inner = Frame(prefix, args, {}, {}, pod, frame.depth + 1, callables, site, frame.scope, moved)
    nodes = work.body(called.steps, inner)
    waits = work.after(step.after, frame)
    if waits:
        nodes = tuple(node._replace(after=tuple(dict.fromkeys((*node.after, *waits)))) for node in nodes)
    frame.steps[step.id] = work.given[frame.prefix + step.id] = _results(called, inner, work)
    frame.finished[step.id] = tuple(node.id for node in nodes)
    for parameter in called.parameters:
        if parameter.place is not None:
            work.claims.append(
                Claim(
                    args[parameter.name],
                    parameter.place,
                    f"`{parameter.name}` of `{called.declared.name.text}`",
                    step.args[parameter.name].span,
                )
            )
    work.note(called, inner)
    return list(nodes)


def _not_from_one_pod(step: FlowStep, called: Flow, work: Expansion) -> Diagnostic:
    here, name = work.flow.declared.name, called.declared.name
    return error(
        "T004",
        f"`{name.text}` goes across pods, and `{here.text}` runs in one",
        step.span,
        "cannot be called from a single pod",
        (name.span, "goes across pods"),
        (here.span, "runs in one pod"),
        help=f"let `{here.text}` go across pods too: write `across` for its `on`",
    )


def _check_period(step: FlowStep, called: Flow, given: list[Origin], work: Expansion) -> None:
    """A flow that says what a run of it is for must be called by a run for that, or at windows of that."""
    period, ours = called.period, work.data.period
    if period is None or ours is None or period.meaning == ours.meaning:
        return
    clocks = [work.data.elements.get(origin) for origin in given]
    if clocks and all(clock is not None and clock.meaning == period.meaning for clock in clocks):
        return
    every = called.declared.every
    work.wrong.append(
        error(
            "T014",
            f"`{called.declared.name.text}` is for {period}, and this run for {ours}",
            step.span,
            "called here",
            (every.span if every else called.declared.name.span, "said here"),
            help=f"call it for each window: `each w in t.windows {{ {called.declared.name.text}(w) }}`",
        )
    )


def _callables(targets: Mapping[str, Target], frame: Frame, work: Expansion) -> dict[str, Stage | Flow]:
    """What a flow is given to call: a stage, a flow, or what the caller was given itself."""
    found: dict[str, Stage | Flow] = {}
    for name, target in targets.items():
        if isinstance(target, str):
            if target in frame.callables:  # else what was given is broken, which is told elsewhere
                found[name] = frame.callables[target]
        elif isinstance(target, tree.Flow):
            found[name] = work.typed.flows[target.name]
        else:
            found[name] = target
    return found


def _results(called: Flow, inner: Frame, work: Expansion) -> dict[str, Origin]:
    origins = {name: work.data.origin(value, inner) for name, value in called.results.items()}
    return {name: origin for name, origin in origins.items() if origin is not None}
