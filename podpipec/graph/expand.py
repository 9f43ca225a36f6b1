"""Making the graph of a flow that can be started: what it is given, its steps, what it hands out."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.clocks import period_of
from podpipec.graph.data import Data, Frame, Started
from podpipec.graph.entries import check_entries, entries
from podpipec.graph.expanding.steps import nodes as nodes_of
from podpipec.graph.expanding.work import DEEPEST, LARGEST, Across, Expansion, Start, TooLargeError
from podpipec.graph.fewest import Fewest
from podpipec.graph.keeps_first import keeps_first
from podpipec.graph.nodes import Graph
from podpipec.types.declarations import PLACES, Pod
from podpipec.types.origin import FromInput, Origin
from podpipec.types.program import Typed
from podpipec.types.typed import Flow

#: Pods of a set, unless the build says another number: each costs what its declaration asks for, so a wider fan out
#: takes turns until somebody decides otherwise.
PODS = 32


def is_alone(typed: Typed, flow: Flow) -> bool:
    """Whether a flow is one of the program's own that can be started by itself, and not made around a stage."""
    return typed.flows.get(flow.declared.name) is flow and is_entry(flow)


def is_entry(flow: Flow) -> bool:
    """Whether a flow can be started by itself: on a pod, and given nothing but slices of snapshots."""
    return flow.declared.pod is not None and all(one.snapshot is not None for one in flow.parameters)


def expand(typed: Typed, flow: Flow, found: list[Diagnostic], pods: int = PODS) -> Graph | None:
    """The graph of a flow that can be started; nothing if its pod is broken or it is too large.

    One that goes across pods has at most so many units under way at once.
    """
    pod = flow.pod
    if pod is None or _broken(pod):
        return None
    across = Across(lambda start: _unit(typed, start, found), pods) if flow.declared.across else None
    work = Expansion(typed, flow, pod, nodes_of, Data(period_of(flow, found)), across)
    return _graph(work, Frame("", _inputs(work), {}, {}, pod, 0, {}, None, ()), found)


def _unit(typed: Typed, start: Start, found: list[Diagnostic]) -> Graph | None:
    """The graph of a unit of a flow that goes across pods."""
    if _broken(start.pod):
        return None
    # what is wrong with a flow that can be started by itself is told of it alone
    told = [] if is_alone(typed, start.flow) else found
    work = Expansion(typed, start.flow, start.pod, nodes_of, Data(period_of(start.flow, told)))
    inputs = {**_inputs(work), **start.inputs}
    for one in start.handed:
        work.data.add(one.datum, ())
    moved = work.data.shift(inputs.values())
    frame = Frame("", inputs, {}, {}, start.pod, 0, start.callables, start.site, (), start.site if moved else None)
    graph = _graph(work, frame, told)
    known = {one.name for one in start.handed}
    texts = {
        one.name: one.content
        for one in start.flow.parameters
        if start.inputs.get(one.name) == FromInput(one.name) and one.name not in known
    }
    return graph and graph._replace(handed=start.handed, texts=texts)


def _broken(pod: Pod) -> bool:
    return any(place in pod.settings and place not in pod.places for place in PLACES)


def _graph(work: Expansion, frame: Frame, found: list[Diagnostic]) -> Graph | None:
    flow = work.flow
    try:
        if work.across is None and Fewest(work.typed.flows, work.pod.name.text, DEEPEST).steps(flow.steps) > LARGEST:
            raise TooLargeError
        nodes = work.body(flow.steps, frame)
    except TooLargeError:
        name = flow.declared.name
        found.append(
            error(
                "T015",
                f"the flow `{name.text}` grows to more than {LARGEST} steps",
                name.span,
                "flows that call flows multiply",
                help="use `each` over a list instead of many calls",
            )
        )
        return None
    work.note(flow, frame)
    results = {}
    for name_, value in flow.results.items():
        origin = work.data.origin(value, frame)
        if origin is not None:
            results[name_] = (origin, value.span)
    read = entries(work.data)
    found += (*check_entries(read, work.data), *work.data.wrong, *work.wrong)
    made = Graph(
        flow,
        work.pod,
        work.data.period,
        read,
        nodes,
        results,
        tuple(work.claims),
        tuple(work.asked),
        work.data.known,
        work.sites,
        work.whole,
        work.given,
        pods=work.across.pods if work.across else 1,
        scalars=work.data.scalars,
        said=tuple(work.said),
    )
    return keeps_first(made)


def _inputs(work: Expansion) -> dict[str, Origin]:
    """The slices that the flow is started with, by its parameters' names."""
    inputs: dict[str, Origin] = {}
    for parameter in work.flow.parameters:
        snapshot = parameter.snapshot
        if snapshot is None:
            continue  # a unit is given it
        lies = work.there(parameter.place, f"`{parameter.name}`", parameter.span, work.pod) or work.pod.inlet
        if work.across is not None:
            lies = "remote"  # each unit brings its slice to its own pod
        inputs[parameter.name] = work.data.start(Started(parameter, snapshot, lies))
    return inputs
