"""Fallbacks: what is called when a stage failed for good, and what a resume makes of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import Alternative, Call, Fallback, Plan, Ref, Stage
from podpipec_runtime.progress import FellBack, StepFailed, StepReused
from tests.runtime.plans import call, keep, lifetime, plan, program, ref, shell
from tests.runtime.runner import Runner, failure, text

ONE = shell("one", "echo one > {out}")
END = shell("end", "cat {a} > {out}; echo end >> {out}", ["a"])


def fallback(id_: str, stage: Stage, others: list[Stage], args: dict[str, Ref] | None = None) -> Fallback:
    first = call(id_, stage, args or {})
    assert isinstance(first, Call)
    return Fallback(
        id=id_,
        stage=first.stage,
        args=first.args,
        outputs=first.outputs,
        slots=first.slots,
        otherwise=tuple(Alternative(stage=other.name, args=first.args) for other in others),
    )


def falling(first: str, second: str = "cat {a} {a} > {copy}", retry: int = 0) -> Plan:
    primary = shell("primary", first, ["a"], retry=retry)
    backup = shell("backup", second, ["a"], ["copy"])
    steps = [
        call("o", ONE),
        fallback("f", primary, [backup], {"a": ref("o")}),
        call("e", END, {"a": "f"}),
        keep("k", "e"),
    ]
    ends = [lifetime("o", ["f"]), lifetime("f", ["e"]), lifetime("e", ["k"])]
    return plan([ONE, primary, backup, END], steps, {"r": "e"}, lifetimes=ends)


def test_the_first_is_enough_when_it_works(runner: Runner) -> None:
    assert text(runner(falling("cat {a} > {out}"))) == "one\nend\n"
    assert runner.ran() == ["o", "f", "e"] and runner.of(FellBack) == []
    assert runner(falling("cat {a} > {out}")).ran == 0


def test_the_next_is_called_after_the_last_attempt(runner: Runner) -> None:
    outcome = runner(falling("exit 3", retry=1))
    assert (outcome.failure, text(outcome)) == (None, "one\none\nend\n")
    assert runner.ran() == ["o", "f", "f", "f", "e"]
    assert runner.whys()[3] == "`primary` failed: exit status 3"
    failed = runner.of(StepFailed)
    assert [each.final for each in failed if isinstance(each, StepFailed)] == [False, True]
    fell = runner.of(FellBack)[0]
    assert isinstance(fell, FellBack)
    assert (fell.step, fell.stage, fell.following, fell.message) == ("f", "primary", "backup", "exit status 3")


def test_a_resume_takes_what_was_published(runner: Runner) -> None:
    runner(falling("exit 3"))
    assert runner(falling("exit 3")).ran == 0
    reused = next(each for each in runner.of(StepReused) if isinstance(each, StepReused) and each.step == "f")
    assert (reused.stage, reused.why) == (
        "backup",
        "published before by `backup`, same inputs: `primary` failed: exit status 3",
    )
    told = {each.step: each.why for each in runner(falling("exit 3"), explain=True).explained}
    assert told["f"] == reused.why


def test_its_data_is_made_again_by_the_one_that_made_it(runner: Runner, tmp_path: Path) -> None:
    """`primary` would work by now, and its bytes are others."""
    first = f"test -e {tmp_path}/up; echo up > {{out}}"
    path = runner(falling(first)).results[0].paths[0]
    (tmp_path / "up").touch()
    for place in (path, runner.places["ram"] + "/objects/" + os.path.basename(path)):
        if os.path.exists(place):
            os.unlink(place)
    outcome = runner(falling(first))
    assert (runner.ran(), text(outcome)) == (["o", "f", "e"], "one\none\nend\n")


def test_what_cannot_be_made_again_is_tried_anew_from_the_first(runner: Runner, tmp_path: Path) -> None:
    """`backup` worked once and never again; meanwhile `primary` does."""
    first, second = f"test -e {tmp_path}/up; echo up > {{out}}", f"test ! -e {tmp_path}/up; cat {{a}} {{a}} > {{copy}}"
    path = runner(falling(first, second)).results[0].paths[0]
    (tmp_path / "up").touch()
    os.unlink(path)
    outcome = runner(falling(first, second))
    assert text(outcome) == "up\nend\n"
    assert any("`f` can't be had again" in getattr(event, "message", "") for event in runner.events)
    assert runner(falling(first, second)).ran == 0


def test_the_failure_of_the_last_is_the_runs(runner: Runner) -> None:
    outcome = runner(falling("exit 3", "exit 4"))
    assert failure(outcome) == ("stage", "exit status 4")
    assert outcome.failure is not None and outcome.failure.report is not None
    assert outcome.failure.report.stage == "backup"


def test_broken_promises_are_not_fallen_back_from(runner: Runner) -> None:
    kind, message = failure(runner(falling("head -c 2000000 /dev/zero > {out}")))
    assert kind == "data" and "promised at most" in message and runner.of(FellBack) == []


def test_a_program_that_is_not_there_is(runner: Runner) -> None:
    primary = program("primary", ["no-such-program", "{out}"])
    backup = shell("backup", "echo b > {out}")
    two = plan([primary, backup], [fallback("f", primary, [backup])], {"r": "f"})
    assert text(runner(two)) == "b\n"


def test_scalars_and_several_alternatives(runner: Runner) -> None:
    bad = shell("bad", "echo x > {n}; echo bad > {out}", (), {"n": "Int", "out": "File"})
    worse = shell("worse", "exit 1", (), {"m": "Int", "o": "File"})
    good = shell("good", "echo 5 > {k}; echo good > {file}", (), {"k": "Int", "file": "File"})
    say = shell("say", "cat {a} > {out}; echo {n} >> {out}", {"a": "File", "n": "Int"})
    steps = [fallback("f", bad, [worse, good]), call("s", say, {"a": ref("f.out"), "n": ref("f.n")})]
    made = plan([bad, worse, good, say], steps, {"r": "s"})
    assert text(runner(made)) == "good\n5\n"
    told = {each.step: each.why for each in runner(made, explain=True).explained}
    assert told["f"].startswith("published before by `good`, same inputs: `bad` failed: output `n`: it is an Int")
    assert told["f"].endswith("; `worse` failed: exit status 1")


def test_twins_take_what_the_first_of_them_took(runner: Runner, tmp_path: Path) -> None:
    """Two steps that are the same fallback: the second does not try the first call for itself."""
    primary = shell("primary", f"echo x >> {tmp_path}/tries; exit 1")
    backup = shell("backup", "echo b > {out}")
    steps = [fallback("f", primary, [backup]), fallback("g", primary, [backup])]
    outcome = runner(plan([primary, backup], steps, {"r": "f", "s": "g"}))
    assert (text(outcome), text(outcome, "s")) == ("b\n", "b\n")
    assert (tmp_path / "tries").read_text() == "x\n" and runner.ran() == ["f", "f"]


def test_who_waited_for_the_one_that_failed_tries_it_itself(runner: Runner) -> None:
    primary, backup = shell("primary", "exit 1"), shell("backup", "echo b > {out}")
    steps = [fallback("f", primary, [backup]), call("g", primary)]
    assert failure(runner(plan([primary, backup], steps, {"r": "f"}))) == ("stage", "exit status 1")
    assert runner.ran().count("g") == 1


def test_a_fallback_waits_for_one_that_makes_the_same(runner: Runner) -> None:
    primary, backup = shell("primary", "exit 1"), shell("backup", "sleep 0.1; echo b > {out}")
    steps = [call("g", backup), fallback("f", primary, [backup])]
    outcome = runner(plan([primary, backup], steps, {"r": "f", "s": "g"}))
    assert (text(outcome), runner.ran()) == ("b\n", ["g", "f"])
    assert runner(plan([primary, backup], steps, {"r": "f", "s": "g"})).ran == 0


def test_plans_that_cannot_be_meant() -> None:
    lists = shell("lists", "mkdir {out}", (), {"out": "File[]"})
    with pytest.raises(PlanError, match="doesn't give what stage `one` does"):
        plan([ONE, lists], [fallback("f", ONE, [lists])])
    with pytest.raises(PlanError, match="needs something to fall back to"):
        plan([ONE], [fallback("f", ONE, [])])
    with pytest.raises(PlanError, match="the arguments aren't those of stage `end`"):
        plan([ONE, END], [fallback("f", ONE, [END])])
