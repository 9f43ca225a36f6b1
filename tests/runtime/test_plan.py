# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Reading and writing plans: canonical, strict, and every misfit refused with the path to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec_runtime.plan.codec import PlanError, decode, encode, encode_compact
from podpipec_runtime.plan.order import outside
from podpipec_runtime.plan.schema import schema
from podpipec_runtime.plan.types import (
    Branch,
    Calendar,
    Call,
    CarryRef,
    If,
    InputRef,
    ItemRef,
    Keep,
    Period,
    Plan,
    Range,
    ShardsRef,
    StepRef,
    Truth,
    WindowsRef,
    Within,
)
from tests.runtime import plans
from tests.runtime.plans import call, collected, cycle, each, fold, keep, lifetime, plan, program, ref, shell
from tests.runtime.random_plans import Maker

ONE = shell("one", "echo > {out}")
COPY = shell("copy", "cat {a} > {out}", ["a"])

Change = Callable[[dict[str, Any]], Any]


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_plans_come_back_as_they_were_and_in_one_form(seed: int) -> None:
    made = Maker(Random(seed)).make()
    data = encode(made)
    assert decode(data) == made
    assert encode(decode(encode_compact(made))) == data
    assert data.endswith(b"}\n") and b"\n  " in data


def test_the_schema_is_the_one_checked_in() -> None:
    assert (files("podpipec_runtime.plan") / "plan.schema.json").read_bytes() == schema()
    printed = subprocess.run([sys.executable, "-m", "podpipec_runtime.plan.schema"], capture_output=True, check=True)
    assert printed.stdout == schema()


def example() -> dict[str, Any]:
    """A plan as JSON values, with everything in it that a reference can be."""
    body = [call("c", COPY, {"a": ItemRef(each="e")}), call("d", COPY, {"a": "c"})]
    steps = [
        call("a", ONE),
        each("e", ShardsRef(input="t"), body, "d"),
        call("b", COPY, {"a": InputRef(input="w")}),
        keep("k", "a", "remote", ("s3://x",)),
        each("f", WindowsRef(input="h.windows"), [call("g", COPY, {"a": ItemRef(each="f")})], "g"),
    ]
    inputs = [
        plans.given("t", shards=["x", "y"]),
        plans.given("w", ("w",)),
        plans.given("h", ("h",), window=3600, windows=Within(most=25)),
        plans.given("d", ("d",), window=86400, calendar="bank", windows=Range(first=-3, last=0)),
    ]
    made = plan(
        [ONE, COPY],
        steps,
        {"r": collected("e")},
        inputs,
        [lifetime("c", ["d"], "e")],
        period=Period(window=86400, calendar="bank"),
        calendars=[Calendar(name="bank", zone="Europe/London", days=("mon", "tue"), excluded=(date(2024, 1, 1),))],
    )
    value: dict[str, Any] = msgspec.json.decode(encode(made))
    return value


def loops() -> dict[str, Any]:
    """A plan with every kind of loop, as JSON values."""
    inner = [call("d", COPY, {"a": CarryRef(cycle="y", name="c")}), call("f", COPY, {"a": "a"})]
    steps = [
        call("a", ONE),
        each("e", ShardsRef(input="t"), [call("b", ONE)], "b", group=3, step=1),
        fold("s", collected("e"), 2, [call("g", ONE)], "g"),
        cycle("y", collected("e"), inner, {"c": (collected("s"), "d"), "n": ("a", ItemRef(each="y"))}),
    ]
    made = plan([ONE, COPY], steps, {"r": "y.c"}, [plans.given("t", shards=["x", "y"])])
    value: dict[str, Any] = msgspec.json.decode(encode(made))
    return value


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (lambda p: p["steps"][1].update(step=4), "$.steps[1].step", "groups of 3 can't be 4 apart"),
        (lambda p: p["steps"][1].update(group=0), "$.steps[1].step", "groups of 0 can't be 1 apart"),
        (lambda p: p["steps"][1].update(step=0), "$.steps[1].step", "can't be 0 apart"),
        (lambda p: p["steps"][2].update(by=1), "$.steps[2].by", "1 is less than 2"),
        (lambda p: p["steps"][2].update(width=0), "$.steps[2].width", "0 is less than 1"),
        (lambda p: p["steps"][2].update(body=[]), "$.steps[2].yields.step", "no step `g`"),
        (lambda p: p["steps"][3].update(depth=0), "$.steps[3].depth", "0 is less than 1"),
        (lambda p: p["steps"][3].update(carries=[]), "$.steps[3].carries", "hands nothing on"),
        (lambda p: p["steps"][3]["carries"][0].update(name="1"), "$.steps[3].carries[0].name", "not a name"),
        (lambda p: p["steps"][3]["carries"][1].update(name="c"), "$.steps[3].carries[1].name", "there twice"),
        (
            lambda p: p["steps"][3]["carries"][0].update(start={"from": "step", "step": "d", "output": "out"}),
            "$.steps[3].carries[0].start.step",
            "can't be seen",
        ),
        (
            lambda p: p["steps"][3]["body"][0]["args"]["a"].update(name="z"),
            "$.steps[3].body[0].args.a.name",
            "no carry `z`",
        ),
        (
            lambda p: p["steps"][3].update(over={"from": "carry", "cycle": "y", "name": "c"}),
            "$.steps[3].over.cycle",
            "no cycle `y`",
        ),
        (lambda p: p["results"][0]["value"].update(output=""), "$.results[0].value.output", "no output ``"),
    ],
)
def test_misfits_of_loops_are_refused_with_their_path(change: Change, path: str, message: str) -> None:
    value = loops()
    decode(msgspec.json.encode(value))
    change(value)
    error = refused(value)
    assert (error.path, message in error.message) == (path, True), str(error)


