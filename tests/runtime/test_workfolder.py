"""The work folder between runs: what a restart of the machine, a full disk and another program leave."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from podpipec_runtime.journal.journal import Journal, JournalError
from podpipec_runtime.plan.types import Plan
from podpipec_runtime.store.tree import SEALED_NS
from tests.runtime.plans import call, keep, plan, shell
from tests.runtime.runner import Runner, failure, text

ONE = shell("one", "echo one > {out}")


def kept(word: str = "one") -> Plan:
    stage = shell("say", f"echo {word} > {{out}}")
    return plan([stage], [call("a", stage), keep("k", "a", "node")], {"r": "a"})


def test_after_a_restart_node_is_read_through(runner: Runner) -> None:
    if not Path("/proc/sys/kernel/random/boot_id").exists():
        pytest.skip("no boot id here")
    steps = [call("a", ONE, place="node")]
    made = plan([ONE], steps, {"r": "a"})
    path = runner(made).results[0].paths[0]
    os.chmod(path, 0o644)
    Path(path).write_text("onX\n")
    os.utime(path, ns=(SEALED_NS, SEALED_NS))
    assert runner(made).ran == 0  # times alone don't tell
    journal = Journal(f"{runner.work}/journal.db")
    journal.set_meta("boot", "another")
    journal.close()
    outcome = runner(made)
    assert (outcome.ran, text(outcome)) == (1, "one\n")


def test_what_is_kept_stays_when_the_program_changes_and_is_used_again(runner: Runner) -> None:
    first = runner(kept("one"))
    runner(kept("two"))
    assert len(runner.objects("node")) == 2 and len(runner.objects("ram")) == 1
    again = runner(kept("one"))
    assert again.ran == 0 and again.results[0].hash == first.results[0].hash


def test_what_nobody_published_goes(runner: Runner) -> None:
    runner(kept())
    stray = Path(runner.work) / "node" / "objects" / ("0" * 64)
    stray.write_text("x")
    os.utime(stray, ns=(SEALED_NS, SEALED_NS))
    runner(kept())
    assert not stray.exists()


def test_a_journal_that_cannot_be_written_is_told(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(journal: Journal) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Journal, "commit", full)
    kind, told = failure(runner(kept()))
    assert kind == "data" and "database or disk is full" in told


def test_a_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(str(path)).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=9")
    with pytest.raises(JournalError, match="has version 9, this runtime has 2"):
        Journal(str(path))


def test_places_must_be_the_pods_and_apart(runner: Runner) -> None:
    runner.places["node"] = runner.places["ram"]
    assert "two places can't be one folder" in failure(runner(kept()))[1]
    runner.places = {"nodes": "x"}
    assert "has no place `nodes`" in failure(runner(kept()))[1]


def test_a_work_folder_that_is_a_file(runner: Runner) -> None:
    Path(runner.work).write_text("")
    kind, told = failure(runner(kept()))
    assert kind == "usage" and "can't be used" in told


def test_a_child_that_the_journal_never_heard_of_is_ended(runner: Runner) -> None:
    if not Path("/proc/self/environ").exists():
        pytest.skip("no /proc here")
    scratch = Path(runner.places["ram"]) / "tmp" / "7" / ".scratch"
    scratch.mkdir(parents=True)
    sleep = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    child = subprocess.Popen(sleep, stdout=subprocess.PIPE, env={"TMPDIR": str(scratch)})
    assert child.stdout is not None and child.stdout.readline() == b"\n"
    runner(kept())
    assert child.wait() == -9 and not scratch.exists()
    child.stdout.close()
