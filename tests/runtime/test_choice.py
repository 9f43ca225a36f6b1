"""Choices: the branch that is taken runs, the other never does, and what only it would read is freed."""

from __future__ import annotations

import pytest

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import (
    All,
    Any,
    Branch,
    Compare,
    Condition,
    If,
    ItemRef,
    Not,
    Operand,
    Plan,
    Ref,
    ScalarName,
    Step,
    StepRef,
    Truth,
)
from podpipec_runtime.progress import Chosen
from tests.runtime.plans import ConstantRef, call, collected, each, keep, lifetime, plan, ref, shell
from tests.runtime.runner import Runner, failure, text

SMALL = shell("small", "echo small > {out}")
LARGE = shell("large", "echo large > {out}")
COPY = shell("copy", "cat {a} > {out}", ["a"])


def compare(left: Ref, op: str, right: str, type_: ScalarName = "Int") -> Compare:
    sides = [Operand(value=value, type=type_) for value in (left, ConstantRef(value=right))]
    return Compare(op=op, left=sides[0], right=sides[1])  # type: ignore[arg-type]  # one of the six


def choose(condition: Condition, then: list[Step], otherwise: list[Step], yields: tuple[str, str] | None = None) -> If:
    values = (None, None) if yields is None else tuple(ref(value) for value in yields)
    branches = [Branch(steps=tuple(steps), yields=y) for steps, y in zip((then, otherwise), values, strict=True)]
    return If(id="i", condition=condition, then=branches[0], otherwise=branches[1])


def chosen(number: int) -> Plan:
    count = shell("count", f"echo {number} > {{n}}", (), {"n": "Int"})
    body = choose(compare(ref("c.n"), ">", "10"), [call("l", LARGE)], [call("s", SMALL)], ("l", "s"))
    steps = [call("c", count), body, call("e", COPY, {"a": collected("i")}), keep("k", "e", "node")]
    return plan([count, SMALL, LARGE, COPY], steps, {"r": "e"})


def test_the_chosen_branch_runs(runner: Runner) -> None:
    assert text(runner(chosen(11))) == "large\n" and runner.ran() == ["c", "l", "e"]
    event = runner.of(Chosen)[0]
    assert isinstance(event, Chosen) and (event.step, event.holds) == ("i", True)
    assert runner(chosen(11)).ran == 0
    assert text(runner(chosen(10))) == "small\n" and runner.ran() == ["c", "s", "e"]


def test_explaining(runner: Runner) -> None:
    def told() -> list[str]:
        return [f"{e.action} {e.step}: {e.why}" for e in runner(chosen(11), explain=True).explained]

    assert told()[1:3] == ["wait l: waits for `c`", "wait s: waits for `c`"]
    runner(chosen(11))
    assert told()[1:3] == ["reuse l: published before, same inputs", "skip s: the condition of `i` holds"]


def test_what_the_other_branch_would_have_read_is_freed_at_once(runner: Runner) -> None:
    """`a` is for the branch that is not taken, `b` for that which is, in which there is but one object left."""
    look = shell("look", 'ls "$(dirname {out})/../../objects" | wc -l > {out}', ["a"])
    one, two = shell("one", "echo one > {out}"), shell("two", "echo two > {out}")
    yes = Truth(value=ConstantRef(value="true"))
    steps = [
        call("a", one),
        call("b", two),
        choose(yes, [call("x", look, {"a": "b"})], [call("y", COPY, {"a": "a"})], ("x", "y")),
    ]
    ends = [lifetime("a", ["y"]), lifetime("b", ["x"])]
    outcome = runner(plan([one, two, look, COPY], steps, {"r": collected("i")}, lifetimes=ends))
    assert text(outcome).strip() == "1"


