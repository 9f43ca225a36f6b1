"""What of a pod is left for flows that are written at run time: nobody knows before what they will ask for.

A flow that is run has what the worst schedule of all else leaves of each place. Those that can be under way at once
have equal parts of that. Whether a flow fits into its part shows when it is there, and before any of it is started.
"""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Execute, Graph
from podpipec.graph.traversal import walk
from podpipec.types.declarations import PLACES, Place


def at_once(graph: Graph) -> int:
    """How many flows that were written at run time can be under way at once."""
    count = 0
    for node, around in walk(graph.nodes):
        if isinstance(node, Execute):
            times = 1
            for loop in around:
                times *= loop.width
            count += times
    return count


def room(graph: Graph, liveness: Liveness) -> Mapping[Place, int]:
    """The bytes of each place of the pod that one such flow may fill; nothing where there is none."""
    parts = at_once(graph)
    if not parts:
        return {}
    places = graph.pod.places
    return {one: max(0, places[one] - liveness.peak(one).bytes) // parts for one in PLACES if one in places}
