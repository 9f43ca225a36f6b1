"""How many steps a flow comes to at least, by counting the flows that it calls once each.

Calls of flows multiply. What is too large for sure is refused before any of it is written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.syntax import tree
from podpipec.types.typed import BlockStep, Flow, FlowStep, Step, WithStep


class Fewest:
    """Counts for flows called from one pod. Flows more than `deepest` deep come to more than any number."""

    def __init__(self, flows: Mapping[tree.Name, Flow], pod: str, deepest: int) -> None:
        self._flows, self._pod, self._deepest = flows, pod, deepest
        self._known: dict[tree.Name, float] = {}

    def steps(self, steps: Sequence[Step], depth: int = 0) -> float:
        """The steps of a body, those of the flows that it calls included; of a choice, which may be known, one."""
        count: float = len(steps)
        for step in steps:
            if isinstance(step, FlowStep):
                count += self._called(step, depth + 1)
            elif isinstance(step, BlockStep | WithStep):
                count += self.steps(step.body, depth)
        return count

    def _called(self, step: FlowStep, depth: int) -> float:
        flow = self._flows.get(step.flow.name)
        if flow is None or flow.declared.across or (flow.pod is not None and flow.pod.name.text != self._pod):
            return 0  # broken, or a unit of work of its own
        if depth > self._deepest:
            return float("inf")
        if step.flow.name not in self._known:
            self._known[step.flow.name] = self.steps(flow.steps, depth)
        return self._known[step.flow.name]
