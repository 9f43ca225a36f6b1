"""The plan: writes the runtime's plan from a checked graph.

`lower` is the only place where the compiler's values become the runtime's types: `steps` has a function for each kind
of node, `pod`, `inputs`, `stages` and `values` the rest. It decides nothing that a rule has not checked: slots come
from `graph.slots`, lives from `graph.lives`, peaks from `graph.liveness`. The same graph gives the same bytes.
"""

from podpipec.plan.lower import lower

__all__ = ["lower"]
