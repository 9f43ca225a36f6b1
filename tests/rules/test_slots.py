"""Slots: every call has one that fits it, all of them fit the pod, and a chain is swapped as seldom as can be."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.compiler import compile_program
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.slots import allot
from podpipec.graph.traversal import walk

MIB = 2**20


def graph_of(source: str) -> Graph:
    """The graph of a program's one flow."""
    compiled = compile_program("program.flow", lambda _: source.encode(), {})
    assert compiled.diagnostics == ()
    (graph,) = compiled.checked.graphs
    return graph


def _stage(name: str, image: int, cpu: float, memory: int) -> str:
    return (
        f"stage {name}(raw: Csv) -> out: Csv {{\n"
        f'  image "image:{image}"  run ["x", raw, out]  cpu {cpu}  memory {memory}MiB\n}}\n'
    )


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Flows of random shape, with and without fan out, whose stages each fit the pod alone."""
    slots, cpu, exclusive = draw(st.integers(1, 4)), draw(st.integers(1, 6)), draw(st.booleans())
    ram, room = draw(st.integers(1, 4)) * 64, draw(st.integers(2, 12)) * 64
    cores = st.integers(1, cpu) if exclusive else st.integers(1, 2 * cpu).map(lambda halves: halves / 2)
    lines = [
        'snapshot ticks { from "t/{shard}.csv"  shards 3  size 1KiB }\n',
        f"pod bench {{ slots {slots}  cpu {cpu}{' exclusive' * exclusive}  memory {ram + room}MiB  ram {ram}MiB }}\n",
    ]
    stages = draw(st.integers(1, 4))
    lines += [
        _stage(f"s{index}", draw(st.integers(0, 2)), draw(cores), draw(st.integers(1, room))) for index in range(stages)
    ]
    lines.append("flow all(t: ticks) on bench {\n")
    fan_out = draw(st.booleans())
    values = [] if fan_out else ["t"]
    if fan_out:
        lines.append(f"  list = each s in t.shards {{ x = s{draw(st.integers(0, stages - 1))}(s)  s0(x) }}\n")
        values.append("made")
        lines.append("  made = join(list)\n")
        lines.insert(
            2, 'stage join(parts: Csv[]) -> out: Csv { image "image:0"  run ["x", parts, out]  memory 1MiB }\n'
        )
    for index in range(draw(st.integers(1, 6))):
        lines.append(f"  v{index} = s{draw(st.integers(0, stages - 1))}({draw(st.sampled_from(values))})\n")
        values.append(f"v{index}")
    return "".join([*lines, "}\n"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(programs())
def test_every_call_fits_a_slot_and_all_slots_fit_the_pod(source: str) -> None:
    graph = graph_of(source)
    found = allot(graph)
    calls = [node for node, _ in walk(graph.nodes) if isinstance(node, Call)]
    assert {call.id for call in calls} == set(found.homes)
    for call in calls:
        homes = found.homes[call.id]
        assert homes
        assert len(set(homes)) == len(homes)
        for home in homes:
            assert found.slots[home].cpu >= call.stage.cpu
            assert found.slots[home].memory >= call.stage.memory
    assert 1 <= len(found.slots) <= graph.pod.slots
    assert sum(slot.cpu for slot in found.slots) <= graph.pod.cpu
    assert sum(slot.memory for slot in found.slots) <= graph.pod.memory - graph.pod.places.get("ram", 0)
    assert not graph.pod.exclusive or all(slot.cpu % 1000 == 0 for slot in found.slots)
    used = {home for homes in found.homes.values() for home in homes}
    assert used == set(range(len(found.slots)))
    images = {call.stage.image for call in calls}
    assert all(slot.image in images for slot in found.slots)


def chain(images: list[int], slots: int) -> str:
    """A program of calls one after the other, each on the image given."""
    lines = ['snapshot ticks { from "t.csv"  size 1KiB }\n', f"pod bench {{ slots {slots}  cpu {slots}  "]
    lines.append(f"memory {slots * 512}MiB  volume 1GiB }}\n")
    lines += [_stage(f"s{image}", image, 1, 512) for image in sorted(set(images))]
    lines.append("flow all(t: ticks) on bench {\n")
    for index, image in enumerate(images):
        lines.append(f"  v{index} = s{image}({f'v{index - 1}' if index else 't'})\n")
    return "".join([*lines, "}\n"])


def fewest_swaps(images: list[int], slots: int) -> int:
    """Over all ways to assign the calls; a slot's first image is there when the pod starts, and is no swap."""
    return min(_swaps(images, homes) for homes in product(range(slots), repeat=len(images)))


def _swaps(images: list[int], homes: tuple[int, ...]) -> int:
    holds: dict[int, int] = {}
    swaps = 0
    for image, home in zip(images, homes, strict=True):
        swaps += holds.setdefault(home, image) != image
        holds[home] = image
    return swaps


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=7), st.integers(1, 3))
def test_a_chain_is_swapped_as_seldom_as_can_be(images: list[int], slots: int) -> None:
    found = allot(graph_of(chain(images, slots)))
    assert found.swaps == fewest_swaps(images, slots)
    homes = tuple(found.homes[f"v{index}"][0] for index in range(len(images)))
    assert _swaps(images, homes) == found.swaps


def test_what_can_overlap_lies_apart() -> None:
    source = (
        'snapshot ticks { from "t.csv"  size 1KiB }\n'
        "pod bench { slots 3  cpu 3  memory 3GiB  volume 1GiB }\n"
        + _stage("same", 0, 1, 512)
        + "flow all(t: ticks) on bench { a = same(t)  b = same(t)  c = same(t) }\n"
    )
    homes = allot(graph_of(source)).homes
    assert len({homes[name] for name in ("a", "b", "c")}) == 3
