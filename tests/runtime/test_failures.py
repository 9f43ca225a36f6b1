"""What goes wrong: stages, data, places and signals. Each time a plain message, and nothing half-published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from podpipec_runtime.plan.types import InputRef, ItemRef, Plan, Stage
from podpipec_runtime.progress import StepFailed, StepStarted, Warned
from tests.runtime.plans import MIB, ConstantRef, call, collected, each, given, keep, lifetime, plan, program, shell
from tests.runtime.runner import Runner, failure, text

ONE = shell("one", "echo one > {out}")
COPY = shell("copy", "cat {a} > {out}", ["a"])


def one(stage: Stage, **options: int) -> Plan:
    return plan([stage], [call("s", stage, **options)], {"r": "s"})  # type: ignore[arg-type]  # sizes alone


def nothing_is_left(runner: Runner) -> None:
    assert runner.left_in_tmp() == []
    assert runner.objects("ram") == []


def test_a_failing_stage_is_reported(runner: Runner) -> None:
    outcome = runner(one(shell("bad", "echo half > {out}; echo oops 1>&2; exit 3")))
    assert failure(outcome) == ("stage", "exit status 3")
    report = outcome.failure.report if outcome.failure else None
    assert report is not None
    assert (report.step, report.stage, report.status, report.output) == ("s", "bad", "exit status 3", "oops")
    assert report.command.startswith("sh -eu -c 'echo half > ") and Path(report.log).read_text() == "oops\n"
    nothing_is_left(runner)


def test_long_and_odd_output_is_told_safely(runner: Runner) -> None:
    stage = shell("bad", r"seq 1 5000; printf 'a\033[2Jb\377\n'; exit 1")
    outcome = runner(one(stage))
    report = outcome.failure.report if outcome.failure else None
    assert report is not None
    lines = report.output.split("\n")
    assert len(lines) == 20 and lines[0] == "4982" and lines[-1] == r"a\x1b[2Jb\xff"


def test_a_missing_output_is_named(runner: Runner) -> None:
    stage = shell("two", "echo > {x}", (), ["x", "y"])
    outcome = runner(plan([stage], [call("s", stage)], {"r": "s.x"}))
    assert failure(outcome) == ("stage", "ended well but did not write its output `y`")
    nothing_is_left(runner)
    kind, _ = failure(runner(plan([stage], [call("s", stage)], {"r": "s.x"})))
    assert kind == "stage" and runner.ran() == ["s"]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("ln -s /etc/passwd {out}", "is a link"),
        ("mkdir {out}; ln -s /etc/passwd {out}/x", "is a link"),
        ("mkfifo {out}", "is neither a file nor a folder"),
        ("mkdir {out}; mkfifo {out}/x", "is neither a file nor a folder"),
    ],
)
def test_links_and_pipes_are_no_output(runner: Runner, script: str, message: str) -> None:
    kind, told = failure(runner(one(shell("bad", script))))
    assert kind == "stage" and "output `out`" in told and message in told
    nothing_is_left(runner)


def test_a_list_must_be_a_folder(runner: Runner) -> None:
    stage = shell("bad", "echo > {out}", (), {"out": "File[]"})
    assert "a list must be a folder" in failure(runner(one(stage)))[1]


def test_more_than_promised_is_a_data_failure_and_not_retried(runner: Runner) -> None:
    stage = shell("big", "head -c 2000 /dev/zero > {out}", retry=3)
    kind, told = failure(runner(one(stage, size=1000)))
    assert kind == "data" and "promised at most 1,000 bytes, wrote 2,000; raise its `size`" in told
    assert len(runner.ran()) == 1
    nothing_is_left(runner)


def test_retries(runner: Runner, tmp_path: Path) -> None:
    count = tmp_path / "count"
    stage = shell("flaky", f"echo x >> {count}; test $(wc -l < {count}) -ge 3; echo ok > {{out}}", retry=2)
    assert text(runner(one(stage))) == "ok\n"
    assert [event.attempt for event in runner.of(StepStarted) if isinstance(event, StepStarted)] == [1, 2, 3]
    failed = [event for event in runner.of(StepFailed) if isinstance(event, StepFailed)]
    assert [event.final for event in failed] == [False, False]


def test_the_last_attempt_is_final(runner: Runner) -> None:
    assert failure(runner(one(shell("bad", "exit 7", retry=1)))) == ("stage", "exit status 7")
    assert [e.final for e in runner.of(StepFailed) if isinstance(e, StepFailed)] == [False, True]


def test_a_timeout_ends_all_that_the_stage_started(runner: Runner, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    stage = shell("slow", f"sleep 60 & echo $! > {pids}; trap '' TERM; sleep 60 & wait", timeout=1)
    kind, told = failure(runner(one(stage)))
    assert kind == "stage" and "took longer than its timeout of 1 s" in told
    assert gone(int(pids.read_text()))


def gone(pid: int) -> bool:
    """Whether a process is gone, or a zombie that its new parent has not yet noticed."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_killed_stage_says_by_what(runner: Runner) -> None:
    kind, told = failure(runner(one(shell("dies", "kill -9 $$"))))
    assert kind == "stage" and told.startswith("killed by SIGKILL (9); the machine may have run out of memory")


