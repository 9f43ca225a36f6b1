"""A trial that remembers nothing, fails loudly, and counts what it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bounds import ratio
from benchmarks.process import Sample, WentWrongError
from benchmarks.trial import Command, Trial, anything, figure, leaves, prints, repeats, take

REMEMBER = ("sh", "-c", 'test -e "$HOME/seen" && echo known || echo new; touch "$HOME/seen"')


def told(_: str) -> None:
    """Nobody listens."""


def test_no_round_and_no_trial_knows_what_another_left_in_its_home(tmp_path: Path) -> None:
    trials = [Trial({}, (Command(key, REMEMBER, prints("new")),)) for key in ("a", "b")]
    figures = take(trials, 4, tmp_path / "work", told)
    assert {key: found.samples for key, found in figures.items()} == {"a": 4, "b": 4}


def test_the_commands_of_one_trial_share_its_home(tmp_path: Path) -> None:
    commands = (Command("first", REMEMBER, prints("new")), Command("again", REMEMBER, prints("known")))
    assert set(take([Trial({}, commands)], 2, tmp_path / "work", told)) == {"first", "again"}


def test_a_command_that_fails_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(WentWrongError, match="exit status 3"):
        take([Trial({}, (Command("bad", ("sh", "-c", "exit 3"), anything),))], 1, tmp_path / "work", told)


@pytest.mark.parametrize("check", [prints("done"), repeats("done", 1), leaves("out", 0)])
def test_a_command_that_did_not_do_its_work_ends_the_run(tmp_path: Path, check: object) -> None:
    assert callable(check)
    with pytest.raises(WentWrongError):
        take([Trial({}, (Command("idle", ("true",), check),))], 1, tmp_path / "work", told)


def test_a_command_at_its_limit_is_stopped_and_marked(tmp_path: Path) -> None:
    trial = Trial({}, (Command("slow", ("sleep", "60"), prints("never")),), limit=0.2)
    assert take([trial], 1, tmp_path / "work", told)["slow"].stopped


def test_the_environment_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    command = Command("env", ("env",), repeats("PYTHONDONTWRITEBYTECODE=1", 0))
    take([Trial({}, (command,))], 1, tmp_path / "work", told)


def test_a_ratio_of_what_was_stopped_says_that_it_is_smaller_still() -> None:
    figures = {"us": figure([Sample(1, 1, 1)]), "them": figure([Sample(10, 1, 1, stopped=True)])}
    bound = ratio("p", figures, "us", "them", 1)
    assert (bound.figure, bound.below, bound.holds) == (0.1, True, True)
    assert ratio("p", figures, "them", "us", 1).holds is None
    assert ratio("p", figures, "absent", "us", 1).holds is None
