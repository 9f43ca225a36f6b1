"""Costs of random programs are what a count over the plan's JSON gives."""

from __future__ import annotations

from collections import Counter

import pytest

from podpipec.costing import Cost, cost
from podpipec.costing.rates import DEFAULTS
from podpipec.graph.nodes import Graph
from tests.costing.graphs import graph_of
from tests.costing.oracle import Counted, Hand
from tests.plan.programs import program

SEEDS = range(120)


@pytest.fixture(scope="module")
def counted() -> list[tuple[Graph, Cost, Counted]]:
    graphs = [graph_of(program(seed)) for seed in SEEDS]
    return [(graph, cost(graph, DEFAULTS), Counted(graph)) for graph in graphs]


def hands(found: Cost, plan: Counted) -> Counter[Hand]:
    """The hand-overs of files to steps that run as often as is known."""
    return Counter(
        Hand(edge.target.name, edge.kind, edge.total or 0)
        for edge in found.edges
        if edge.kind in ("read", "keep", "move") and plan.turns(edge.target.name) is not None
    )


def test_programs_are_worth_it(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    assert sum(plan.whole for _, _, plan in counted) > 30
    assert sum(not plan.whole for _, _, plan in counted) > 10
    assert sum(found.swaps > 0 for _, found, _ in counted) > 30


def test_edges_are_those_of_the_plan(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    for _, found, plan in counted:
        assert hands(found, plan) == plan.hands()
        assert len(set(found.edges)) == len(found.edges)


def test_ways_add_up(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    for _, found, plan in counted:
        pod, services, functions = found.ways
        if not plan.whole:
            continue
        assert all(way.bytes.whole for way in found.ways)
        by_kind: Counter[str] = Counter()
        slices = between = 0
        for name, step in plan.steps.items():
            for ref in plan.refs(step) if step["kind"] != "each" else ():
                size = (plan.size(ref) or 0) * (plan.turns(name) or 0)
                by_kind[step["kind"]] += size
                slices += size if step["kind"] == "call" and plan.is_slice(ref) else 0
                between += size if step["kind"] == "call" and not plan.is_slice(ref) else 0
        assert pod.in_place[0].amount.bytes == by_kind["call"]
        assert pod.moved[1].amount.bytes == by_kind["keep"] + by_kind["move"]
        assert [part.amount.bytes for part in services.moved] == [slices, between + by_kind["keep"]]
        assert [part.amount.bytes for part in functions.moved] == [plan.written(), by_kind["call"]]


def test_peaks_swaps_and_requests_are_the_plans(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    for graph, found, plan in counted:
        assert {peak.place: peak.bytes for peak in found.peaks} == {
            peak["place"]: peak["bytes"] for peak in plan.plan["peaks"]
        }
        slots = plan.plan["pod"]["slots"]
        assert found.swaps == plan.plan["swaps"] == sum(turn.swaps for slot in found.slots for turn in slot)
        assert found.requests.slots.containers == len(slots)
        assert found.requests.slots.cpu == sum(slot["cpu"] for slot in slots)
        assert found.requests.slots_with_scratch == sum(slot["memory"] for slot in slots)
        stages = {stage["name"]: stage for stage in plan.plan["stages"]}
        calls = [stages[step["stage"]] for step in plan.steps.values() if step["kind"] == "call"]
        assert found.requests.calls.containers == len(calls)
        assert found.requests.calls.cpu == sum(stage["cpu"] for stage in calls)
        assert found.requests.calls.memory == sum(stage["memory"] for stage in calls)
        assert found.requests.calls.memory >= found.requests.slots.memory, graph.flow.declared.name


def test_every_turn_is_in_a_slot_of_its_call(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    for _, found, plan in counted:
        turns = Counter((turn.call, slot) for slot, row in enumerate(found.slots) for turn in row)
        allowed = {
            (name, slot) for name, step in plan.steps.items() if step["kind"] == "call" for slot in step["slots"]
        }
        assert turns == Counter(allowed)


def test_critical_path_is_the_heaviest_chain(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    for _, found, plan in counted:
        assert found.path.weight == plan.weight(plan.plan["steps"])
        assert sum(step.weight * step.rounds for step in found.path.steps) == found.path.weight
        assert found.path.whole == plan.whole


def test_what_only_the_data_knows_has_no_total(counted: list[tuple[Graph, Cost, Counted]]) -> None:
    for _, found, plan in counted:
        for edge in found.edges:
            if edge.kind == "read" and edge.times is None:
                assert not edge.total
                assert plan.turns(edge.target.name) is None


UNKNOWN = """\
snapshot t: Csv { from "t" size 8MiB }
pod p { slots 2 cpu 2 memory 4GiB ram 2GiB }
stage split(a: File) -> parts: Csv[] { run ["split", a, parts] size parts a }
stage look(one: File, all: File[]) { run ["look", one, all] }
flow f(t: t) on p {
  parts = split(t)
  each part in parts { look(part, parts) }
}
"""


def test_a_whole_list_read_by_every_element_has_no_total() -> None:
    """Its bound holds for its own elements together, not for those that read it."""
    found = cost(graph_of(UNKNOWN), DEFAULTS)
    reads = {edge.source.kind: edge for edge in found.edges if edge.target.name.endswith("look")}
    assert (reads["item"].times, reads["item"].total) == (1, 8 * 2**20)
    assert (reads["step"].one, reads["step"].times, reads["step"].total) == (8 * 2**20, None, None)
    assert not found.ways[0].in_place[0].amount.whole
