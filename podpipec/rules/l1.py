"""L1: what lies in `ram` never leaves its pod."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Graph
from podpipec.graph.places import kept
from podpipec.rules.checked import Checked
from podpipec.rules.crossings import crossed, mended
from podpipec.rules.mending import keep_at_end
from podpipec.types.declarations import PLACES

CODE = "L1"
TITLE = "`ram` never leaves its pod"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Results and arguments that lie only in a pod's memory."""
    told = set()
    for graph in checked.graphs:
        for found in _results(checked, graph):
            told.add(found.span)
            yield found
    for graph in checked.graphs:
        for value in crossed(graph):
            if value.places == {"ram"} and "volume" in value.pod.places and value.made not in told:
                help_, fix = mended(checked, value)
                yield error(
                    CODE,
                    f"`{value.name}` lies in `ram` of the pod `{value.pod.name.text}`, which {value.to} cannot read",
                    value.crosses,
                    "crosses pods here",
                    (value.made, "written to `ram` here"),
                    help=help_,
                    fix=fix,
                )


def _results(checked: Checked, graph: Graph) -> Iterator[Diagnostic]:
    copies = kept(graph)
    for name, (origin, span) in graph.results.items():
        datum = graph.data.get(origin)
        if datum is None or datum.place != "ram" or copies.get(origin):
            continue
        longer = next((place for place in (*PLACES[2:3], *PLACES[1:2]) if place in graph.pod.places), None)
        keep = f"keep {name} in {longer}" if longer else f'keep {name} in remote "…"'
        yield error(
            CODE,
            f"the result `{name}` lies only in `ram`, which ends with its pod",
            span,
            "handed out here",
            (datum.span, "written to `ram` here"),
            help=f"add `{keep}` to the flow",
            fix=keep_at_end(checked, span, name, longer) if longer else None,
        )