def refused(value: dict[str, Any]) -> PlanError:
    with pytest.raises(PlanError) as caught:
        decode(msgspec.json.encode(value))
    return caught.value


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (lambda p: p.update(version=7), "$.version", "plan version 7, this runtime reads 1"),
        (lambda p: p.pop("swaps"), "$", "missing required field `swaps`"),
        (lambda p: p.update(more=1), "$", "unknown field `more`"),
        (lambda p: p["steps"][0].update(slots="x"), "$.steps[0].slots", "Expected `array`"),
        (lambda p: p["steps"][1]["body"][0].update(slots=[9]), "$.steps[1].body[0].slots[0]", "no slot 9"),
        (lambda p: p["steps"][0].update(slots=[]), "$.steps[0].slots", "a call needs slots"),
        (lambda p: p["steps"][0].update(id="e"), "$.steps[1].id", "step `e` is there twice"),
        (lambda p: p["steps"][0].update(id="<a"), "$.steps[0].id", "not an id"),
        (lambda p: p["steps"][0].update(stage="no"), "$.steps[0].stage", "no stage `no`"),
        (lambda p: p["steps"][2].update(args={}), "$.steps[2].args", "arguments aren't those"),
        (lambda p: p["steps"][0].update(outputs=[]), "$.steps[0].outputs", "outputs aren't those"),
        (lambda p: p["steps"][0]["outputs"][0].update(place="remote"), "$.steps[0].outputs[0].place", "no place"),
        (lambda p: p["steps"][0]["outputs"][0].update(bytes=-1), "$.steps[0].outputs[0].bytes", "less than 0"),
        (lambda p: p["steps"][0].update(after=["d"]), "$.steps[0].after[0]", "can't be seen"),
        (lambda p: p["steps"][0].update(after=["zz"]), "$.steps[0].after[0]", "no step `zz`"),
        (lambda p: p["steps"][0].update(after=["b"]) or p["steps"][2].update(after=["a"]), "$.steps", "a → b → a"),
        (lambda p: p["steps"][0].update(after=["a"]), "$.steps", "a → a"),
        (lambda p: p["steps"][1]["body"][0].update(after=["e"]), "$.steps", "e → e"),
        (lambda p: p["steps"][1].update(width=0), "$.steps[1].width", "less than 1"),
        (
            lambda p: p["steps"][2]["args"].update(a={"from": "item", "each": "e"}),
            "$.steps[2].args.a.each",
            "no loop",
        ),
        (
            lambda p: p["steps"][2]["args"].update(a={"from": "input", "input": "t"}),
            "$.steps[2].args.a.from",
            "`shards`",
        ),
        (
            lambda p: p["steps"][2]["args"].update(a={"from": "step", "step": "k"}),
            "$.steps[2].args.a.output",
            "no output",
        ),
        (lambda p: p["steps"][3].update(path=[]), "$.steps[3].path", "needs a path"),
        (lambda p: p["steps"][3].update(path=[{"part": "item", "each": "e"}]), "$.steps[3].path[0].each", "no loop"),
        (
            lambda p: p["stages"][1]["command"]["script"].append({"part": "input", "name": "z"}),
            "$.stages[1].command.script[4]",
            "no input `z`",
        ),
        (lambda p: p["stages"][0].update(retry=-1), "$.stages[0].retry", "less than 0"),
        (lambda p: p["stages"][0].update(timeout=0), "$.stages[0].timeout", "less than 1"),
        (lambda p: p["stages"][0].update(code={"name": "../x", "text": ""}), "$.stages[0].code.name", "plain file"),
        (lambda p: p["stages"][1].update(name="one"), "$.stages[1].name", "there twice"),
        (lambda p: p["inputs"][0].update(shards=[]), "$.inputs[0].shards", "don't fit"),
        (lambda p: p["inputs"][0].update(shards=["x", "x"]), "$.inputs[0].shards", "twice"),
        (lambda p: p["inputs"][0].update(name="s"), "$.inputs[0].name", "must be named so"),
        (lambda p: p["inputs"][2].update(name="h.w"), "$.inputs[2].name", "not a name"),
        (lambda p: p["inputs"][2].update(window=None), "$.inputs[2].window", "has no windows"),
        (lambda p: p["inputs"][2].update(window=0), "$.inputs[2].window", "less than 1"),
        (lambda p: p["inputs"][2].update(calendar="nyse"), "$.inputs[2].calendar", "no calendar `nyse`"),
        (lambda p: p["inputs"][2].update(windows={"windows": "within", "most": 0}), "$.inputs[2].windows", "the past"),
        (lambda p: p["inputs"][3].update(windows={"windows": "at", "offset": 1}), "$.inputs[3].windows", "the past"),
        (lambda p: p["inputs"][3]["windows"].update(first=1), "$.inputs[3].windows", "the past"),
        (lambda p: p["inputs"][3].update(window=60), "$.inputs[3].windows", "several windows of `d`"),
        (lambda p: p["inputs"][3].update(slice="shards", shards=["x"]), "$.inputs[3].slice", "of one shard"),
        (
            lambda p: p["steps"][4].update(over={"from": "input", "input": "h.windows"}),
            "$.steps[4].over.from",
            "`h.windows`",
        ),
        (lambda p: p.update(period=None), "$.period", "needs a period"),
        (lambda p: p["period"].update(calendar="nyse"), "$.period.calendar", "no calendar `nyse`"),
        (lambda p: p["calendars"][0].update(zone="Mars/Olympus"), "$.calendars[0].zone", "no time zone `Mars/Olympus`"),
        (lambda p: p["calendars"][0].update(days=[]), "$.calendars[0].days", "each once"),
        (lambda p: p["calendars"][0].update(days=["mon", "mon"]), "$.calendars[0].days", "each once"),
        (lambda p: p["calendars"].append(p["calendars"][0]), "$.calendars[1].name", "there twice"),
        (lambda p: p["calendars"][0].update(excluded=["2024-02-30"]), "$.calendars[0].excluded[0]", "RFC3339"),
        (lambda p: p["results"][0]["value"].update(step="d"), "$.results[0].value.step", "can't be seen"),
        (lambda p: p["lifetimes"][0].update(until=["zz"]), "$.lifetimes[0].until[0]", "no step"),
        (lambda p: p["lifetimes"][0].update(scope="a"), "$.lifetimes[0].scope", "no loop"),
        (lambda p: p["pod"]["places"][0].update(name="remote"), "$.pod.places[0].name", "can't have"),
    ],
)
def test_misfits_are_refused_with_their_path(change: Change, path: str, message: str) -> None:
    value = example()
    change(value)
    error = refused(value)
    assert (error.path, message in error.message) == (path, True), str(error)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"version": "1"}', b"[" * 100_000])
