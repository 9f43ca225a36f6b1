"""L2: what lies on `node` never leaves its node."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.rules.checked import Checked
from podpipec.rules.crossings import can_cross, crossed, mended

CODE = "L2"
TITLE = "`node` never leaves its node"

#: Why the two are not brought together, and how they can be.
_APART = "each pod of a set has a claim of its own on its node's disk, and no node is asked to hold the whole set"
_TWO = "pods of two declarations are placed apart: each claims a disk of its own, on the node that it comes to"
_ONE_UNIT = "or let one flow do both: what lies on `node` is there for all stages of its unit"
_ONE_POD = (
    "or run both on one pod: a flow `on` the pod of its caller, or on none, is part of the caller and reads its `node`"
)


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Values on a node's disk that a pod elsewhere is to read."""
    for graph in checked.graphs:
        for value in crossed(graph):
            if "node" in value.places and not can_cross(value) and "volume" in value.pod.places:
                help_, fix = mended(checked, value)
                yield error(
                    CODE,
                    f"`{value.name}` lies on `node` of the pod `{value.pod.name.text}`; {value.to} may be elsewhere",
                    value.crosses,
                    "crosses nodes here",
                    (value.made, "written here"),
                    note=_APART if graph.across else _TWO,
                    help=(help_, _ONE_UNIT if graph.across else _ONE_POD),
                    fix=fix,
                )
