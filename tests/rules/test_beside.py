"""What runs beside each other in one pod: chains of streams, scopes of helpers, and what breaks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from podpipec.compiler import Compiled, compile_program
from podpipec.graph.chains import chains, chains_of
from podpipec.graph.distinct import distinct
from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.order import ancestors, predecessors
from podpipec.graph.recovery import recovery
from podpipec.graph.seats import seating
from podpipec.graph.slots import allot
from podpipec.plan import lower
from podpipec_runtime.plan.check import check
from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.executable import unexecutable
from podpipec_runtime.plan.types import Close, HelperRef, Open, Plan, Step, StepRef, StreamRef

HERE = Path(__file__).parent / "accepted"
CHAIN = (HERE / "L5_chain_of_streams.flow").read_text("utf-8")
SCOPE = (HERE / "S5_helper_filled_first.flow").read_text("utf-8")
TURNS = (HERE / "R1_helpers_one_after_the_other.flow").read_text("utf-8")
MIB = 1 << 20


def compiled(text: str) -> Compiled:
    return compile_program("main.flow", lambda _: text.encode(), {})


def graph_of(text: str) -> Graph:
    done = compiled(text)
    assert done.ok, done.diagnostics
    return done.checked.graphs[0]


def before(graph: Graph) -> Mapping[str, set[str]]:
    """For each node of the top level all that have ended when it begins."""
    masks = ancestors(predecessors(graph.nodes))
    names = [node.id for node in graph.nodes]
    return {
        name: {other for at, other in enumerate(names) if mask >> at & 1}
        for name, mask in zip(names, masks, strict=True)
    }


# --- chains ---


def test_a_chain_begins_when_all_is_there_and_ends_at_once() -> None:
    graph = graph_of(CHAIN)
    assert [[graph.nodes[at].id for at in chain] for chain in chains(graph.nodes)] == [["rows", "s", "book"]]
    ended = before(graph)
    for name in ("rows", "s", "book"):
        assert ended[name] == {"ids"}, "all wait for what any of them reads, and none for another"
    assert ended["keep-log-volume"] == {"ids", "rows", "s", "book"}, "published when all have ended"


def test_calls_of_a_chain_have_a_slot_each() -> None:
    graph = graph_of(CHAIN)
    homes = allot(graph).homes
    (chain,) = chains_of(graph)
    assert len({homes[call.id] for call in chain}) == 3


def test_a_stream_takes_no_room_and_bounds_what_is_made_of_it() -> None:
    graph = graph_of(CHAIN)
    calls = {node.id: node for node in graph.nodes if isinstance(node, Call)}
    assert calls["rows"].outputs == ()
    assert [pipe.bound and pipe.bound.bytes for pipe in calls["rows"].pipes] == [256 * MIB]
    # the slice, the names, the log and the book; nothing of what went through the pipes
    assert Liveness(graph).peak("ram").bytes == (64 + 64 + 1 + 64) * MIB


def test_a_chain_runs_again_whole() -> None:
    graph = graph_of(
        CHAIN.replace("keep book in volume", "").replace("(book, log)", "log").replace("survives node", "")
    )
    assert set(recovery(graph, "pod").runs_again) == {"ids", "rows", "s", "book"}


def test_distinct_slots() -> None:
    assert distinct([(0, 1), (0,), (1, 2)])
    assert not distinct([(0, 1), (0, 1), (0, 1)])
    assert distinct([])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("slots 4", "slots 2", "R1", id="a slot too few"),
        pytest.param("cpu 8", "cpu 2", "R1", id="a core too few"),
        pytest.param("ids  = names(t)", "ids  = names(t)\n  more = load(s.good, ids)", "L5", id="two readers"),
        pytest.param("load(s.good, ids)", "load(s.good, log)", "L5", id="waits for a file of the writer"),
        pytest.param("load(s.good, ids)", "load(s.good, ids) after s.log", "L5", id="waits for the writer"),
        pytest.param("book = load(s.good, ids)", "book = load(rows, ids)", "L5", id="another stream, and one unread"),
        pytest.param("keep log  in volume", "keep rows in volume", "L5", id="kept"),
        pytest.param("size rows 4 * raw }", "size rows 4 * raw  retry 1 }", "L5", id="tried again"),
    ],
)
def test_what_breaks_a_chain(old: str, new: str, code: str) -> None:
    assert old in CHAIN
    assert code in {one.code for one in compiled(CHAIN.replace(old, new)).diagnostics}


# --- scopes ---


def test_what_a_scope_gives_is_there_when_it_is_over() -> None:
    graph = graph_of(TURNS)
    ended = before(graph)
    assert "cache-close" in ended["store"], "the second helper reads what the first scope gave"
    assert seating(graph).homes == {"cache": 0, "store": 0}


def test_what_is_read_in_a_scope_stays_until_it_is_over() -> None:
    graph = graph_of(SCOPE)
    (close,) = (node for node in graph.nodes if node.id == "cache-close")
    held = {graph.data[origin].name for origin in close.holds if origin in graph.data}  # type: ignore[union-attr]
    assert {"all", "t"} <= held


def test_a_lost_helper_is_told_again() -> None:
    assert {"cache/told", "cache/books/ask"} <= set(recovery(graph_of(SCOPE), "pod").runs_again)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("keep book in volume", "late = fill(all, guard cache)", "L5", id="used after its scope"),
        pytest.param(" after told", "", "S5", id="asked in no order"),
        pytest.param("fill(all, guard cache)", "fill(all, cache)", "T002", id="not guarded"),
        pytest.param("port 6379", "port 6379  cpu 8", "R1", id="leaves no core"),
        pytest.param("port 6379", "port 6379  memory 24GiB", "R1", id="leaves no memory"),
        pytest.param("    join(books)\n", "    join(books)\n    cache\n", "L5", id="handed out"),
    ],
)
def test_what_breaks_a_scope(old: str, new: str, code: str) -> None:
    assert old in SCOPE
    assert code in {one.code for one in compiled(SCOPE.replace(old, new)).diagnostics}


# --- the plan ---


def test_the_plan_says_streams_and_helpers() -> None:
    chain, scope = lower(graph_of(CHAIN)), lower(graph_of(SCOPE))
    check(chain)
    check(scope)
    args = {step.id: step.args for step in chain.steps if step.id in ("s", "book")}  # type: ignore[union-attr]
    assert args["s"]["rows"] == StreamRef(step="rows", output="rows")
    assert args["book"]["rows"] == StreamRef(step="s", output="good")
    steps = {step.id: step for step in scope.steps}
    assert isinstance(steps["cache"], Open) and isinstance(steps["cache-close"], Close)
    assert steps["cache/told"].args["cache"] == HelperRef(step="cache", guarded=True)  # type: ignore[union-attr]
    assert [seat.image for seat in scope.pod.seats] == ["redis:8"]


def _replaced(plan: Plan, name: str, change: Callable[[Step], Step | None]) -> Plan:
    steps = ((change(step) if step.id == name else step) for step in plan.steps)
    return replace(plan, steps=tuple(step for step in steps if step is not None))


@pytest.mark.parametrize(
    ("text", "name", "change", "message"),
    [
        pytest.param(SCOPE, "cache-close", lambda step: replace(step, opened="book"), "not open here", id="no end"),
        pytest.param(
            SCOPE, "cache-close", lambda step: replace(step, after=("cache",)), "may be closed before", id="early"
        ),
        pytest.param(SCOPE, "cache", lambda step: replace(step, seat=1), "no seat 1", id="seat"),
        pytest.param(
            SCOPE, "cache", lambda step: replace(step, helper="postgres"), "no helper `postgres`", id="helper"
        ),
        pytest.param(SCOPE, "cache", lambda step: replace(step, args={"x": step.args}), "arguments aren't", id="args"),
        pytest.param(CHAIN, "book", lambda step: replace(step, slots=(1,)), "have no slot each", id="slot"),
        pytest.param(
            CHAIN, "ids", lambda step: replace(step, after=("s",)), "wait for each other", id="waits for its reader"
        ),
        pytest.param(
            CHAIN,
            "book",
            lambda step: replace(step, args={**step.args, "rows": StepRef(step="s", output="log")}),
            "`rows` is stream",
            id="a file for a stream",
        ),
    ],
)
def test_misfits_of_a_plan_are_refused(text: str, name: str, change: Any, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        check(_replaced(lower(graph_of(text)), name, change))


def test_this_machines_engine_lists_what_it_lacks() -> None:
    assert unexecutable(lower(graph_of(CHAIN))) == (
        "`s` reads the stream `rows` while `rows` writes it",
        "`book` reads the stream `good` while `s` writes it",
    )
    assert unexecutable(lower(graph_of(SCOPE))) == ("`cache` starts the helper `redis`, a container beside the stages",)
