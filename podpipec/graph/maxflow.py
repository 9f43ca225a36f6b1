"""A maximum flow (Dinic 1970), for graphs of a few hundred nodes; without recursion."""

from __future__ import annotations


class MaxFlow:
    """A network under construction; `run` once, then ask what is `reachable`."""

    def __init__(self, nodes: int) -> None:
        self._edges: list[list[int]] = [[] for _ in range(nodes)]
        self._to: list[int] = []
        self._left: list[int] = []

    def edge(self, start: int, end: int, capacity: int) -> None:
        """An edge with a capacity."""
        self._edges[start].append(len(self._to))
        self._edges[end].append(len(self._to) + 1)
        self._to += [end, start]
        self._left += [capacity, 0]

    def run(self, source: int, sink: int) -> int:
        """The value of a maximum flow."""
        flow = 0
        while True:
            level = self._levels(source)
            if level[sink] < 0:
                return flow
            flow += self._blocking(source, sink, level)

    def reachable(self, source: int) -> list[bool]:
        """For each node whether the source still reaches it: one side of a minimum cut."""
        return [level >= 0 for level in self._levels(source)]

    def _levels(self, source: int) -> list[int]:
        level = [-1] * len(self._edges)
        level[source] = 0
        queue = [source]
        for node in queue:
            for edge in self._edges[node]:
                if self._left[edge] and level[self._to[edge]] < 0:
                    level[self._to[edge]] = level[node] + 1
                    queue.append(self._to[edge])
        return level

    def _blocking(self, source: int, sink: int, level: list[int]) -> int:
        position = [0] * len(self._edges)
        path: list[int] = []
        node, flow = source, 0
        while True:
            if node == sink:
                pushed = min(self._left[edge] for edge in path)
                for edge in path:
                    self._left[edge] -= pushed
                    self._left[edge ^ 1] += pushed
                flow += pushed
                node, path = source, []
                continue
            edges = self._edges[node]
            while position[node] < len(edges):
                edge = edges[position[node]]
                if self._left[edge] and level[self._to[edge]] == level[node] + 1:
                    break
                position[node] += 1
            if position[node] < len(edges):
                path.append(edges[position[node]])
                node = self._to[path[-1]]
            elif path:
                node = self._to[path.pop() ^ 1]
                position[node] += 1
            else:
                return flow
