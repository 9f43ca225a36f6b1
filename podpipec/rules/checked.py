"""What a rule looks at: the typed program, and the graph of every flow that can be started."""

from __future__ import annotations

from typing import NamedTuple

from podpipec.graph.nodes import Graph
from podpipec.types.program import Typed


class Checked(NamedTuple):
    """A typed program and the graphs of its flows. A flow whose statements are broken has none."""

    typed: Typed
    graphs: tuple[Graph, ...]
