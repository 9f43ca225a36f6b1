"""Outputs that are scalars: captured, part of keys, known to a resume, on no place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podpipec_runtime.captured import NotCaptured, read_text
from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import ItemRef, Plan, TextRef, ValuePart
from podpipec_runtime.progress import Freed, StepPublished
from tests.runtime.plans import ConstantRef, call, collected, each, keep, plan, ref, shell
from tests.runtime.runner import Runner, failure, text

SAY = shell("say", "printf %s {n} > {out}", {"n": "String"})


def counted(script: str = "echo 3 > {n}", content: str = "Int", retry: int = 0) -> Plan:
    count = shell("count", script, (), {"n": content}, retry=retry)
    steps = [call("c", count), call("s", SAY, {"n": ref("c.n")})]
    return plan([count, SAY], steps, {"r": "s", "n": ref("c.n")})


def test_a_scalar_is_text_from_then_on(runner: Runner) -> None:
    first = runner(counted())
    assert (first.failure, text(first), first.results[1].text) == (None, "3", "3")
    published = runner.of(StepPublished)[0]
    assert isinstance(published, StepPublished) and (published.outputs, published.captured) == ({}, {"n": "3"})
    assert runner.left_in_tmp() == [] and len(runner.objects("ram")) == 1
    again = runner(counted())
    assert (again.ran, again.reused, again.results[1].text) == (0, 2, "3")


def test_a_scalar_is_known_when_its_stages_data_is_gone(runner: Runner) -> None:
    both = shell("both", "echo big > {out}; echo 7 > {n}", (), {"out": "File", "n": "Int"})
    steps = [call("b", both), call("s", SAY, {"n": ref("b.n")})]
    path = runner(plan([both, SAY], steps, {"r": "s"})).results[0].paths[0]
    os.unlink(path)
    outcome = runner(plan([both, SAY], steps, {"r": "s"}))
    assert (runner.ran(), text(outcome)) == (["s"], "7")


def test_the_same_scalar_runs_nothing_again(runner: Runner) -> None:
    runner(counted())
    runner(counted("expr 1 + 2 > {n}"))
    assert runner.ran() == ["c"]
    runner(counted("expr 2 + 2 > {n}"))
    assert runner.ran() == ["c", "s"] and runner.whys()[1] == "input n changed"


def test_other_text_for_the_same_inputs_begins_a_fresh_pass(runner: Runner, tmp_path: Path) -> None:
    """The file that comes with the scalar is gone, and so the stage runs once more."""
    script = f"echo x >> {tmp_path}/runs; wc -l < {tmp_path}/runs > {{n}}; echo big > {{out}}"
    both = shell("both", script, (), {"out": "File", "n": "Int"})
    steps = [call("b", both), call("s", SAY, {"n": ref("b.n")})]
    first = runner(plan([both, SAY], steps, {"r": "b", "s": "s"}))
    os.unlink(first.results[0].paths[0])
    outcome = runner(plan([both, SAY], steps, {"r": "b", "s": "s"}))
    assert text(outcome, "s") == "2"
    assert any("gave other bytes" in getattr(event, "message", "") for event in runner.events)


def test_scalars_of_elements_and_in_texts(runner: Runner) -> None:
    count = shell("count", "printf %s {w} | wc -c > {n}", {"w": "String"}, {"n": "Int"})
    body = [call("c", count, {"w": ItemRef(each="e")})]
    told = TextRef(parts=("<", ValuePart(value=ItemRef(each="f")), ">"))
    steps = [
        each("e", ConstantRef(value=("a", "bbb", "cc")), body, ref("c.n")),
        each("f", collected("e"), [call("s", SAY, {"n": told})], "s"),
    ]
    outcome = runner(plan([count, SAY], steps, {"r": collected("f")}))
    assert text(outcome) == "<1><3><2>"
    assert runner.ran()[3:] == ["s[1]", "s[3]", "s[2]"]


def test_scalars_take_up_no_place(runner: Runner) -> None:
    runner(counted())
    assert runner.of(Freed) == []


@pytest.mark.parametrize(
    ("script", "content", "message"),
    [
        ("echo many > {n}", "Int", "it is an Int: a whole number, such as `42` is needed, and `many` was written"),
        ("true", "Int", "the stage ended well but did not write it"),
        (": > {n}", "Int", "and nothing was written"),
        ("echo TRUE > {n}", "Bool", "`true` or `false` is needed, and `TRUE` was written"),
        ("echo 1MiB > {n}", "Size", "a number of bytes, such as `1048576` is needed, and `1MiB` was written"),
        ("echo 10m > {n}", "Duration", "a number of seconds"),
        ("echo nan > {n}", "Float", "a number, such as `0.5` is needed"),
        ("printf '1\\n\\n' > {n}", "Int", "and '1\\n' was written"),
        ("mkdir {n}", "String", "a String is written to a file, and there is something else"),
        ("ln -s /etc/hostname {n}", "String", "a String is written to a file; there is something else"),
        ("mkfifo {n}", "String", "a String is written to a file, and there is something else"),
        ("head -c 5000 /dev/zero | tr '\\0' x > {n}", "String", "at most 4,096 bytes, and more were written"),
        ("printf '\\377' > {n}", "String", "a text in UTF-8, and other bytes were written"),
        ("printf 'a\\0b' > {n}", "String", "a text without NUL is needed"),
    ],
)
def test_what_is_no_scalar_is_a_failed_stage(runner: Runner, script: str, content: str, message: str) -> None:
    kind, told = failure(runner(counted(script, content)))
    assert kind == "stage" and told.startswith("output `n`: ") and message in told
    assert runner.left_in_tmp() == []


@pytest.mark.parametrize(
    ("content", "written", "text_"),
    [
        ("Int", "-3\n", "-3"),
        ("Float", "2.5e-3", "2.5e-3"),
        ("Bool", "false\n", "false"),
        ("Size", "0", "0"),
        ("Duration", "0.25\n", "0.25"),
        ("String", "", ""),
        ("String", "a\nb\n", "a\nb"),
        ("String", "x" * 4096 + "\n", "x" * 4096),
    ],
)
def test_what_is_a_scalar(tmp_path: Path, content: str, written: str, text_: str) -> None:
    (tmp_path / "n").write_text(written)
    assert read_text(str(tmp_path / "n"), content) == text_


def test_a_text_of_one_byte_more_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "n").write_text("x" * 4097)
    with pytest.raises(NotCaptured):
        read_text(str(tmp_path / "n"), "String")


def test_a_failed_capture_is_tried_again(runner: Runner, tmp_path: Path) -> None:
    script = f"if test -e {tmp_path}/once; then echo 1 > {{n}}; fi; touch {tmp_path}/once"
    assert text(runner(counted(script, retry=1))) == "1"


def test_plans_that_cannot_be_meant() -> None:
    count = shell("count", "echo 1 > {n}", (), {"n": "Int"})
    with pytest.raises(PlanError, match="a path can't depend on what a stage gave"):
        path = ("s3://x/", ValuePart(value=ref("c.n")))
        plan([count, SAY], [call("c", count), call("s", SAY, {"n": ref("c.n")}), keep("k", "s", "remote", path)])
    with pytest.raises(PlanError, match="step `c` has no output `out`"):
        plan([count, SAY], [call("c", count), call("s", SAY, {"n": ref("c")})])
