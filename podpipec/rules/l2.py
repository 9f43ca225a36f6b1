"""L2: what lies on `node` never leaves its node."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.rules.checked import Checked
from podpipec.rules.crossings import can_cross, crossed, mended

CODE = "L2"
TITLE = "`node` never leaves its node"

_APART = "each pod of a set has a claim of its own on its node's disk, and no node is asked to hold the whole set"


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
                    note=_APART if graph.across else "pods of two declarations are placed apart",
                    help=help_,
                    fix=fix,
                )
