"""The order of a flow's statements: that of the data, and that of the source where it leaves a choice."""

from __future__ import annotations

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.types.order import callees_first, in_order, uses

QUICK = settings(max_examples=300, deadline=None, derandomize=True)


def statements(text: str) -> tuple[tree.Statement, ...]:
    parsed = parse(Source("x.flow", f"flow f(t: t) {{\n{text}\n}}"))
    assert not parsed.diagnostics
    (flow,) = parsed.module.declarations
    assert isinstance(flow, tree.Flow)
    return flow.body


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, list[set[int]]]:
    """A body in which statement `i` writes `x{i}`, and for each statement those that it needs, said in many ways."""
    count = draw(st.integers(1, 6))
    needs = [draw(st.sets(st.integers(0, count - 1), max_size=3)) for _ in range(count)]
    lines = []
    for index, needed in enumerate(needs):
        names = [f"x{other}" for other in sorted(needed)]
        way = draw(st.integers(0, 4))
        if way == 0 or not names:
            lines.append(f"x{index} = s({', '.join(names)})")
        elif way == 1:
            lines.append(f"x{index} = s() after {', '.join(names)}")
        elif way == 2:
            lines.append(f"x{index} = each e in {names[0]} {{ y = s(e, {', '.join(names)}) y }}")
        elif way == 3:
            lines.append(f"x{index} = s(a: {names[0]}.out, b: -{' + '.join(names)})")
        else:
            lines.append(f"x{index} = each e in t {{ each d in [1] {{ z = s({', '.join(names)}) z }} }}")
    return "\n".join(lines), needs


def first_order(needs: list[set[int]]) -> list[int] | None:
    """By brute force: of all orders that respect the needs the first, counted in places of the source."""
    for order in itertools.permutations(range(len(needs))):
        place = {index: position for position, index in enumerate(order)}
        if all(place[needed] < place[index] for index in place for needed in needs[index]):
            return list(order)
    return None


@given(bodies())
@QUICK
def test_the_first_of_all_orders_that_are_right(body: tuple[str, list[set[int]]]) -> None:
    text, needs = body
    written = statements(text)
    ordered, cycles = in_order(written)
    expected = first_order(needs)
    if expected is not None:
        assert not cycles and [written.index(one) for one in ordered] == expected
    else:
        assert cycles and len(ordered) < len(written)


def reachable(needs: list[set[int]]) -> list[set[int]]:
    """What each statement needs, by whatever way."""
    reach = [set(needed) for needed in needs]
    for _ in needs:
        for index, needed in enumerate(reach):
            reach[index] = needed.union(*(reach[other] for other in needed))
    return reach


@given(bodies())
@QUICK
def test_every_circle_is_told_once_with_its_whole_way(body: tuple[str, list[set[int]]]) -> None:
    text, needs = body
    _, cycles = in_order(statements(text))
    reach = reachable(needs)
    on_circles = {index for index in range(len(needs)) if index in reach[index]}
    told: set[int] = set()
    for diagnostic in cycles:
        assert diagnostic.code == "T005"
        way = [int(number) for number in re.findall(r"`x(\d+)`", diagnostic.notes[0])]
        assert way[0] == way[-1] and len(set(way[:-1])) == len(way) - 1
        assert all(needed in needs[index] for index, needed in itertools.pairwise(way))
        assert not told & set(way)
        told |= set(way)
    components = {
        frozenset(other for other in on_circles if other == one or (other in reach[one] and one in reach[other]))
        for one in on_circles
    }
    assert all(component & told for component in components), "each knot of circles has at least one of them told"
    assert told <= on_circles


@given(bodies())
@QUICK
def test_what_does_not_hang_on_a_circle_is_still_in_order(body: tuple[str, list[set[int]]]) -> None:
    text, needs = body
    written = statements(text)
    ordered, _ = in_order(written)
    reach = reachable(needs)
    stuck = {index for index in range(len(needs)) if any(other in reach[other] for other in (*reach[index], index))}
    assert {written.index(one) for one in ordered} == set(range(len(needs))) - stuck


def test_every_way_of_naming_a_value_is_a_use() -> None:
    (let,) = statements("x = s(a, b: c.d, e: [f, -g], h: i * (j + 1)) after k, l.m")
    assert {name.text for name in uses(let)} == set("acfgijkl")
    (do,) = statements("each s in t.shards { u = f(s, v) keep w in node }")
    assert {name.text for name in uses(do)} == {"t", "s", "v", "w"}
    (moved,) = statements("y = move x to ram")
    assert {name.text for name in uses(moved)} == {"x"}


def test_a_chain_of_twenty_thousand_written_backwards() -> None:
    written = statements("\n".join(f"x{number} = s(x{number - 1})" for number in range(20_000, 0, -1)))
    ordered, cycles = in_order(written)
    assert not cycles and [one.name.text for one in ordered if isinstance(one, tree.Let)] == [
        f"x{number}" for number in range(1, 20_001)
    ]


def test_a_circle_of_a_thousand() -> None:
    written = statements("\n".join(f"x{number} = s(x{(number + 1) % 1000})" for number in range(1000)))
    ordered, (circle,) = in_order(written)
    assert ordered == [] and len(circle.labels) <= 6


@given(st.lists(st.sets(st.integers(0, 6), max_size=3), min_size=1, max_size=7))
@QUICK
def test_flows_come_after_those_that_they_call(calls: list[set[int]]) -> None:
    count = len(calls)
    calls = [{other for other in called if other < count} for called in calls]
    lines = [
        f"flow f{index}() {{ {' '.join(f'each e in [1] {{ x = f{other}() }}' for other in sorted(called))} }}"
        for index, called in enumerate(calls)
    ]
    flows = [one for one in parse(Source("x.flow", "\n".join(lines))).module.declarations if isinstance(one, tree.Flow)]
    by_name = {flow.name.text: flow for flow in flows}
    ordered = callees_first(flows, lambda name: by_name[name.text])
    assert sorted(ordered, key=flows.index) == flows
    place = {flow.name.text: position for position, flow in enumerate(ordered)}
    reach = reachable(calls)
    for index, called in enumerate(calls):
        free = not any(other in reach[other] for other in (*reach[index], index))
        assert not free or all(place[f"f{other}"] < place[f"f{index}"] for other in called)
