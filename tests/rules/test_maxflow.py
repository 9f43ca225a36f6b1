"""The maximum flow against the cheapest of all cuts."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.graph.maxflow import MaxFlow


class Network(NamedTuple):
    """Nodes from 0, the source, to the last, the sink; edges with capacities, several between two nodes too."""

    nodes: int
    edges: list[tuple[int, int, int]]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Small networks, cycles and edges into the source or out of the sink included."""
    nodes = draw(st.integers(2, 7))
    node = st.integers(0, nodes - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 9)), max_size=14))
    return Network(nodes, [(start, end, capacity) for start, end, capacity in edges if start != end])


@st.composite
def matchings(draw: st.DrawFn) -> Network:
    """What R2 asks for: the source to values that die, those to values that are born, and these to the sink.

    The first way found is often not the best, and must be taken back.
    """
    left, right = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sink = left + right + 1
    amount = st.integers(1, 4)
    edges = [(0, 1 + one, draw(amount)) for one in range(left)]
    edges += [(1 + left + other, sink, draw(amount)) for other in range(right)]
    pairs = st.sets(st.tuples(st.integers(0, left - 1), st.integers(0, right - 1)), min_size=1)
    edges += [(1 + one, 1 + left + other, 9) for one, other in draw(st.permutations(sorted(draw(pairs))))]
    return Network(sink + 1, edges)


def _cut(network: Network, side: set[int]) -> int:
    return sum(capacity for start, end, capacity in network.edges if start in side and end not in side)


def _built(network: Network) -> MaxFlow:
    flow = MaxFlow(network.nodes)
    for start, end, capacity in network.edges:
        flow.edge(start, end, capacity)
    return flow


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks() | matchings())
def test_it_is_the_cheapest_cut(network: Network) -> None:
    sink = network.nodes - 1
    between = range(1, sink)
    sides = ({0, *(node for node in between if bits >> node & 1)} for bits in range(0, 1 << sink, 2))
    assert _built(network).run(0, sink) == min(_cut(network, side) for side in sides)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks() | matchings())
def test_what_the_source_still_reaches_is_a_cheapest_cut(network: Network) -> None:
    flow = _built(network)
    value = flow.run(0, network.nodes - 1)
    side = {node for node, reached in enumerate(flow.reachable(0)) if reached}
    assert 0 in side
    assert network.nodes - 1 not in side
    assert _cut(network, side) == value
