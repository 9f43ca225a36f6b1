"""A call in a flow across pods: a unit of work for one pod of a set.

What is called is expanded as a graph of its own, on its own pod, started with what the call gives it: so every rule
sees what a unit does as it sees a flow that is started by itself. A stage that is called there is a unit, too: a flow
of that one stage, which writes where all pods can read.
"""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion, Start, shown
from podpipec.graph.nodes import Crossing, Graph, Node, Unit
from podpipec.graph.places import crossing_place
from podpipec.graph.values import Datum, Handed
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.declarations import Pod, Stage
from podpipec.types.origin import FromConstant, FromInput, FromStep, Origin
from podpipec.types.typed import CallStep, Flow, FlowStep, Parameter, Value


def _key(start: Start) -> tuple[object, ...]:
    """What two calls have in common that are the same unit: the flow, and all that its graph depends on."""
    here = start.flow.declared.name.span
    handed = tuple((one.name, one.brought, one.datum._replace(span=here)) for one in start.handed)
    called = sorted((name, _name(what).span) for name, what in start.callables.items())
    places = tuple(step.place for step in start.flow.steps if isinstance(step, CallStep))
    return start.flow.declared.name, handed, tuple(sorted(start.inputs.items())), tuple(called), places


def _name(callable_: Stage | Flow) -> tree.Name:
    return callable_.name if isinstance(callable_, Stage) else callable_.declared.name


def flow_unit(
    step: FlowStep,
    called: Flow,
    args: Mapping[str, Origin],
    callables: Mapping[str, Stage | Flow],
    frame: Frame,
    work: Expansion,
) -> list[Node]:
    """The unit of a flow that is called."""
    spans = {name: value.span for name, value in step.args.items()}
    return _crossing(step.id, called, args, spans, callables, step, frame, work)


def stage_unit(step: CallStep, args: Mapping[str, Origin] | None, frame: Frame, work: Expansion) -> list[Node]:
    """The unit of a stage that is called in the flow itself."""
    if args is None:
        return work.left_out()
    spans = {name: value.span for name, value in step.args.items()}
    return _crossing(step.id, _around(step, frame.pod), args, spans, {}, step, frame, work)


def _around(step: CallStep, pod: Pod) -> Flow:
    """A flow of one stage. It writes to the place that is asked for, or else where all pods can read."""
    stage = step.stage
    name, span = stage.name, step.span
    results = tuple(tree.Name(span, port.name) for port in stage.outputs)
    declared = tree.Flow(span, "", name, (), (), results, pod.name, False, None, None, ())
    parameters = tuple(
        Parameter(port.name, port.content, None, port.place, port.span, None, port.mode) for port in stage.inputs
    )
    given = {port.name: Value(FromInput(port.name), port.content, step.args[port.name].span) for port in stage.inputs}
    place = step.place or ("volume" if "volume" in pod.places else None)
    call = CallStep(name.text, stage, given, place, (), span)
    made = {port.name: Value(FromStep(name.text, port.name), port.content, span) for port in stage.outputs}
    return Flow(declared, frozenset(), parameters, (call,), made, pod, None, ())


def _crossing(
    name: str,
    called: Flow,
    args: Mapping[str, Origin],
    spans: Mapping[str, Span],
    callables: Mapping[str, Stage | Flow],
    step: FlowStep | CallStep,
    frame: Frame,
    work: Expansion,
) -> list[Node]:
    """The node of a unit, and what it gives."""
    id_ = frame.prefix + name
    unit = _unit(_start(called, args, callables, step, frame, work), work)
    if unit is None:
        return work.left_out()
    _note_slices(unit.graph, args, spans, frame, work)
    results = []
    for output, (origin, _) in unit.graph.results.items():
        if origin in unit.graph.scalars:
            work.data.scalars[FromStep(id_, output)] = unit.graph.scalars[origin]
            continue
        if origin not in unit.graph.data:  # it can be no result, which is told where it is named as one
            return work.left_out()
        made = unit.graph.data[origin]
        place = crossing_place(unit.graph, origin)
        datum = made._replace(
            origin=FromStep(id_, output),
            name=shown(id_, output, len(unit.graph.results)),
            place=place,
            span=step.span,
        )
        work.data.add(datum, frame.scope)
        results.append(datum)
    after = work.after(step.after, frame)
    return [Crossing(id_, called, args, spans, tuple(results), after, step.span, unit)]


def _start(
    called: Flow,
    args: Mapping[str, Origin],
    callables: Mapping[str, Stage | Flow],
    step: FlowStep | CallStep,
    frame: Frame,
    work: Expansion,
) -> Start:
    pod = called.pod or frame.pod
    inputs: dict[str, Origin] = {}
    handed = []
    for parameter in called.parameters:
        given = args.get(parameter.name)
        if given is None:
            continue
        if parameter.snapshot is not None:
            if isinstance(given, FromInput) and given.offset:
                inputs[parameter.name] = FromInput(parameter.name, given.offset)
            continue
        datum = work.data.alone(given, frame)
        inputs[parameter.name] = given if isinstance(given, FromConstant) else FromInput(parameter.name)
        if datum is not None:
            handed.append(_handed(parameter, datum, pod))
    return Start(called, pod, tuple(handed), inputs, callables, frame.site or step.span)


def _handed(parameter: Parameter, datum: Datum, pod: Pod) -> Handed:
    """A value where the unit reads it: where it lies, or, if it lies in `remote`, where slices are brought."""
    brought = datum.place == "remote"
    place = pod.inlet if brought or datum.place not in pod.places else datum.place
    there = datum._replace(origin=FromInput(parameter.name), name=parameter.name, place=place, span=parameter.span)
    return Handed(parameter.name, there, brought)


def _unit(start: Start, work: Expansion) -> Unit | None:
    """The unit with that start: one for all calls that are alike."""
    across, key = work.across, _key(start)
    assert across is not None  # only flows across pods have units
    if key not in across.units:
        graph = across.inner(start)
        if graph is None:
            return None
        taken = {unit.name for unit in across.units.values()}
        name, number = start.flow.declared.name.text, 2
        while name in taken:
            name, number = f"{start.flow.declared.name.text}_{number}", number + 1
        across.units[key] = Unit(name, graph)
    return across.units[key]


def _note_slices(
    graph: Graph, args: Mapping[str, Origin], spans: Mapping[str, Span], frame: Frame, work: Expansion
) -> None:
    """What a unit reads of a snapshot, the flow that calls it is started with."""
    # the windows that a unit reads are told from that of the run, whatever it was given
    inner = frame._replace(
        inputs={name: FromInput(one.name) if isinstance(one, FromInput) else one for name, one in args.items()}
    )
    for entry in graph.entries:
        if entry.read is not None:
            content = graph.data[entry.origin].content
            work.data.origin(Value(entry.origin, content, spans[entry.parameter]), inner)
