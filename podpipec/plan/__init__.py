"""The plan: writes the runtime's plan from a checked graph.

`plan_of` is the only place where the compiler's values become the runtime's types: `steps` has a function for each kind
of node, `pod`, `inputs`, `stages` and `values` the rest; `across` and `units` are for flows across pods, whose plan
holds those of their units. It decides nothing that a rule has not checked: slots come from `graph.slots` and
`graph.sets`, lives from `graph.lives`, peaks from `graph.liveness`. The same graph gives the same bytes.
"""

from podpipec.graph.nodes import Graph
from podpipec.plan.across import lower_across
from podpipec.plan.lower import lower
from podpipec_runtime.plan.types import Macro, Plan

__all__ = ["lower", "lower_across", "plan_of"]


def plan_of(graph: Graph) -> Plan | Macro:
    """The plan of a flow that no rule refuses: of one pod, or across pods."""
    return lower_across(graph) if graph.across else lower(graph)
