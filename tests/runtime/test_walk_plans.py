"""Plans that walk through trees: what is checked of them, and that the engine of this machine refuses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from podpipec_runtime.engine import run
from podpipec_runtime.options import RunOptions
from podpipec_runtime.plan.codec import PlanError, decode, encode
from podpipec_runtime.plan.executable import unexecutable
from podpipec_runtime.plan.types import (
    ChildrenRef,
    ConstantRef,
    Down,
    Execute,
    ItemRef,
    NeedsRef,
    Ordered,
    ParentRef,
    Plan,
    Room,
    StepRef,
    Up,
    Walk,
)
from tests.runtime.plans import call, plan, shell

ROOT = shell("root", "echo > {out}")
ONE = shell("one", "cat {a} > {out}", ["a"])


def walk(**changes: object) -> Walk:
    """A walk with a value that goes down, and one that comes up."""
    made = Walk(
        id="w",
        over=StepRef(step="tree", output="out"),
        order="depth_first",
        body=(
            call("w/down", ONE, {"a": ParentRef(walk="w", name="limit")}),
            call("w/up", ONE, {"a": ChildrenRef(walk="w", name="sum")}),
        ),
        downs=(
            Down(name="limit", start=StepRef(step="tree", output="out"), value=StepRef(step="w/down", output="out")),
        ),
        ups=(Up(name="sum", value=StepRef(step="w/up", output="out")),),
        width=2,
        depth=3,
    )
    return replace(made, **changes)


def whole(step: Walk) -> Plan:
    """A plan with a walk in it, and a step that reads what came up."""
    after = call("end", ONE, {"a": "w.sum"})
    return plan([ROOT, ONE], [call("tree", ROOT), step, after])


def test_comes_back_as_it_was() -> None:
    made = whole(walk())
    assert decode(encode(made)) == made


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (walk(width=0), "$.steps[1].width"),
        (walk(depth=0), "$.steps[1].depth"),
        (walk(over=ItemRef(each="w")), "$.steps[1].over.each"),
        (walk(downs=()), "$.steps[1].body[0].args.a.name"),
        (walk(ups=(Up(name="other", value=StepRef(step="w/up", output="out")),)), "$.steps[2].args.a.output"),
        (walk(ups=(*walk().ups, *walk().ups)), "$.steps[1].ups[1].name"),
        (walk(ups=(Up(name="a b", value=StepRef(step="w/up", output="out")),)), "$.steps[1].ups[0].name"),
        (walk(ups=(Up(name="sum", value=ChildrenRef(walk="tree", name="sum")),)), "$.steps[1].ups[0].value.walk"),
        (
            walk(downs=(Down(name="limit", start=ConstantRef(value="x"), value=StepRef(step="w/up", output="out")),)),
            "$.steps[1].downs[0].value",
        ),
        (
            walk(downs=(Down(name="limit", start=StepRef(step="w/up", output="out"), value=ItemRef(each="w")),)),
            "$.steps[1].downs[0].start.step",
        ),
    ],
)
def test_every_misfit_is_refused_with_the_path_to_it(step: Walk, path: str) -> None:
    with pytest.raises(PlanError) as refused:
        decode(encode(whole(step)))
    assert refused.value.path == path


def test_a_graph_s_steps_are_checked_too() -> None:
    body = (call("r/one", ONE, {"a": NeedsRef(run="r")}),)
    step = Ordered(
        id="r", over=StepRef(step="tree", output="out"), body=body, yields=StepRef(step="r/one", output="out"), width=2
    )
    after = call("end", ONE, {"a": StepRef(step="r")})
    whole_ = plan([ROOT, ONE], [call("tree", ROOT), step, after])
    assert decode(encode(whole_)) == whole_
    assert unexecutable(whole_) == ("`r` goes through a graph with dependencies that is found at run time",)
    wrong = {
        "$.steps[1].width": replace(step, width=0),
        "$.steps[1].yields.step": replace(step, yields=StepRef(step="none", output="out")),
        "$.steps[2].args.a.run": step,
    }
    for path, one in wrong.items():
        last = call("end", ONE, {"a": NeedsRef(run="r")}) if one is step else after
        with pytest.raises(PlanError) as refused:
            decode(encode(plan([ROOT, ONE], [call("tree", ROOT), one, last])))
        assert refused.value.path == path


EXECUTE = Execute(
    id="x",
    flow=StepRef(step="tree", output="out"),
    args={"1": StepRef(step="tree", output="out"), "spec": ConstantRef(value="all")},
    content="File",
    place="ram",
    bytes=1,
    room=(Room(place="ram", bytes=2),),
    slots=(0,),
)


def test_a_flow_that_is_written_at_run_time_comes_back_as_it_was_and_is_not_run_here() -> None:
    made = plan([ROOT, ONE], [call("tree", ROOT), EXECUTE, call("end", ONE, {"a": StepRef(step="x")})])
    assert decode(encode(made)) == made
    assert unexecutable(made) == ("`x` runs a flow that is written at run time",)


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (replace(EXECUTE, flow=StepRef(step="none", output="out")), "$.steps[1].flow.step"),
        (replace(EXECUTE, args={"a b": ConstantRef(value="x")}), "$.steps[1].args"),
        (replace(EXECUTE, args={"0": ConstantRef(value="x")}), "$.steps[1].args"),
        (replace(EXECUTE, args={"a": ItemRef(each="x")}), "$.steps[1].args.a.each"),
        (replace(EXECUTE, bytes=-1), "$.steps[1].bytes"),
        (replace(EXECUTE, place="remote"), "$.steps[1].place"),
        (replace(EXECUTE, room=(*EXECUTE.room, *EXECUTE.room)), "$.steps[1].room"),
        (replace(EXECUTE, room=(Room(place="ram", bytes=-1),)), "$.steps[1].room[0].bytes"),
        (replace(EXECUTE, room=(Room(place="remote", bytes=1),)), "$.steps[1].room[0].place"),
        (replace(EXECUTE, slots=()), "$.steps[1].slots"),
        (replace(EXECUTE, slots=(0, 0)), "$.steps[1].slots"),
        (replace(EXECUTE, slots=(9,)), "$.steps[1].slots[0]"),
    ],
)
def test_every_misfit_of_such_a_run_is_refused_with_the_path_to_it(step: Execute, path: str) -> None:
    with pytest.raises(PlanError) as refused:
        decode(encode(plan([ROOT, ONE], [call("tree", ROOT), step])))
    assert refused.value.path == path


def test_a_walk_is_nested_no_deeper_than_other_steps() -> None:
    step = replace(walk(), body=(), downs=(), ups=())
    for number in range(40):
        step = replace(step, id=f"w{number}", body=(step,), over=ConstantRef(value="x"))
    with pytest.raises(PlanError, match="nested deeper"):
        decode(encode(plan([ROOT, ONE], [call("tree", ROOT), step])))


def test_this_engine_says_what_it_cannot_do_before_it_makes_a_folder(tmp_path: Path) -> None:
    assert unexecutable(whole(walk())) == ("`w` goes through a tree that is found at run time",)
    assert unexecutable(plan([ROOT], [call("tree", ROOT)])) == ()
    options = RunOptions(work=str(tmp_path / "work"), base=str(tmp_path))
    outcome = run(whole(walk()), options, lambda event: None)
    assert outcome.failure is not None and outcome.failure.kind == "usage"
    assert "goes through a tree" in outcome.failure.message
    assert not (tmp_path / "work").exists()
