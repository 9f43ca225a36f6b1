"""What crosses from pod to pod, for the rules L1 to L3: what a called flow is given, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from podpipec.graph.nodes import Crossing, Graph, walk
from podpipec.graph.places import kept
from podpipec.source import Span
from podpipec.types.typed import EachStep, Flow, FlowStep, KeepStep, Place, Pod, Step, Value


class Crossed(NamedTuple):
    """A value that crosses: where it lies, where it is kept, at which pod, and where that is said."""

    name: str
    places: frozenset[Place]
    pod: Pod
    made: Span
    crosses: Span
    to: str


def crossed(graph: Graph) -> Iterator[Crossed]:
    """Every value that another pod must be able to read."""
    copies = kept(graph)
    for node, _ in walk(graph.nodes):
        if not isinstance(node, Crossing) or node.flow.pod is None:
            continue
        other = node.flow.pod
        for name, origin in node.args.items():
            datum = graph.data.get(origin)
            parameter = next(parameter for parameter in node.flow.parameters if parameter.name == name)
            if datum is not None and parameter.snapshot is None:
                places = frozenset((datum.place, *copies.get(origin, {})))
                yield Crossed(
                    datum.name,
                    places,
                    graph.pod,
                    datum.span,
                    node.spans[name],
                    f"the pod `{other.name.text}`",
                )
        for name, value in node.flow.results.items():
            given = _given_places(node.flow, value, other)
            if given is not None:
                yield Crossed(name, given, other, value.span, node.span, f"the pod `{graph.pod.name.text}`")


def _given_places(flow: Flow, value: Value, pod: Pod) -> frozenset[Place] | None:
    """Where a flow's result lies and is kept; nothing if another flow on the way decides."""
    steps = list(_all(flow.steps))
    maker = next((step for step in steps if step.id == value.step), None)
    if maker is None or isinstance(maker, FlowStep):
        return None
    lies: Place = getattr(maker, "place", None) or pod.scratch
    copies = {step.place for step in steps if isinstance(step, KeepStep) and step.value.origin == value.origin}
    return frozenset((lies, *copies))


def _all(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, EachStep):
            yield from _all(step.body)


def can_cross(value: Crossed) -> bool:
    """Whether a value lies where another pod can read it."""
    return bool(value.places & {"volume", "remote"})
