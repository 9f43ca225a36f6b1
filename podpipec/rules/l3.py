"""L3: whatever crosses pods lies on `volume` or `remote`."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Crossing, Graph
from podpipec.graph.traversal import units_of, walk
from podpipec.rules.checked import Checked
from podpipec.rules.crossings import Crossed, can_cross, crossed

CODE = "L3"
TITLE = "what crosses pods lies on `volume` or `remote`"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Values that cross from a pod which has nothing that another pod could read."""
    for graph in checked.graphs:
        for value in crossed(graph):
            if not can_cross(value) and "volume" not in value.pod.places:
                yield error(
                    CODE,
                    f"`{value.name}` crosses to {value.to}, and nothing of `{value.pod.name.text}` can be read there",
                    value.crosses,
                    "crosses pods here",
                    (value.pod.name.span, "this pod has no `volume`"),
                    (value.made, "written here"),
                    help=_mending(value),
                )
    for graph in checked.across:
        yield from _no_volume(graph)
        yield from _two_volumes(graph)


def _mending(value: Crossed) -> tuple[str, ...]:
    if value.stage:
        way = f'or call the stage in a flow on that pod, with `keep {value.name} in remote "…"`'
        return "give it a `volume`: a stage that a flow across pods calls writes there", way
    return (f'give it a `volume` and `keep {value.name} in volume`, or `keep {value.name} in remote "…"`',)


def _no_volume(graph: Graph) -> Iterator[Diagnostic]:
    """Values on the volume that are given to a pod which has none."""
    for node, _ in walk(graph.nodes):
        if not isinstance(node, Crossing) or node.unit is None:
            continue
        pod = node.unit.graph.pod
        for name, origin in node.args.items():
            datum = graph.data.get(origin)
            if datum is not None and datum.place == "volume" and "volume" not in pod.places:
                yield error(
                    CODE,
                    f"`{datum.name}` lies on the `volume` of `{graph.flow.declared.name.text}`, "
                    f"and the pod `{pod.name.text}` has none",
                    node.spans[name],
                    "crosses pods here",
                    (pod.name.span, "this pod has no `volume`"),
                    (datum.span, "written here"),
                    help="give it a `volume`: all pods of a flow across pods share one",
                )


def _two_volumes(graph: Graph) -> Iterator[Diagnostic]:
    """Kinds of pods that are to share a volume, and name two classes for it."""
    pods = {unit.graph.pod.name: unit.graph.pod for unit in units_of(graph) if "volume" in unit.graph.pod.places}
    first, *others = sorted(pods.values(), key=lambda pod: (pod.name != graph.pod.name, pod.name.span)) or [graph.pod]
    for other in others:
        if other.storage_class != first.storage_class:
            yield error(
                CODE,
                f"`{first.name.text}` and `{other.name.text}` share the volume of `{graph.flow.declared.name.text}`, "
                "and name two classes for it",
                other.settings["volume"],
                "one class here",
                (first.settings["volume"], "another here"),
                (graph.flow.declared.name.span, "goes across pods of both kinds"),
                help="name the same class, one whose volumes many pods can mount at once",
            )
