# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Shapes and the heap, against plain models."""

from __future__ import annotations

import heapq
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec_runtime.shapes.cycle import Ring
from podpipec_runtime.shapes.fan_in import FanIn
from podpipec_runtime.shapes.fan_out import FanOut
from podpipec_runtime.shapes.graph import Graph
from podpipec_runtime.shapes.heap import Node, pop, push
from podpipec_runtime.shapes.shape import Shape

SETTINGS = settings(max_examples=100, deadline=None, derandomize=True)


@given(st.lists(st.integers()), st.lists(st.booleans()))
@SETTINGS
def test_the_heap_is_a_heap_and_keeps_its_past(keys: list[int], pops: list[bool]) -> None:
    model: list[int] = []
    heap: Node[int] | None = None
    past: list[tuple[Node[int] | None, int]] = []
    for key, also_pop in zip(keys, [*pops, *[False] * len(keys)], strict=False):
        heap = push(heap, key)
        heapq.heappush(model, key)
        past.append((heap, model[0]))
        if also_pop and heap is not None:
            assert heap.key == heapq.heappop(model)
            heap = pop(heap)
    while heap is not None:
        assert heap.key == heapq.heappop(model)
        heap = pop(heap)
    assert not model
    assert all(old is not None and old.key == least for old, least in past)


@given(st.integers(0, 2**32))
@SETTINGS
def test_a_graph_hands_each_unit_out_once_after_what_it_waits_for(seed: int) -> None:
    random = Random(seed)
    names = [str(n) for n in range(random.randint(1, 12))]
    before = {name: tuple(random.sample(names[:at], random.randint(0, min(at, 3)))) for at, name in enumerate(names)}
    graph: Shape[str] = Graph.of(before)
    active: list[str] = []
    done: list[str] = []
    while not graph.done:
        taken, graph = graph.take()
        for name in taken:
            assert set(before[name]) <= set(done)
        active += taken
        name = active.pop(random.randrange(len(active)))
        graph = graph.finish(name)
        done.append(name)
        ended, graph = graph.forget()
        assert ended == (name,)
    assert sorted(done) == sorted(names)


@given(st.integers(0, 30), st.integers(1, 5), st.integers(0, 2**32))
@SETTINGS
def test_a_fan_out_starts_in_order_and_never_more_than_its_width(size: int, width: int, seed: int) -> None:
    random = Random(seed)
    fan: Shape[int] = FanOut(size, width)
    active: list[int] = []
    started: list[int] = []
    again = 3
    while True:
        taken, fan = fan.take()
        active += taken
        started += taken
        assert len(active) <= width and len(active) == min(width, size - len(started) + len(active))
        if fan.done:
            break
        unit = active.pop(random.randrange(len(active)))
        fan = fan.finish(unit)
        ended, fan = fan.forget()
        assert ended == (unit,)
    assert started == list(range(size))
    for unit in random.sample(range(size), min(again, size)):
        fan = fan.discover(unit)
    seen: list[int] = []
    while not fan.done:
        taken, fan = fan.take()
        seen += taken
        assert len(taken) <= width
        for unit in taken:
            fan = fan.finish(unit)
    assert seen == sorted(seen) and len(seen) == min(again, size)


def test_a_fan_out_lets_in_all_that_come_back_at_once_if_it_is_told_to() -> None:
    """What has not begun waits for its turn all the same."""
    taken, fan = FanOut(9, 2).take()
    for unit in (0, 1):
        fan = fan.finish(unit)
    taken, fan = fan.discover(1).take()
    assert taken == (1, 2)
    fan = fan.discover(0)
    assert fan.take()[0] == ()
    taken, fan = fan.take(at_once=True)
    assert taken == (0,) and len(fan.active) == 3
    assert fan.finish(1).take(at_once=True)[0] == ()
    assert fan.finish(1).finish(2).take()[0] == (3,)


@given(st.integers(0, 40), st.integers(2, 5), st.integers(1, 4), st.integers(0, 2**32))
@SETTINGS
def test_a_fan_in_groups_neighbours_until_one_is_left(size: int, by: int, width: int, seed: int) -> None:
    """Every leaf is in what it all comes to, in order and once; a group has two members at least."""
    random = Random(seed)
    fan = FanIn.of(size, by, width)
    made: dict[int, tuple[int, ...]] = {leaf: (leaf,) for leaf in range(size)}
    active: list[int] = []
    while not fan.done:
        taken, fan = fan.take()
        active += taken
        assert 0 < len(active) <= width
        unit = active.pop(random.randrange(len(active)))
        members = fan.groups[unit].members
        assert 2 <= len(members) <= by
        made[size + unit] = tuple(leaf for member in members for leaf in made[member])
        fan = fan.finish(unit)
        ended, fan = fan.forget()
        assert ended == (unit,)
    if size:
        assert made[fan.root] == tuple(range(size))
    assert len({(group.level, group.position) for group in fan.groups}) == len(fan.groups)


def test_a_fan_in_uses_values_up_before_it_makes_more() -> None:
    fan, order, held, most = FanIn.of(256, 4, 1), [], 0, 0
    while not fan.done:
        (unit,), fan = fan.take()
        order.append(unit)
        held += 1 - sum(member >= 256 for member in fan.groups[unit].members)
        most = max(most, held)
        fan = fan.finish(unit)
    assert order == list(range(64 + 16 + 4 + 1)) and most == 3 * 3 + 1


def test_groups_of_a_fan_in_are_called_by_level_and_number() -> None:
    fan = FanIn.of(10, 3, 1)
    assert [group.label for group in fan.groups] == ["0.0", "0.1", "0.2", "1.0", "2.0"]
    assert [group.members for group in fan.groups[3:]] == [(10, 11, 12), (13, 9)]


@given(st.integers(0, 30), st.integers(1, 5), st.integers(0, 2**32))
@SETTINGS
def test_a_ring_begins_in_order_and_what_is_visited_again_does_not_count(size: int, depth: int, seed: int) -> None:
    random = Random(seed)
    ring = Ring(size, depth)
    active: list[int] = []
    again: list[int] = []
    started: list[int] = []
    over: set[int] = set()
    while not ring.done:
        taken, ring = ring.take()
        for unit in taken:
            (again if unit in over else active).append(unit)
        started += [unit for unit in taken if unit not in over]
        assert len(active) == min(depth, size - len(over))
        if again and random.random() < 0.5:
            ring = ring.finish(again.pop())
            assert ring.forget()[0] == ()
            continue
        unit = active.pop(random.randrange(len(active))) if active else again.pop()
        first = unit not in over
        assert ring.over(unit) != first
        ring = ring.finish(unit)
        over.add(unit)
        ended, ring = ring.forget()
        assert ended == ((unit,) if first else ()) and ring.over(unit)
        if random.random() < 0.3 and unit not in again:
            ring = ring.discover(unit)
    assert started == list(range(size))


def test_a_graph_holds_back_what_waits_for_something_else() -> None:
    graph = Graph.of({"a": (), "b": ("a",)}).hold("a").hold("b").hold("a")
    taken, graph = graph.let("a").take()
    assert taken == ()
    taken, graph = graph.let("a").take()
    assert taken == ("a",)
    taken, graph = graph.finish("a").take()
    assert taken == ()
    assert graph.let("b").take()[0] == ("b",)


def test_a_graph_discovers() -> None:
    graph = Graph.of({"a": ()}).discover("b")
    taken, graph = graph.take()
    assert taken == ("a", "b") and not graph.finish("a").done and graph.finish("a").finish("b").done
