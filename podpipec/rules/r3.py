"""R3: exclusive cores are whole."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Open
from podpipec.graph.traversal import walk
from podpipec.rules.checked import Checked
from podpipec.types.declarations import Helper, Stage

CODE = "R3"
TITLE = "exclusive cores are whole"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Pods with exclusive cores that have, or whose stages ask for, parts of a core."""
    for pod in checked.typed.pods.values():
        if pod.exclusive and pod.cpu % 1000:
            yield error(
                CODE,
                f"`{pod.name.text}` has {pod.cpu / 1000:g} cores, and exclusive cores are whole",
                pod.settings["cpu"],
                "part of a core cannot be pinned",
                help=f"write `cpu {-(-pod.cpu // 1000)} exclusive`, or take `exclusive` away",
            )
    for graph in checked.in_pods:
        seen = set()
        for node, _ in walk(graph.nodes) if graph.pod.exclusive else ():
            blocks: list[Stage | Helper] = [one.stage for one in node.attempts] if isinstance(node, Call) else []
            for stage in [node.helper] if isinstance(node, Open) else blocks:
                if not stage.cpu % 1000 or stage.name in seen:
                    continue
                seen.add(stage.name)
                yield error(
                    CODE,
                    f"`{stage.name.text}` asks for {stage.cpu / 1000:g} cores of a pod whose cores are exclusive",
                    stage.settings.get("cpu", stage.name.span),
                    "part of a core cannot be pinned",
                    (graph.pod.settings["cpu"], "exclusive here"),
                    (node.span, "runs there because of this call"),
                    help=f"write `cpu {-(-stage.cpu // 1000)}`, or take `exclusive` away from the pod",
                )
