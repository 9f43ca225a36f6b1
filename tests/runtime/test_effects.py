"""Services and pins on this machine: what is asked again, what is not, and what a person is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from podpipec_runtime.journal.journal import _SINCE_1, Journal
from podpipec_runtime.plan.types import CarryRef, Plan, Stage
from podpipec_runtime.progress import StepReused
from tests.runtime.plans import ConstantRef, ItemRef, call, collected, cycle, each, keep, pin, plan, program, shell
from tests.runtime.runner import Runner, failure, text


def asks(root: Path, script: str = "", idempotent: bool = False) -> Stage:
    """A stage that counts in a file how often it was called, and gives the count."""
    count = f"echo x >> {root}/asked; wc -l < {root}/asked | tr -d ' ' > {{out}}; {script}"
    return replace(shell("ask", count), calls=("quotes",), idempotent=idempotent)


def asked(root: Path) -> int:
    path = root / "asked"
    return path.read_text().count("x") if path.exists() else 0


COPY = shell("copy", "cat {a} > {out}", ["a"])


def pinned(root: Path, script: str = "", idempotent: bool = False) -> Plan:
    ask = asks(root, script, idempotent)
    fails = shell("fails", f"test -e {root}/well && cat {{a}} > {{out}}", ["a"])
    steps = [
        call("raw", ask),
        call("hot", COPY, {"a": "raw"}),
        pin("fixed", "hot"),
        call("r", fails, {"a": collected("fixed")}),
    ]
    return plan([ask, COPY, fails], steps, {"r": "r"})


def test_what_is_pinned_is_taken_on_resume_and_by_a_second_run(runner: Runner, tmp_path: Path) -> None:
    made = pinned(tmp_path)
    assert failure(runner(made)) == ("stage", "exit status 1")
    assert runner.ran() == ["raw", "hot", "r"]
    assert runner.whys()[0] == "it calls the service `quotes`"
    (tmp_path / "well").touch()
    assert text(runner(made)) == "1\n"
    assert runner.ran() == ["r"] and asked(tmp_path) == 1
    spared = [(event.step, event.why) for event in runner.of(StepReused) if isinstance(event, StepReused)]
    assert spared == [("raw", "all that came of it is pinned"), ("hot", "all that came of it is pinned")]
    assert text(runner(made)) == "1\n" and runner.ran() == []
    explained = {each.step: (each.action, each.why) for each in runner(made, explain=True).explained}
    assert explained["raw"] == ("reuse", "all that came of it is pinned")
    assert explained["fixed"] == ("reuse", "pinned before")


def test_another_program_or_a_lost_copy_asks_again(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "well").touch()
    assert text(runner(pinned(tmp_path))) == "1\n"
    assert text(runner(pinned(tmp_path, "true"))) == "2\n"
    for name in runner.objects("volume"):
        (Path(runner.work) / "volume" / "objects" / name).unlink()
    assert text(runner(pinned(tmp_path, "true"))) == "3\n"


def test_what_is_not_pinned_is_asked_for_by_each_run(runner: Runner, tmp_path: Path) -> None:
    ask = asks(tmp_path)
    made = plan([ask, COPY], [call("raw", ask), call("r", COPY, {"a": "raw"})], {"r": "r"})
    assert [text(runner(made)) for _ in range(3)] == ["1\n", "2\n", "3\n"]


def test_each_call_is_made_for_itself(runner: Runner, tmp_path: Path) -> None:
    ask = asks(tmp_path)
    inner = [call("raw", ask), pin("fixed", "raw")]
    steps = [call("one", ask), pin("p", "one"), each("many", ConstantRef(value=("a", "b")), inner, collected("fixed"))]
    made = plan([ask], steps, {"r": collected("many")})
    assert len(text(runner(made)).split()) == 2
    assert asked(tmp_path) == 3
    before = text(runner(made))
    assert runner.ran() == [] and text(runner(made)) == before


@pytest.mark.parametrize("idempotent", [False, True])
def test_a_call_that_began_is_not_repeated_unless_it_may_be(runner: Runner, tmp_path: Path, idempotent: bool) -> None:
    (tmp_path / "well").touch()
    made = pinned(tmp_path, f"test -e {tmp_path}/answers", idempotent)
    assert failure(runner(made)) == ("stage", "exit status 1")
    (tmp_path / "answers").touch()
    outcome = runner(made)
    if not idempotent:
        assert failure(outcome) == (
            "data",
            "`ask` began to call the service `quotes` in a run that did not come to its end, and may have done what it "
            "does; it is not called again unasked: mark the stage `idempotent` if a second call does no harm, or run "
            "with --repeat-effects",
        )
        assert asked(tmp_path) == 1
        outcome = runner(made, repeat_effects=True)
    assert text(outcome) == "2\n"


def test_what_a_call_gave_that_ended_must_have_been_pinned(runner: Runner, tmp_path: Path) -> None:
    ask = asks(tmp_path)
    fails = shell("fails", f"test -e {tmp_path}/well && cat {{a}} > {{out}}", ["a"])
    made = plan([ask, fails], [call("raw", ask), call("r", fails, {"a": "raw"})], {"r": "r"})
    assert failure(runner(made))[0] == "stage"
    (tmp_path / "well").touch()
    kind, message = failure(runner(made))
    assert kind == "data" and "called the service `quotes` in a run that did not" in message
    assert "what it gave was not pinned" in message
    assert text(runner(made, repeat_effects=True)) == "2\n"
    assert text(runner(made)) == "3\n"  # the run before came to its end: this is another


def test_a_call_for_its_own_sake_is_not_made_again_by_a_resume(runner: Runner, tmp_path: Path) -> None:
    ask = asks(tmp_path)
    fails = shell("fails", f"test -e {tmp_path}/well && echo y > {{out}}")
    made = plan([ask, fails], [call("told", ask), call("r", fails, after=("told",))], {"r": "r"})
    assert failure(runner(made))[0] == "stage"
    (tmp_path / "well").touch()
    assert text(runner(made)) == "y\n" and asked(tmp_path) == 1
    assert [event.why for event in runner.of(StepReused) if isinstance(event, StepReused)] == [
        "done before, in a run that did not come to its end"
    ]
    runner(made)
    assert asked(tmp_path) == 2


def test_a_command_that_could_not_begin_has_done_nothing(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "well").touch()
    missing = replace(program("ask", ["/nowhere/at-all", "{out}"]), calls=("quotes",))
    made = plan([missing], [call("raw", missing), pin("p", "raw")], {"r": collected("p")})
    assert failure(runner(made)) == ("stage", "command not found: /nowhere/at-all")
    assert failure(runner(made)) == ("stage", "command not found: /nowhere/at-all")


def test_a_list_and_a_folders_element_are_pinned_as_they_are(runner: Runner, tmp_path: Path) -> None:
    many = replace(shell("many", "mkdir {out}; echo a > {out}/a; echo b > {out}/b", (), {"out": "File[]"}))
    many = replace(many, calls=("quotes",))
    join = shell("join", "cat {a} > {out}", {"a": "File[]"})
    inner = [pin("one", ItemRef(each="e"))]
    steps = [
        call("raw", many),
        pin("all", "raw"),
        each("e", collected("all"), inner, collected("one")),
        call("r", join, {"a": collected("e")}),
        keep("kept", "r"),
    ]
    made = plan([many, join], steps, {"r": "r"})
    assert text(runner(made)) == "a\nb\n"
    assert text(runner(made)) == "a\nb\n" and runner.ran() == []


def test_a_journal_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(str(path)).close()
    with sqlite3.connect(path) as db:
        for table in ("recorded", "effects"):
            assert table in _SINCE_1
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version=1")
    journal = Journal(str(path))
    journal.begin_effect("me", "ask")
    assert journal.effects("me") == {"ask": "begun"} and journal.recorded("me") == {}
    journal.close()


def test_what_was_asked_with_a_pin_that_is_lost_is_asked_anew(runner: Runner, tmp_path: Path) -> None:
    """The copy on `node` goes; the answer on `volume` was one to it, and not to what comes in its stead."""
    ask = asks(tmp_path, idempotent=True)
    count = f"cat {{a}} > {{out}}; echo x >> {tmp_path}/asked; wc -l < {tmp_path}/asked | tr -d ' ' >> {{out}}"
    next_ = replace(shell("next", count, ["a"]), calls=("quotes",), idempotent=True)
    steps = [
        call("raw", ask),
        pin("first", "raw", "node"),
        call("answer", next_, {"a": collected("first")}),
        pin("second", "answer"),
        call("r", COPY, {"a": collected("second")}),
    ]
    made = plan([ask, next_, COPY], steps, {"r": "r"})
    assert text(runner(made)) == "1\n2\n"
    assert text(runner(made)) == "1\n2\n" and asked(tmp_path) == 2
    for name in runner.objects("node"):
        (Path(runner.work) / "node" / "objects" / name).unlink()
    assert text(runner(made)) == "3\n4\n"
    assert text(runner(made)) == "3\n4\n" and runner.ran() == [] and asked(tmp_path) == 4


def test_pins_that_are_made_of_one_another(runner: Runner, tmp_path: Path) -> None:
    """`both` is of one answer with `first`, and is made of `second`, which is made of `first`."""
    ask = asks(tmp_path, idempotent=True)
    next_ = replace(shell("next", "cat {a} > {out}", ["a"]), calls=("quotes",), idempotent=True)
    joined = shell("joined", "cat {a} {b} > {out}", ["a", "b"])
    steps = [
        call("raw", ask),
        pin("first", "raw"),
        call("answer", next_, {"a": collected("first")}),
        pin("second", "answer"),
        call("mixed", joined, {"a": "raw", "b": collected("second")}),
        pin("both", "mixed", "node"),
        call("r", joined, {"a": collected("second"), "b": collected("both")}),
    ]
    made = plan([ask, next_, joined], steps, {"r": "r"})
    assert text(runner(made)) == "1\n1\n1\n"
    assert text(runner(made)) == "1\n1\n1\n" and runner.ran() == []
    for name in runner.objects("node"):
        (Path(runner.work) / "node" / "objects" / name).unlink()
    assert text(runner(made)) == "2\n2\n2\n"


def test_a_cycle_goes_on_from_what_its_elements_pinned(runner: Runner, tmp_path: Path) -> None:
    """Each element asks with what came of the one before; the second goes down right behind its pin."""
    count = f"cat {{sum}} > /dev/null; echo x >> {tmp_path}/asked; wc -l < {tmp_path}/asked | tr -d ' ' > {{out}}"
    ask = replace(shell("ask", count, ["sum"]), calls=("quotes",))
    zero = shell("zero", "echo 0 > {out}")
    script = f"if grep -q 2 {{a}} && ! test -e {tmp_path}/well; then exit 1; fi; cat {{sum}} {{a}} > {{out}}"
    onto = shell("onto", script, ["sum", "a"])
    before = CarryRef(cycle="c", name="book")
    body = [
        call("raw", ask, {"sum": before}),
        pin("fixed", "raw"),
        call("book", onto, {"sum": before, "a": collected("fixed")}),
    ]
    steps = [call("z", zero), cycle("c", ConstantRef(value=tuple("abc")), body, {"book": ("z", "book")})]
    made = plan([ask, zero, onto], steps, {"r": "c.book"})
    assert failure(runner(made)) == ("stage", "exit status 1")
    assert asked(tmp_path) == 2
    (tmp_path / "well").touch()
    assert text(runner(made)) == "0\n1\n2\n3\n"
    assert runner.ran() == ["book[b]", "raw[c]", "book[c]"] and asked(tmp_path) == 3
