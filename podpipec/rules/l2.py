"""L2: what lies on `node` never leaves its node."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.rules.checked import Checked
from podpipec.rules.crossings import can_cross, crossed, mended

CODE = "L2"
TITLE = "`node` never leaves its node"


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
                    note="pods of two declarations are placed apart: only pods of one set can be put on one node",
                    help=help_,
                    fix=fix,
                )
