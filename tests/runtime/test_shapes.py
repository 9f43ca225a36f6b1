# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Shapes and the heap, against plain models."""

from __future__ import annotations

import heapq
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_a_graph_discovers() -> None:
    graph = Graph.of({"a": ()}).discover("b")
    taken, graph = graph.take()
    assert taken == ("a", "b") and not graph.finish("a").done and graph.finish("a").finish("b").done
