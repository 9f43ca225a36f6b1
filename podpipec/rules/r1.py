"""R1: what can be active at once fits the slots and the cores."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Attempt, Call, Graph, walk
from podpipec.rules.checked import Checked
from podpipec.types.scalars import size_text

CODE = "R1"
TITLE = "what is active at once fits slots and cores"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages that do not fit their pod even alone. What fits alone is given slots so that all that is active fits."""
    for graph in checked.in_pods:
        yield from _scratch(graph)
        seen = set()
        for node, _ in walk(graph.nodes):
            for one in node.attempts if isinstance(node, Call) else ():
                if one.stage.name not in seen:
                    seen.add(one.stage.name)
                    yield from _stage(graph, one)


def _scratch(graph: Graph) -> Iterator[Diagnostic]:
    pod = graph.pod
    if pod.places.get("ram", 0) >= pod.memory:
        yield error(
            CODE,
            f"the scratch in memory of the pod `{pod.name.text}` leaves nothing for its stages",
            pod.settings["ram"],
            f"{size_text(pod.places['ram'])} of scratch",
            (pod.settings["memory"], f"{size_text(pod.memory)} in all, scratch included"),
            help="make `ram` smaller than `memory` by what the stages need",
        )


def _stage(graph: Graph, call: Attempt) -> Iterator[Diagnostic]:
    pod, stage = graph.pod, call.stage
    cores = -(-stage.cpu // 1000) * 1000 if pod.exclusive else stage.cpu
    if cores > pod.cpu:
        yield error(
            CODE,
            f"`{stage.name.text}` asks for {_cores(cores)}, and the pod `{pod.name.text}` has {_cores(pod.cpu)}",
            stage.settings.get("cpu", stage.name.span),
            "does not fit, even alone",
            (pod.settings["cpu"], "what the pod has"),
            (call.span, "runs there because of this call"),
            help=f"ask for `cpu {pod.cpu // 1000 or pod.cpu / 1000}` or less, or give the pod more",
        )
    ram = pod.places.get("ram", 0)
    room = pod.memory - ram
    if 0 < room < stage.memory:
        beside = f" beside its scratch of {size_text(ram)}" if ram else ""
        yield error(
            CODE,
            f"`{stage.name.text}` asks for {size_text(stage.memory)}, "
            f"and the pod `{pod.name.text}` has {size_text(room)}{beside}",
            stage.settings.get("memory", stage.name.span),
            "does not fit, even alone",
            (pod.settings["memory"], "what the pod has"),
            (call.span, "runs there because of this call"),
            help="ask for less memory, make `ram` smaller, or give the pod more",
        )


def _cores(thousandths: int) -> str:
    amount = thousandths / 1000
    return f"{amount:g} core" + ("" if amount == 1 else "s")
