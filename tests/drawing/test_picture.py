"""The picture of random programs: every node and every hand-over once, wherever it is written."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from podpipec.drawing import dot, mermaid
from podpipec.drawing.picture import Picture, picture
from podpipec.graph.nodes import Graph
from podpipec.plan import lower
from podpipec_runtime.plan.codec import encode
from tests.costing.graphs import graph_of
from tests.drawing import dots, mermaids
from tests.plan.programs import program

Json = dict[str, Any]
SEEDS = range(80)


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Graph, Picture, Json]]:
    graphs = [graph_of(program(seed)) for seed in SEEDS]
    return [(graph, picture(graph), json.loads(encode(lower(graph)))) for graph in graphs]


def steps(bodies: list[Json], around: tuple[str, ...] = ()) -> list[tuple[Json, tuple[str, ...]]]:
    found = []
    for step in bodies:
        found.append((step, around))
        found += steps(step.get("body", []), (*around, step["id"]))
    return found


def sources(ref: Json, each: set[str]) -> list[str]:
    """What a reference comes from, as the picture names it."""
    match ref["from"]:
        case "input" | "shards":
            return [f"snapshot {ref['input']}"]
        case "item":
            return [f"item {ref['each']}"]
        case "step":
            return [f"{'list' if ref['step'] in each else 'step'} {ref['step']}"]
        case "text":
            return [f"item {part['each']}" for part in ref["parts"] if isinstance(part, dict) and "each" in part]
    return []


def expected(plan: Json) -> Counter[tuple[str, str]]:
    """Every arrow, by the plan: data from each value to each reader, and order."""
    everything = steps(plan["steps"])
    each = {step["id"] for step, _ in everything if step["kind"] == "each"}
    found: set[tuple[str, str, str]] = set()

    def add(ref: Json, target: str) -> None:
        for source in sources(ref, each):
            found.add((source, target, json.dumps(ref, sort_keys=True)))

    for step, _ in everything:
        match step["kind"]:
            case "call":
                for ref in step["args"].values():
                    add(ref, f"step {step['id']}")
            case "each":
                add(step["over"], f"item {step['id']}")
                add(step["yields"], f"list {step['id']}")
            case "keep" | "move":
                add(step["value"], f"step {step['id']}")
        own = "group" if step["kind"] == "each" else "step"
        for name in step.get("after", ()):
            found.add((f"{'group' if name in each else 'step'} {name}", f"{own} {step['id']}", "after"))
    for result in plan["results"]:
        add(result["value"], f"result {result['name']}")
    return Counter((source, target) for source, target, _ in found)


def names(image: Picture, plan: Json) -> dict[str, str]:
    """What each box and group stands for, read off the order in which the program has them."""
    found = {group.key: f"group {group.full}" for group in image.groups}
    ids = iter([step["id"] for step, _ in steps(plan["steps"]) if step["kind"] != "each"])
    for box in image.boxes:
        match box.kind:
            case "snapshot" | "result":
                found[box.key] = f"{box.kind} {box.full}"
            case "item":
                found[box.key] = f"item {next(g.full for g in image.groups if g.key == box.group)}"
            case "list":
                found[box.key] = f"list {box.full.removesuffix('[]')}"
            case _:
                found[box.key] = f"step {next(ids)}"
    return found


def test_every_node_is_drawn_once(drawn: list[tuple[Graph, Picture, Json]]) -> None:
    for _, image, plan in drawn:
        everything = steps(plan["steps"])
        wanted = [f"snapshot {given['name']}" for given in plan["inputs"]]
        wanted += [f"result {result['name']}" for result in plan["results"]]
        for step, _ in everything:
            kinds = ("group", "item", "list") if step["kind"] == "each" else ("step",)
            wanted += [f"{kind} {step['id']}" for kind in kinds]
        found = names(image, plan)
        assert Counter(found.values()) == Counter(wanted)
        groups = {group.key: group for group in image.groups}
        inside = {step["id"]: around[-1] if around else "" for step, around in everything}
        for box in image.boxes:
            kind, _, name = found[box.key].partition(" ")
            if kind == "step":
                assert (groups[box.group].full if box.group else "") == inside[name]


def test_every_hand_over_is_drawn_once(drawn: list[tuple[Graph, Picture, Json]]) -> None:
    assert any(arrow.order for _, image, _ in drawn for arrow in image.arrows)
    for _, image, plan in drawn:
        found = names(image, plan)
        assert Counter((found[arrow.source], found[arrow.target]) for arrow in image.arrows) == expected(plan)


def test_swaps_slots_and_places_are_the_plans(drawn: list[tuple[Graph, Picture, Json]]) -> None:
    assert any(image.swaps for _, image, _ in drawn)
    for _, image, plan in drawn:
        assert image.swaps == plan["swaps"]
        assert [(room.place, room.size) for room in image.rooms] == [
            (place["name"], place["bytes"]) for place in plan["pod"]["places"]
        ]
        assert {room.place: room.peak for room in image.rooms} == {
            peak["place"]: peak["bytes"] for peak in plan["peaks"]
        }
        calls = {step["id"]: step for step, _ in steps(plan["steps"]) if step["kind"] == "call"}
        for box in (box for box in image.boxes if box.kind == "call"):
            numbers = box.lines[0].rpartition("slot")[2].removeprefix("s").strip()
            assert [int(number) for number in numbers.split(", ")] == sorted(calls[box.full]["slots"])
            assert [tag.place for tag in box.tags] == [output["place"] for output in calls[box.full]["outputs"]]


def test_mermaid_and_dot_say_what_the_picture_does(drawn: list[tuple[Graph, Picture, Json]]) -> None:
    for _, image, _ in drawn:
        flowchart = mermaids.read(mermaid.render(image))
        wanted = [(arrow.source, arrow.target, None if arrow.order else arrow.label) for arrow in image.arrows]
        assert flowchart.edges == wanted
        boxes = {box.key: "\n".join((box.title, *box.lines)) for box in image.boxes}
        assert {key: label for key, label in flowchart.labels.items() if key in boxes} == boxes
        assert set(flowchart.labels) - set(boxes) == {group.key for group in image.groups}
        for box in image.boxes:
            assert (flowchart.groups[box.key] or ("",))[-1] == box.group


def test_dot_says_what_the_picture_does(drawn: list[tuple[Graph, Picture, Json]]) -> None:
    for _, image, _ in drawn:
        read = dots.read(dot.render(image))
        assert read.labels == {box.key: "\n".join((box.title, *box.lines)) for box in image.boxes}
        groups = {group.key for group in image.groups}
        for (source, target, label), arrow in zip(read.edges, image.arrows, strict=True):
            assert label == (None if arrow.order else arrow.label)
            assert arrow.source in groups or source == arrow.source
            assert arrow.target in groups or target == arrow.target
        for box in image.boxes:
            assert (read.clusters[box.key] or ("",))[-1] == (f"cluster_{box.group}" if box.group else "")