def test_junk_is_refused(data: bytes) -> None:
    with pytest.raises(PlanError):
        decode(data)


def test_a_list_inside_a_word_is_refused() -> None:
    bad = program("bad", ["x", "--in={a}", "{out}"], {"a": "File[]"})
    with pytest.raises(PlanError, match="must be a word of its own"):
        plan([bad], [call("a", bad, {"a": StepRef(step="e")})])


def test_too_deep_is_refused_and_too_long_is_not() -> None:
    step: Call | Keep | Any = call("c", ONE)
    for depth in range(40):
        step = each(
            f"e{depth}", plans.ConstantRef(value=("a",)), [step], "c" if depth == 0 else collected(f"e{depth - 1}")
        )
    with pytest.raises(PlanError, match="nested deeper than 32"):
        plan([ONE], [step])
    chain = [call("s0", ONE), *(call(f"s{n}", COPY, {"a": f"s{n - 1}"}) for n in range(1, 5000))]
    made: Plan = plan([ONE, COPY], list(reversed(chain)), {"r": "s4999"})
    assert decode(encode(made)) == made


def test_what_a_choice_in_a_loop_only_hands_on_is_not_read_from_outside() -> None:
    """Visited again, a loop would hold it where a run from the start has it no more."""
    chosen = If(
        id="c",
        condition=Truth(value=ref("x.b")),
        then=Branch(steps=(), yields=ref("y")),
        otherwise=Branch(steps=(), yields=ref("z")),
    )
    one = shell("one", "one", ["i"])
    reads_other, reads_it = call("r", one, {"i": "w"}), call("s", one, {"i": collected("c")})
    over = collected("o")
    assert set(outside(each("e", over, [chosen, reads_other], "r"))) == {over, ref("x.b"), ref("w")}
    wide = {over, ref("x.b"), ref("w"), ref("y"), ref("z")}
    assert set(outside(each("e", over, [chosen, reads_other, reads_it], "r"))) == wide
