"""R2's oracle: the heaviest set of values alive at once, against brute forces that know nothing of flows or chains.

One plays every moment of every schedule: which steps have finished, which run. The other tries every set of values that
pairwise overlap, which can be more where a value has several readers that end it together: the bound of last resort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.graph import antichain
from podpipec.graph.antichain import Interval, heaviest
from podpipec.graph.order import ancestors

_MOST_NODES, _MOST_VALUES = 7, 9


class Body(NamedTuple):
    """The direct predecessors of each step, and the values that the steps write and read."""

    before: list[list[int]]
    intervals: list[Interval]


@st.composite
def bodies(draw: st.DrawFn, most_readers: int = 3) -> Body:
    """Random steps in a topological order; who reads a value comes after who writes it."""
    size = draw(st.integers(1, _MOST_NODES))
    edges = [set(draw(st.sets(st.integers(0, max(0, node - 1)), max_size=2)) if node else ()) for node in range(size)]
    intervals = []
    for index in range(draw(st.integers(1, _MOST_VALUES))):
        born = draw(st.integers(-1, size - 1))
        later = range(born + 1, size)
        wanted = draw(st.sets(st.sampled_from(later), max_size=most_readers)) if later else set()
        for reader in wanted:
            edges[reader] |= {born} - {-1}
        ends = tuple(sorted(wanted)) or draw(st.sampled_from([(), (born,)] if born >= 0 else [()]))
        intervals.append(Interval(f"v{index}", None, draw(st.integers(1, 20)), born, ends))
    return Body([sorted(needed) for needed in edges], intervals)


def _dead_before(value: Interval, other: Interval, masks: Sequence[int]) -> bool:
    """Whether a value is surely dead when another is born."""
    born = masks[other.born] if other.born >= 0 else 0
    return bool(value.readers) and all(born >> reader & 1 for reader in value.readers)


def _overlap(values: Sequence[Interval], masks: Sequence[int]) -> bool:
    return not any(
        _dead_before(one, other, masks) or _dead_before(other, one, masks) for one, other in combinations(values, 2)
    )


def heaviest_overlap(body: Body) -> int:
    """The most bytes of any set of values of which each two overlap."""
    masks = ancestors(body.before)
    sets = (chosen for count in range(1, len(body.intervals) + 1) for chosen in combinations(body.intervals, count))
    return max(sum(value.bytes for value in chosen) for chosen in sets if _overlap(chosen, masks))


def _moments(before: Sequence[Sequence[int]]) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """Every moment of every schedule: the steps that have finished, and those that run."""
    nodes = range(len(before))
    for bits in range(1 << len(before)):
        finished = frozenset(node for node in nodes if bits >> node & 1)
        if all(set(before[node]) <= finished for node in finished):
            ready = [node for node in nodes if node not in finished and set(before[node]) <= finished]
            for count in range(len(ready) + 1):
                for running in combinations(ready, count):
                    yield finished, frozenset(running)


def heaviest_moment(body: Body) -> int:
    """The most bytes alive at any moment of any schedule."""
    return max(
        sum(
            value.bytes
            for value in body.intervals
            if (value.born < 0 or value.born in finished | running)
            and not (value.readers and set(value.readers) <= finished)
        )
        for finished, running in _moments(body.before)
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(bodies())
def test_it_is_the_heaviest_moment(body: Body) -> None:
    peak = heaviest(body.intervals, body.before)
    assert peak.exact
    assert peak.bytes == heaviest_moment(body)


def test_without_a_search_it_is_the_heaviest_set_that_overlaps_and_says_when_it_may_be_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(antichain, "_TRIES", 0)

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(bodies())
    def law(body: Body) -> None:
        peak = heaviest(body.intervals, body.before)
        assert peak.bytes == heaviest_overlap(body)
        assert not peak.exact or peak.bytes == heaviest_moment(body)

    law()


def test_two_readers_that_others_need_end_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """`first` is read by 1 and 3; what 2 and 4 write lives once both have ended."""
    before: list[list[int]] = [[], [0], [1], [0], [3]]
    lives = [("first", 0, (1, 3)), ("left", 1, (2,)), ("left end", 2, ()), ("right", 3, (4,)), ("right end", 4, ())]
    values = [Interval(name, None, 4, born, readers) for name, born, readers in lives]
    assert heaviest(values, before)[::2] == (16, True)
    monkeypatch.setattr(antichain, "_TRIES", 0)
    assert heaviest(values, before)[::2] == (20, False)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(bodies())
def test_what_is_shown_as_alive_overlaps_and_makes_up_the_peak(body: Body) -> None:
    peak = heaviest(body.intervals, body.before)
    assert sum(value.bytes for value in peak.alive) == peak.bytes
    assert _overlap(peak.alive, ancestors(body.before))
    assert len(set(peak.alive)) == len(peak.alive)
    assert [value.bytes for value in peak.alive] == sorted((value.bytes for value in peak.alive), reverse=True)


def test_the_cheap_bound_is_never_too_low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(antichain, "EXACT", 0)

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(bodies())
    def law(body: Body) -> None:
        peak = heaviest(body.intervals, body.before)
        assert peak.bytes >= heaviest_overlap(body)
        assert peak.bytes <= sum(value.bytes for value in body.intervals)

    law()


def test_the_cheap_bound_of_a_chain_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second step, so that no step is one that everything passes through and the credit has to be handed on."""
    monkeypatch.setattr(antichain, "EXACT", 0)
    before: list[list[int]] = [[]] + [[node - 1] for node in range(1, 30)] + [[]]
    chain = [Interval(f"v{node}", None, 10, node, (node + 1,)) for node in range(29)]
    beside = Interval("beside", None, 1, 30, ())
    peak = heaviest([*chain, beside], before)
    assert (peak.bytes, peak.exact) == (21, False)


def test_nothing_alive() -> None:
    assert heaviest([], [[], [0]]).bytes == 0