def test_a_command_that_is_not_there(runner: Runner) -> None:
    outcome = runner(one(program("typo", ["pyhton3", "{out}"])))
    kind, told = failure(outcome)
    assert kind == "stage" and told.startswith("command not found: pyhton3 (did you mean `python3`?)")
    assert "not found: /no/such" in failure(runner(one(program("typo", ["/no/such", "{out}"]))))[1]
    assert "may be run" in failure(runner(one(program("data", ["/etc/passwd", "{out}"]))))[1]
    nothing_is_left(runner)


def test_a_failure_ends_the_others_and_keeps_what_is_published(runner: Runner, tmp_path: Path) -> None:
    marker = tmp_path / "ended"
    slow = shell("slow", f"trap 'echo > {marker}; exit 1' TERM; cat {{a}}; sleep 60 & wait", ["a"])
    bad = shell("bad", "cat {a}; sleep 0.2; exit 1", ["a"])
    steps = [call("a", ONE), call("x", slow, {"a": "a"}), call("y", bad, {"a": "a"})]
    began = time.monotonic()
    outcome = runner(plan([ONE, slow, bad], steps))
    assert failure(outcome)[0] == "stage" and time.monotonic() - began < 30
    assert marker.exists() and outcome.failure is not None
    assert outcome.failure.report is not None and outcome.failure.report.step == "y"
    fine = plan([ONE, COPY], [call("a", ONE), call("b", COPY, {"a": "a"})], {"r": "b"})
    runner(fine)
    assert runner.ran() == ["b"]


def test_who_writes_to_an_input_fails_and_the_damage_goes(runner: Runner) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can write to a read-only file")
    evil = shell("evil", "echo more >> {a}; echo > {out}", ["a"])
    steps = [call("a", ONE), call("b", evil, {"a": "a"})]
    assert "its input `a` was written to while it ran" in failure(runner(plan([ONE, evil], steps)))[1]
    assert runner.objects("ram") == []
    assert text(runner(plan([ONE, COPY], [call("a", ONE), call("b", COPY, {"a": "a"})], {"r": "b"}))) == "one\n"


def test_inputs_are_read_only_for_users(runner: Runner) -> None:
    if os.geteuid() == 0:
        pytest.skip("root can write to everything")
    evil = shell("evil", "echo more >> {a}; echo > {out}", ["a"])
    steps = [call("a", ONE), call("b", evil, {"a": "a"})]
    assert failure(runner(plan([ONE, evil], steps)))[0] == "stage"


def test_an_unstable_stage_never_mixes_its_values(runner: Runner, tmp_path: Path) -> None:
    """`dice` gives other bytes the second time, when its data has to be made again for a changed `late`."""
    count = tmp_path / "count"
    dice = shell("dice", f"echo x >> {count}; wc -l < {count} > {{out}}")
    early = shell("early", "cat {a} > {out}; echo early >> {out}", ["a"])
    both = shell("both", "cat {a} {b} > {out}", ["a", "b"])

    def made(late_script: str) -> Plan:
        late = shell("late", late_script, ["a"])
        steps = [
            call("d", dice),
            call("e", early, {"a": "d"}),
            keep("k", "e"),
            call("l", late, {"a": "d"}),
            call("r", both, {"a": "e", "b": "l"}),
        ]
        ends = [lifetime("d", ["e", "l"]), lifetime("e", ["k", "r"]), lifetime("l", ["r"])]
        return plan([dice, early, late, both], steps, {"r": "r"}, lifetimes=ends)

    assert text(runner(made("cat {a} > {out}"))).split() == ["1", "early", "1"]
    assert text(runner(made("cat {a} {a} > {out}"))).split() == ["2", "early", "2", "2"]
    assert any("gave other bytes" in event.message for event in runner.events if isinstance(event, Warned))


