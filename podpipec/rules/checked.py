"""What a rule looks at: the typed program, and the graph of every flow that can be started."""

from __future__ import annotations

from podpipec.graph.nodes import Graph
from podpipec.types.program import Typed
from podpipec_runtime.tuples import NamedTuple


class Checked(NamedTuple):
    """A typed program and the graphs of its flows. A flow whose statements are broken has none.

    `units` are those of what flows across pods call, as far as it cannot be started by itself.
    """

    typed: Typed
    graphs: tuple[Graph, ...]
    units: tuple[Graph, ...] = ()

    @property
    def in_pods(self) -> tuple[Graph, ...]:
        """The graphs whose steps are done by one pod."""
        return (*(graph for graph in self.graphs if not graph.across), *self.units)

    @property
    def across(self) -> tuple[Graph, ...]:
        """The graphs whose steps are units of work for the pods of a set."""
        return tuple(graph for graph in self.graphs if graph.across)
