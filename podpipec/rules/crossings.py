"""What crosses from pod to pod, for the rules L1 to L3: what a called flow is given, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Fix
from podpipec.graph.nodes import Crossing, Graph, Unit
from podpipec.graph.places import kept
from podpipec.graph.traversal import needs, walk
from podpipec.rules.checked import Checked
from podpipec.rules.mending import keep_at_end
from podpipec.source import Span
from podpipec.types.declarations import Place, Pod
from podpipec.types.every_step import every_step
from podpipec.types.origin import FromStep, Origin
from podpipec.types.typed import Flow, FlowStep, KeepStep, Value, WithStep
from podpipec_runtime.tuples import NamedTuple


class Crossed(NamedTuple):
    """A value that crosses: where it lies, where it is kept, at which pod, and where that is said.

    `stage` is set for what a stage writes that a flow across pods calls itself: nothing can be kept there.
    """

    name: str
    places: frozenset[Place]
    pod: Pod
    made: Span
    crosses: Span
    to: str
    stage: bool = False


def crossed(graph: Graph) -> Iterator[Crossed]:
    """Every value that another pod must be able to read."""
    crossings = [node for node, _ in walk(graph.nodes) if isinstance(node, Crossing)]
    if not crossings:
        return
    read = {origin for node, _ in walk(graph.nodes) for origin in needs(node)}
    read |= {origin for origin, _ in graph.results.values()}
    for node in crossings:
        if node.unit is not None:
            yield from _of_unit(graph, node, node.unit, read)
        elif node.flow.pod is not None:
            yield from _of_call(graph, node, node.flow.pod)


def _of_unit(graph: Graph, node: Crossing, unit: Unit, read: set[Origin]) -> Iterator[Crossed]:
    """What a unit gives, as far as anybody reads it. What it is given was given by another."""
    copies = kept(unit.graph)
    stage = not unit.graph.flow.declared.body
    for result in node.results:
        assert isinstance(result.origin, FromStep)  # a call's results are its own
        name = result.origin.output
        if result.origin in read:
            origin, span = unit.graph.results[name]
            lies = unit.graph.data[origin]
            places = frozenset((lies.place, *copies.get(origin, {})))
            to = f"the other pods of `{graph.flow.declared.name.text}`"
            shown, made = (result.name, lies.span) if stage else (name, span)
            yield Crossed(shown, places, unit.graph.pod, made, node.span, to, stage)


def _of_call(graph: Graph, node: Crossing, other: Pod) -> Iterator[Crossed]:
    """What a flow on another pod is given, and what it gives."""
    copies = kept(graph)
    for name, origin in node.args.items():
        datum = graph.data.get(origin)
        parameter = next(parameter for parameter in node.flow.parameters if parameter.name == name)
        if datum is not None and parameter.snapshot is None:
            places = frozenset((datum.place, *copies.get(origin, {})))
            to = f"the pod `{other.name.text}`"
            yield Crossed(datum.name, places, graph.pod, datum.span, node.spans[name], to)
    for name, value in node.flow.results.items():
        if value.content.scalar:
            continue  # it lies nowhere
        given = _given_places(node.flow, value, other)
        if given is not None:
            yield Crossed(name, given, other, value.span, node.span, f"the pod `{graph.pod.name.text}`")


def _given_places(flow: Flow, value: Value, pod: Pod) -> frozenset[Place] | None:
    """Where a flow's result lies and is kept; nothing if another flow on the way decides."""
    steps = list(every_step(flow.steps))
    maker = next((step for step in steps if step.id == value.step), None)
    while isinstance(maker, WithStep) and maker.result is not None:
        value = maker.result
        maker = next((step for step in steps if step.id == value.step), None)
    if maker is None or isinstance(maker, FlowStep):
        return None
    lies: Place = getattr(maker, "place", None) or pod.scratch
    copies = {step.place for step in steps if isinstance(step, KeepStep) and step.value.origin == value.origin}
    return frozenset((lies, *copies))


def mended(checked: Checked, value: Crossed) -> tuple[str, Fix | None]:
    """What brings a value to where others can read it, and the edit."""
    if value.stage:
        return "write it to `volume`, where a stage that a flow across pods calls writes unless it is told", None
    return f"add `keep {value.name} in volume`", keep_at_end(checked, value.made, value.name, "volume")


def can_cross(value: Crossed) -> bool:
    """Whether a value lies where another pod can read it."""
    return bool(value.places & {"volume", "remote"})