def test_a_choice_in_each_element(runner: Runner) -> None:
    size = shell("size", "printf %s {w} | wc -c > {n}", {"w": "String"}, {"n": "Int"})
    body = [
        call("c", size, {"w": ItemRef(each="e")}),
        choose(compare(ref("c.n"), ">=", "2"), [call("l", LARGE)], [call("s", SMALL)], ("l", "s")),
    ]
    steps = [each("e", ConstantRef(value=("a", "bb", "c")), body, collected("i"))]
    outcome = runner(plan([size, SMALL, LARGE], steps, {"r": collected("e")}))
    assert text(outcome) == "small\nlarge\nsmall\n"


def test_a_choice_without_value_and_without_else(runner: Runner) -> None:
    no = compare(ConstantRef(value="1"), "!=", "1")
    steps = [call("s", SMALL), choose(no, [keep("k", "s", "volume")], []), call("e", COPY, {"a": "s"})]
    outcome = runner(plan([SMALL, COPY], steps, {"r": "e"}))
    assert text(outcome) == "small\n" and runner.objects("volume") == []


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (compare(ConstantRef(value="9"), "<", "10"), True),
        (compare(ConstantRef(value="10"), "<=", "10"), True),
        (compare(ConstantRef(value="10"), "==", "10.0", "Float"), True),
        (compare(ConstantRef(value="0.1"), "<", "1e-1", "Float"), False),
        (compare(ConstantRef(value="9007199254740993"), ">", "9007199254740992"), True),
        (compare(ConstantRef(value="010"), "==", "10", "String"), False),
        (compare(ConstantRef(value="a"), "!=", "b", "String"), True),
        (compare(ConstantRef(value="true"), "==", "false", "Bool"), False),
        (Not(of=Truth(value=ConstantRef(value="false"))), True),
        (All(of=(Truth(value=ConstantRef(value="true")), Truth(value=ConstantRef(value="false")))), False),
        (Any(of=(Truth(value=ConstantRef(value="true")), Truth(value=ConstantRef(value="false")))), True),
        (All(of=()), True),
        (Any(of=()), False),
    ],
)
def test_conditions(runner: Runner, condition: Condition, holds: bool) -> None:
    body = choose(condition, [call("l", LARGE)], [call("s", SMALL)], ("l", "s"))
    assert text(runner(plan([SMALL, LARGE], [body], {"r": collected("i")}))) == ("large\n" if holds else "small\n")


def test_a_constant_that_is_no_number_is_a_misfit(runner: Runner) -> None:
    body = choose(compare(ConstantRef(value="x"), "<", "1"), [], [])
    assert failure(runner(plan([], [body]))) == (
        "data",
        "a whole number, such as `42` is needed for a condition, and `x` is there",
    )


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (choose(Not(of=compare(ConstantRef(value="x"), "<", "y", "String")), [], []), "can't be compared by `<`"),
        (choose(Truth(value=StepRef(step="q")), [], []), "there is no step `q`"),
        (choose(Truth(value=StepRef(step="i")), [], []), "step `i` has no output"),
        (choose(All(of=()), [call("l", LARGE)], [call("s", SMALL)], ("l", "l")), "step `l` can't be seen from here"),
        (choose(All(of=()), [call("l", COPY, {"a": collected("i")})], []), "steps wait for each other: i → i"),
        (choose(All(of=()), [call("s", SMALL)], [call("s", SMALL)]), "step `s` is there twice"),
        (
            If(
                id="i",
                condition=All(of=()),
                then=Branch(steps=(), yields=ConstantRef(value="")),
                otherwise=Branch(steps=()),
            ),
            "both branches give a value, or none does",
        ),
    ],
)
def test_plans_that_cannot_be_meant(step: If, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        plan([SMALL, LARGE, COPY], [step])


def test_a_branch_is_not_seen_outside_of_it() -> None:
    with pytest.raises(PlanError, match="step `l` can't be seen from here"):
        plan([LARGE, COPY], [choose(All(of=()), [call("l", LARGE)], []), call("e", COPY, {"a": "l"})])


def test_conditions_have_a_depth() -> None:
    deep: Condition = All(of=())
    for _ in range(300):
        deep = Not(of=deep)
    with pytest.raises(PlanError, match="a condition is nested deeper than 200"):
        plan([], [choose(deep, [], [])])
