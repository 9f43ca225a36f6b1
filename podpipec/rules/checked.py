"""What a rule looks at: the typed program, and the graph of every flow that can be started."""

from __future__ import annotations

from podpipec.graph.nodes import Graph
from podpipec.graph.origins import Traced
from podpipec.types.program import Typed
from podpipec_runtime.tuples import NamedTuple


class Checked(NamedTuple):
    """A typed program and the graphs of its flows. A flow whose statements are broken has none.

    `units` are those of what flows across pods call, as far as it cannot be started by itself. `traced` says
    of what all values are, of the graphs and of the units, in that order.
    """

    typed: Typed
    graphs: tuple[Graph, ...]
    units: tuple[Graph, ...]
    traced: tuple[Traced, ...]

    @property
    def in_pods(self) -> tuple[Graph, ...]:
        """The graphs whose steps are done by one pod."""
        return (*(graph for graph in self.graphs if not graph.across), *self.units)

    @property
    def own_first(self) -> tuple[Traced, ...]:
        """What was traced, flows across pods last: what a flow does wrong by itself is told of it, not of its calls."""
        graphs, units = self.traced[: len(self.graphs)], self.traced[len(self.graphs) :]
        in_pods = (one for one in graphs if not one.graph.across)
        return (*in_pods, *units, *(one for one in graphs if one.graph.across))

    @property
    def across(self) -> tuple[Graph, ...]:
        """The graphs whose steps are units of work for the pods of a set."""
        return tuple(graph for graph in self.graphs if graph.across)