def test_a_full_place_is_told(runner: Runner, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small tmpfs")
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(small)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a tmpfs")
    try:
        runner.places["ram"] = str(small)
        big = shell("big", "head -c 8000000 /dev/zero > {out}")
        kind, told = failure(runner(one(big, size=16 * MIB)))
        assert kind == "stage" and "place ram is full: " in told and " of 4 MiB used" in told
        nothing_is_left(runner)
        source = tmp_path / "in"
        source.write_bytes(bytes(6 * MIB))
        pulled = plan(
            [COPY],
            [call("c", COPY, {"a": InputRef(input="t")})],
            inputs=[given("t", ("x",), size=64 * MIB, place="ram")],
        )
        kind, told = failure(runner(pulled, {"t": source}))
        assert kind == "data" and "place ram is full" in told
        nothing_is_left(runner)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_data_that_vanishes_while_running_is_made_again(runner: Runner) -> None:
    """`b` removes what `a` wrote, which only `c` reads."""
    name = sha256(b"one\n").hexdigest()
    thief = shell("thief", f"rm -f {runner.places['ram']}/objects/{name}; echo > {{out}}")
    steps = [
        call("a", ONE, slots=(0,)),
        call("b", thief, slots=(0,), after=("a",)),
        call("c", COPY, {"a": "a"}, slots=(0,), after=("b",)),
    ]
    outcome = runner(plan([ONE, thief, COPY], steps, {"r": "c"}))
    assert text(outcome) == "one\n"
    assert runner.ran() == ["a", "b", "a", "c"]
    assert runner.whys()[2] == "its data is gone, and `c` needs it"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_children_and_what_is_published_stays(tmp_path: Path, number: int) -> None:
    script = tmp_path / "main.py"
    script.write_text(SIGNALLED)
    child = subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "started\n"
    pid = int((tmp_path / "pid").read_text())
    child.send_signal(number)
    rest = child.stdout.read()
    assert child.wait() == 0 and "interrupted" in rest, rest
    assert gone(pid)
    runner = Runner(tmp_path)
    fine = plan([ONE, COPY], [call("a", ONE), call("b", COPY, {"a": "a"})], {"r": "b"})
    assert text(runner(fine)) == "one\n" and runner.ran() == ["b"]


SIGNALLED = f"""
import sys, time
from pathlib import Path
sys.path[:0] = {[str(Path(__file__).resolve().parents[2]), *sys.path]!r}
from tests.runtime.plans import call, plan, shell
from tests.runtime.runner import Runner
from podpipec_runtime.progress import StepStarted

root = Path(sys.argv[1])
one = shell("one", "echo one > {{out}}")
slow = shell("slow", f"echo $$ > {{root}}/part; mv {{root}}/part {{root}}/pid; cat {{{{a}}}}; sleep 60", ["a"])
runner = Runner(root)

def listen(event):
    if isinstance(event, StepStarted) and event.step == "b":
        while not (root / "pid").exists():
            time.sleep(0.01)
        print("started", flush=True)

runner.each_event = listen
outcome = runner(plan([one, slow], [call("a", one), call("b", slow, {{"a": "a"}})]))
print(outcome.failure.kind, outcome.failure.message)
"""


def test_what_a_killed_run_left_is_cleaned_up(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(SIGNALLED)
    child = subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "started\n"
    pid = int((tmp_path / "pid").read_text())
    child.kill()
    child.wait()
    child.stdout.close()
    assert not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/cmdline").read_text() != ""
    runner = Runner(tmp_path)
    assert runner(plan([ONE], [call("a", ONE)], {"r": "a"})).ran == 0
    assert gone(pid)
    assert runner.left_in_tmp() == []


def test_a_damaged_journal_is_refused(runner: Runner) -> None:
    fine = plan([ONE], [call("a", ONE)], {"r": "a"})
    runner(fine)
    journal = Path(runner.work) / "journal.db"
    journal.write_bytes(b"junk" * 1000)
    kind, told = failure(runner(fine))
    assert kind == "usage" and "journal.db can't be used" in told
    assert runner.objects("ram") != []


def test_an_each_over_no_list_is_refused(runner: Runner) -> None:
    body = [call("c", COPY, {"a": ItemRef(each="e")})]
    kind, told = failure(runner(plan([ONE, COPY], [call("a", ONE), each("e", "a", body, "c")], {"r": collected("e")})))
    assert (kind, told) == ("data", "`e` goes over what is no list")


def test_a_long_command_is_refused_plainly(runner: Runner) -> None:
    words = program("long", ["true", "{n}", "{out}"], {"n": "String"})
    step = call("s", words, {"n": ConstantRef(value="x" * 4_000_000)})
    kind, told = failure(runner(plan([words], [step])))
    assert kind == "stage" and "Argument list too long" in told


def test_a_listener_that_fails_ends_the_run_and_is_heard(runner: Runner) -> None:
    def listen(event: object) -> None:
        if isinstance(event, StepStarted) and event.step == "b":
            raise BrokenPipeError("nobody reads")

    runner.each_event = listen
    steps = [call("a", ONE), call("b", shell("slow", "cat {a}; sleep 60", ["a"]), {"a": "a"})]
    with pytest.raises(BrokenPipeError, match="nobody reads"):
        runner(plan([ONE, shell("slow", "cat {a}; sleep 60", ["a"])], steps))
    runner.each_event = lambda event: None
    assert runner(plan([ONE], [call("a", ONE)])).ran == 0
    assert runner.left_in_tmp() == []
