"""The engine with real processes: publication, resume, re-use, places, freeing, progress."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from podpipec_runtime.plan.types import InputRef, ItemRef, Plan, ShardsRef, WindowPart
from podpipec_runtime.progress import Freed, Kept, PlacesUsed, RunEnded, SnapshotPulled, SnapshotReused, line
from tests.runtime.plans import (
    ConstantRef,
    call,
    collected,
    each,
    given,
    keep,
    lifetime,
    move,
    plan,
    program,
    shell,
)
from tests.runtime.runner import Runner, failure, text

ONE = shell("one", "echo one > {out}")
TWICE = shell("twice", "cat {a} {a} > {out}", ["a"])
ADD = shell("add", "cat {parts} > {out}", {"parts": "File[]"})
COPY = shell("copy", "cat {a} > {out}", ["a"])
END = shell("end", "cat {a} > {out}; echo end >> {out}", ["a"])


def linear(second: str = "cat {a} {a} > {out}") -> Plan:
    twice = shell("twice", second, ["a"])
    steps = [call("a", ONE), call("b", twice, {"a": "a"}), call("c", END, {"a": "b"}), keep("k", "c")]
    ends = [lifetime("a", ["b"]), lifetime("b", ["c"]), lifetime("c", ["k"])]
    return plan([ONE, twice, END], steps, {"r": "c"}, lifetimes=ends)


def test_a_chain_runs_is_kept_and_is_not_run_again(runner: Runner) -> None:
    first = runner(linear())
    assert (first.failure, first.ran, text(first)) == (None, 3, "one\none\nend\n")
    assert runner.ran() == ["a", "b", "c"]
    again = runner(linear())
    assert (again.ran, again.reused, again.results[0].hash) == (0, 3, first.results[0].hash)
    assert again.results[0].place == "volume"


def test_a_change_runs_what_it_concerns_and_what_that_needs(runner: Runner) -> None:
    runner(linear())
    changed = runner(linear("cat {a} > {out}"))
    assert runner.ran() == ["a", "b", "c"]
    assert runner.whys() == ["its data is gone, and `b` needs it", "its command changed", "input a changed"]
    assert text(changed) == "one\nend\n"


def test_a_change_that_changes_nothing_stops_there(runner: Runner) -> None:
    runner(linear())
    same = runner(linear("cat {a}   {a} > {out}"))
    assert runner.ran() == ["a", "b"]
    assert text(same) == "one\none\nend\n"


def test_values_are_freed_when_their_last_reader_is_done(runner: Runner) -> None:
    runner(linear())
    assert os.listdir(runner.places["ram"] + "/objects") == []
    assert len(runner.of(Freed)) == 3
    used = runner.of(PlacesUsed)[-1]
    assert isinstance(used, PlacesUsed) and used.now["ram"] == 0 and used.peak["ram"] == 20


def test_published_values_are_sealed(runner: Runner) -> None:
    path = runner(linear()).results[0].paths[0]
    info = os.stat(path)
    assert stat.S_IMODE(info.st_mode) == 0o444


def test_what_is_kept_brings_back_what_ram_lost(runner: Runner) -> None:
    tail = shell("tail", "echo $(cat {a}) end > {out}", ["a"])
    base = [call("a", ONE), call("b", TWICE, {"a": "a"}), keep("k", "b", "node")]
    runner(plan([ONE, TWICE], base, {"r": "b"}, lifetimes=[lifetime("a", ["b"]), lifetime("b", ["k"])]))
    more = plan([ONE, TWICE, tail], [*base, call("t", tail, {"a": "b"})], {"r": "t"})
    outcome = runner(more)
    assert runner.ran() == ["t"]
    assert (outcome.restored, text(outcome)) == (1, "one one end\n")


def test_a_lost_result_is_made_again(runner: Runner) -> None:
    steps = [call("a", ONE), call("b", TWICE, {"a": "a"})]
    two = plan([ONE, TWICE], steps, {"r": "b"}, lifetimes=[lifetime("a", ["b"])])
    path = runner(two).results[0].paths[0]
    os.unlink(path)
    outcome = runner(two)
    assert (runner.ran(), text(outcome)) == (["a", "b"], "one\none\n")


def test_damage_between_runs_is_seen_and_made_good(runner: Runner) -> None:
    two = plan([ONE, TWICE], [call("a", ONE), call("b", TWICE, {"a": "a"})], {"r": "b"})
    path = runner(two).results[0].paths[0]
    os.chmod(path, 0o644)
    Path(path).write_text("one\nonX\n")
    outcome = runner(two)
    assert (runner.ran(), text(outcome)) == (["a", "b"], "one\none\n")
    assert any("changed by somebody" in getattr(event, "message", "") for event in runner.events)


def test_fan_out_and_fan_in_over_what_a_stage_found(runner: Runner) -> None:
    split = shell("split", "mkdir {out}; for n in 3 1 2; do echo $n > {out}/$n; done", (), {"out": "File[]"})
    body = [call("x", TWICE, {"a": ItemRef(each="e")}), call("y", COPY, {"a": "x"})]
    steps = [call("s", split), each("e", "s", body, "y"), call("t", ADD, {"parts": collected("e")})]
    outcome = runner(plan([split, TWICE, COPY, ADD], steps, {"r": "t", "all": collected("e")}))
    assert text(outcome) == "1\n1\n2\n2\n3\n3\n"
    assert len(outcome.results[1].paths) == 3
    assert runner(plan([split, TWICE, COPY, ADD], steps, {"r": "t"})).ran == 0


def test_constants_and_words(runner: Runner) -> None:
    code = "import sys; open(sys.argv[1], 'w').write('|'.join(sys.argv[2:]))"
    words = program("words", ["python3", "{code}", "{out}", "{n}", "<{n}>"], {"n": "String"}, code=code)
    names = ConstantRef(value=("a b", "c'd"))
    body = [call("w", words, {"n": ItemRef(each="e")})]
    outcome = runner(plan([words], [each("e", names, body, "w")], {"r": collected("e")}))
    assert [Path(p).read_text() for p in outcome.results[0].paths] == ["a b|<a b>", "c'd|<c'd>"]


def test_shell_quotes_values(runner: Runner) -> None:
    say = shell("say", "printf %s {n} > {out}", {"n": "String"})
    outcome = runner(plan([say], [call("s", say, {"n": ConstantRef(value="$(id); 'x' \"y\"")})], {"r": "s"}))
    assert text(outcome) == "$(id); 'x' \"y\""


def test_a_move_is_a_value_on_another_place(runner: Runner) -> None:
    steps = [call("a", ONE), move("m", "a", "node"), call("b", TWICE, {"a": collected("m")})]
    same = plan(
        [ONE, TWICE], steps, {"r": "b"}, lifetimes=[lifetime("a", ["m"]), lifetime(collected("m"), ["b"], place="node")]
    )
    assert text(runner(same)) == "one\none\n"
    assert runner(same).ran == 0


def test_shards_are_pulled_once(runner: Runner, tmp_path: Path) -> None:
    for shard in ("x", "y"):
        path = tmp_path / "lake" / "2024" / f"{shard}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shard + "\n")
        os.utime(path, (1_700_000_000, 1_700_000_000))
    body = [call("c", TWICE, {"a": ItemRef(each="e")})]
    steps = [each("e", ShardsRef(input="t"), body, "c"), call("f", ADD, {"parts": collected("e")})]
    two = plan([TWICE, ADD], steps, {"r": "f"}, inputs=[given("t", shards=["x", "y"])])
    window = datetime(2024, 1, 1, tzinfo=UTC)
    assert text(runner(two, {"t": tmp_path / "lake"}, window)) == "x\nx\ny\ny\n"
    assert len(runner.of(SnapshotPulled)) == 2
    assert runner(two, {"t": f"{tmp_path}/lake/{{window:%Y}}/{{shard}}.txt"}, window).ran == 0
    assert len(runner.of(SnapshotReused)) == 2
    path.write_text("z\n")
    assert text(runner(two, {"t": tmp_path / "lake"}, window)) == "x\nx\nz\nz\n"
    assert runner.ran() == ["c[y]", "c[x]", "f"]


def test_one_shard(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("x")
    source = ("in/", WindowPart(format="%Y"), "/{shard}")
    one = plan(
        [COPY],
        [call("c", COPY, {"a": InputRef(input="t")})],
        {"r": "c"},
        inputs=[given("t", source, ["x", "y"], one=True)],
    )
    assert text(runner(one, {"t": f"{tmp_path}/{{shard}}.csv"}, shard="x")) == "x"
    kind, message = failure(runner(one, {"t": f"{tmp_path}/{{shard}}.csv"}))
    assert kind == "usage" and "it has x, y" in message


def test_remote_is_a_folder_that_stands_for_it(runner: Runner, tmp_path: Path) -> None:
    sent = plan(
        [ONE],
        [call("a", ONE), keep("k", "a", "remote", ("s3://lake/out/", WindowPart(format="%Y"), ".txt"))],
        {"r": "a"},
    )
    window = datetime(2024, 1, 1, tzinfo=UTC)
    kind, message = failure(runner(sent, window=window))
    assert kind == "usage" and "can't reach s3" in message
    runner.places["remote"] = str(tmp_path / "remote")
    assert runner(sent, window=window).failure is None
    path = tmp_path / "remote" / "lake" / "out" / "2024.txt"
    assert path.read_text() == "one\n"
    assert runner(sent, window=window).ran == 0 and len(runner.of(Kept)) == 0
    path.write_text("somebody else's")
    runner(sent, window=window)
    assert path.read_text() == "one\n" and len(runner.of(Kept)) == 1


def test_two_values_at_one_remote_path_are_refused(runner: Runner, tmp_path: Path) -> None:
    runner.places["remote"] = str(tmp_path / "remote")
    say = shell("say", "printf %s {n} > {out}", {"n": "String"})
    body = [call("s", say, {"n": ItemRef(each="e")}), keep("k", "s", "remote", ("s3://lake/one.txt",))]
    _, message = failure(runner(plan([say], [each("e", ConstantRef(value=("a", "b")), body, "s")])))
    assert "two values are kept at s3://lake/one.txt" in message


def test_the_environment_is_small(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "1")
    monkeypatch.setenv("OTHER", "2")
    show = shell("show", "env > {out}; pwd >> {out}; ls -a >> {out}")
    lines = text(runner(plan([show], [call("s", show)], {"r": "s"}), env=("TOKEN",)))
    assert "TOKEN=1\n" in lines and "OTHER" not in lines and "TZ=UTC\n" in lines
    assert lines.split("\n")[-4].endswith("/tmp/slot-0")


def test_progress_is_lines_of_json_with_the_end_last(runner: Runner) -> None:
    runner(linear())
    assert all("\n" not in line(event) for event in runner.events)
    ended = runner.events[-1]
    assert isinstance(ended, RunEnded) and (ended.outcome, ended.ran) == ("done", 3)


def test_one_run_at_a_time(runner: Runner) -> None:
    inner: list[tuple[str, str]] = []

    def listen(event: object) -> None:
        if not inner:
            inner.append(("", ""))
            inner[0] = failure(Runner(runner.root)(linear()))

    runner.each_event = listen
    assert runner(linear()).failure is None
    assert inner[0][0] == "usage" and "is using" in inner[0][1]


def test_the_default_ram_is_private_and_found_again(runner: Runner) -> None:
    if not os.path.isdir("/dev/shm"):
        pytest.skip("no /dev/shm here")
    del runner.places["ram"]
    steps = [call("a", ONE)]
    outcome = runner(plan([ONE], steps, {"r": "a"}))
    folder = Path(outcome.results[0].paths[0]).parents[1]
    try:
        assert str(folder).startswith("/dev/shm/podpipec-") and stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert runner(plan([ONE], steps, {"r": "a"})).ran == 0
        folder.chmod(0o755)
        assert "not a private folder" in failure(runner(plan([ONE], steps, {"r": "a"})))[1]
    finally:
        shutil.rmtree(folder)


def test_no_more_at_once_than_allowed(runner: Runner) -> None:
    slow = shell("slow", "sleep 0.05; echo {n} > {out}", {"n": "String"})
    body = [call("s", slow, {"n": ItemRef(each="e")})]
    names = ConstantRef(value=tuple("abcd"))
    runner(plan([slow], [each("e", names, body, "s", 4)], {"r": collected("e")}), parallel=1)
    order = [type(event).__name__ for event in runner.events if hasattr(event, "stage")]
    assert order == ["StepStarted", "StepPublished"] * 4


def test_what_another_step_brought_meanwhile_is_not_made(runner: Runner) -> None:
    """`p` and `q` write the same bytes; when these are gone and both are wanted, one of them is enough."""
    other = shell("other", "printf 'one\\n' > {out}")

    def made(script: str) -> Plan:
        use, again = (
            shell("use", f"{script} {{a}} > {{out}}", ["a"]),
            shell("again", f"{script} {{a}} {{a}} > {{out}}", ["a"]),
        )
        steps = [call("p", ONE, slots=(0,)), call("q", other, slots=(0,))]
        steps += [call("u", use, {"a": "p"}, slots=(0,)), call("v", again, {"a": "q"}, slots=(0,))]
        ends = [lifetime("p", ["u"]), lifetime("q", ["v"])]
        return plan([ONE, other, use, again], steps, {"r": "u", "s": "v"}, lifetimes=ends, slots=1)

    runner(made("cat {a}"))
    outcome = runner(made("cat  {a}"))
    assert runner.ran() == ["p", "u", "v"]
    assert (text(outcome), text(outcome, "s")) == ("one\n" * 2, "one\n" * 3)
