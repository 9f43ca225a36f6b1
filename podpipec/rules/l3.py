"""L3: whatever crosses pods lies on `volume` or `remote`."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.rules.checked import Checked
from podpipec.rules.crossings import can_cross, crossed

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
                    help=f'give it a `volume` and `keep {value.name} in volume`, or `keep {value.name} in remote "…"`',
                )
