"""The process driver, what it waits with, and how it tells what happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from podpipec_runtime.drivers.command import quoted, shown, words
from podpipec_runtime.drivers.leftovers import clock, end_in, end_recorded, started
from podpipec_runtime.drivers.process import Exit, NotStarted, ProcessDriver
from podpipec_runtime.drivers.report import last_lines, status_text
from podpipec_runtime.drivers.waiting import AskingWaiter, PidfdWaiter, Waiter
from podpipec_runtime.interpreter.commands import Argument, Source, Text
from podpipec_runtime.interpreter.values import Loc
from tests.runtime.plans import program, shell

WAITERS = [AskingWaiter, *([PidfdWaiter] if hasattr(os, "pidfd_open") else [])]


@pytest.fixture(params=WAITERS)
def driver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ProcessDriver:
    kind: type[Waiter] = request.param
    monkeypatch.setattr("podpipec_runtime.drivers.process.waiter", kind)
    return ProcessDriver(grace=0.2)


def start(driver: ProcessDriver, tmp_path: Path, script: str, timeout: float | None = None) -> int:
    with (tmp_path / "log").open("wb") as log:
        return driver.start(["/bin/sh", "-c", script], {"A": "1"}, str(tmp_path), log.fileno(), timeout)


def finished(driver: ProcessDriver, count: int) -> dict[int, Exit]:
    found: dict[int, Exit] = {}
    while len(found) < count:
        found.update((each.pid, each) for each in driver.wait())
    return found


def test_children_are_told_apart(driver: ProcessDriver, tmp_path: Path) -> None:
    pids = [start(driver, tmp_path, f"exit {code}") for code in (0, 3)]
    found = finished(driver, 2)
    assert [status_text(found[pid].status) for pid in pids] == ["exit status 0", "exit status 3"]
    driver.close()


def test_a_child_has_what_it_is_given_and_no_more(driver: ProcessDriver, tmp_path: Path) -> None:
    start(driver, tmp_path, "pwd; echo $A; cat; ls /proc/self/fd 2>/dev/null | wc -l; ps -o pgid= -p $$")
    finished(driver, 1)
    lines = (tmp_path / "log").read_text().split("\n")
    assert lines[:2] == [str(tmp_path), "1"] and int(lines[2] or 0) <= 4
    driver.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_child_is_the_same_however_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr("podpipec_runtime.drivers.spawning.threading.active_count", lambda: threads)
    here, (reading, writing) = Path.cwd(), os.pipe()
    os.set_inheritable(writing, True)
    driver = ProcessDriver(grace=0.2)
    pid = start(driver, tmp_path, "pwd; ls /proc/self/fd | wc -l; grep SigIgn /proc/self/status; cat /proc/self/stat")
    finished(driver, 1)
    folder, descriptors, ignored, stat = (tmp_path / "log").read_text().splitlines()
    assert folder == str(tmp_path) and int(descriptors) == 4
    assert not int(ignored.split()[1], 16) & 1 << signal.SIGPIPE - 1
    assert stat.rsplit(")", 1)[1].split()[2:4] == [str(pid), str(pid)]  # its group and its session
    assert Path.cwd() == here
    driver.close()
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="there are no process descriptors here")
def test_an_end_is_told_once_even_if_another_process_has_the_descriptor(tmp_path: Path) -> None:
    """Whoever is being started has all descriptors until its program begins."""
    waiter = PidfdWaiter()
    child = subprocess.Popen(["true"])
    waiter.add(child.pid)
    (descriptor,) = [fd for fd in map(int, os.listdir("/proc/self/fd")) if _is_pidfd(fd)]
    copy = os.dup(descriptor)
    assert waiter.ended(None) == [child.pid]
    assert waiter.ended(0.05) == []
    child.wait()
    os.close(copy)
    waiter.close()


def _is_pidfd(fd: int) -> bool:
    try:
        return "pidfd" in os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        return False


def test_the_overdue_are_ended_and_the_stubborn_killed(driver: ProcessDriver, tmp_path: Path) -> None:
    soft = start(driver, tmp_path, "sleep 60", timeout=0.1)
    hard = start(driver, tmp_path, "trap '' TERM; while :; do sleep 0.05; done", timeout=0.1)
    found = finished(driver, 2)
    assert found[soft].overran and found[hard].overran
    assert status_text(found[soft].status).startswith("killed by SIGTERM (15)")
    assert status_text(found[hard].status).startswith("killed by SIGKILL (9)")
    driver.close()


def test_stopping_and_waking(driver: ProcessDriver, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    driver.wake_on(reading)
    start(driver, tmp_path, "sleep 60")
    os.write(writing, b"x")
    assert driver.wait() == []
    driver.end_all()
    driver.close()
    os.close(reading)
    os.close(writing)


def test_what_a_child_leaves_behind_ends_with_it(driver: ProcessDriver, tmp_path: Path) -> None:
    start(driver, tmp_path, "sleep 60 & echo $!")
    finished(driver, 1)
    pid = int((tmp_path / "log").read_text())
    for _ in range(200):
        if not running(pid):
            break
        time.sleep(0.01)
    assert not running(pid)
    driver.close()


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_what_cannot_be_started(driver: ProcessDriver, tmp_path: Path) -> None:
    log = 1
    for command, message in [("/no/such", "not found"), (str(tmp_path), "may be run")]:
        with pytest.raises(NotStarted, match=message):
            driver.start([command], {}, str(tmp_path), log, None)
    with pytest.raises(NotStarted, match="can't be started"):
        driver.start(["/bin/sh", "a\0b"], {}, str(tmp_path), log, None)
    driver.close()


def test_leftovers_are_known_by_start_time_and_folder(tmp_path: Path) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("no /proc here")
    sleep = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    env = {"TMPDIR": f"{tmp_path}/ram/tmp/1/.scratch"}
    children = [subprocess.Popen(sleep, stdout=subprocess.PIPE, env=env, start_new_session=True) for _ in range(2)]
    for child in children:
        assert child.stdout is not None and child.stdout.readline() == b"\n"
    one, other = children
    assert end_recorded([(one.pid, "1"), (one.pid, "")]) == 0 and one.poll() is None
    since = started(one.pid)
    assert since is not None and abs(since - float(clock())) < 60
    assert end_recorded([(one.pid, str(since - 10))]) == 0 and one.poll() is None
    assert end_recorded([(one.pid, str(since))]) == 1 and one.wait() == -signal.SIGKILL
    assert end_in([f"{tmp_path}/ram/tm", f"{tmp_path}/node/tmp"]) == 0 and other.poll() is None
    assert end_in([f"{tmp_path}/ram/tmp"]) == 1 and other.wait() == -signal.SIGKILL
    for child in children:
        assert child.stdout is not None
        child.stdout.close()


def test_the_end_of_a_log_is_bounded(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * 100_000 + b"\n" + b"end\n")
    assert last_lines(str(log)) == "end"
    log.write_bytes(b"y" * 100_000)
    assert last_lines(str(log)) == "y" * 8192
    assert last_lines(str(tmp_path / "none")) == ""


def test_words_and_quoting() -> None:
    one, two = (Source(Loc("ram", name), "", name, 1) for name in "ab")
    args: dict[str, Argument] = {"parts": (one, (two,)), "n": Text("it's")}
    inputs = {"parts": "File[]", "n": "String"}

    def path(source: Source) -> str:
        return f"/with space/{source.hash}"

    plain = program("p", ["x", "{parts}", "--n={n}", "{out}"], inputs)
    assert words(plain, args, {"out": "/o"}, "", path) == ["x", "/with space/a", "/with space/b", "--n=it's", "/o"]
    script = shell("s", "cat {parts} {n} > {out}", inputs)
    told = words(script, args, {"out": "/o"}, "", path)[-1]
    assert told == "cat '/with space/a' '/with space/b' 'it'\"'\"'s' > /o"
    echoed = subprocess.run(["sh", "-c", f"printf %s {quoted('it')}{quoted(chr(39) + '$x')}"], capture_output=True)
    assert echoed.stdout == b"it'$x"
    assert shown(["a", "", "b c"]) == "a '' 'b c'"
