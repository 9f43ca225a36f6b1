"""Secrets: told to the stages that ask for them, and in nothing that anybody else can read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podpipec.types.declarations import Secret as Typed
from podpipec_runtime import progress
from podpipec_runtime.drivers.sieve import Replaced, Sieve
from podpipec_runtime.plan import codec
from podpipec_runtime.plan.secrets import variable
from podpipec_runtime.plan.types import Plan
from podpipec_runtime.secrets import Secrets
from tests.runtime.plans import call, plan, shell
from tests.runtime.runner import Runner, failure, text

VALUE = "correct horse battery staple"


def told(script: str = 'printf %s "$TOKEN" | wc -c > {out}', retry: int = 0) -> Plan:
    """A flow whose first stage is told a secret, and whose second is not."""
    asks = replace(shell("asks", script, retry=retry), secrets=("token",))
    other = shell(
        "other", 'cat {a} > {out}; echo "${{TOKEN-none}}" >> {out}'.replace("{{", "{").replace("}}", "}"), ["a"]
    )
    return plan([asks, other], [call("a", asks), call("r", other, {"a": "a"})], {"r": "r"})


def everything_written(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("source", ["env:MY_TOKEN", "file:"])
def test_who_asks_is_told_and_nobody_else(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("MY_TOKEN", VALUE)
    (tmp_path / "token").write_text(VALUE + "\n")
    where = source if source != "file:" else f"file:{tmp_path}/token"
    outcome = runner(told(), secrets={"token": where})
    assert text(outcome).split() == [str(len(VALUE)), "none"]
    (tmp_path / "token").unlink()
    said = "".join(progress.line(event) for event in runner.events)
    assert VALUE not in said and VALUE not in codec.encode(told()).decode()
    assert VALUE.encode() not in everything_written(tmp_path)


def test_another_value_is_the_same_step(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret opens a door; it does not say what is behind it."""
    monkeypatch.setenv("A", "one")
    monkeypatch.setenv("B", "two")
    runner(told("echo x > {out}"), secrets={"token": "env:A"})
    runner(told("echo x > {out}"), secrets={"token": "env:B"})
    assert runner.ran() == []


def test_what_a_stage_prints_is_cleared_of_it(runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", VALUE)
    outcome = runner(told('set -x; echo "token $TOKEN"; echo {out}; exit 3', retry=1), secrets={"token": "env:A"})
    assert failure(outcome) == ("stage", "exit status 3")
    report = outcome.failure.report if outcome.failure else None
    assert report is not None
    assert "token [secret]" in report.output and VALUE not in report.output
    assert "token [secret]" in Path(report.log).read_text()
    assert VALUE.encode() not in everything_written(tmp_path)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "the stage `asks` asks for the secret `token`: say where it comes from, --secret token=env:VARIABLE"),
        ({"token": VALUE}, "the secret `token` comes from neither env:VARIABLE nor file:PATH"),
        ({"token": "env:NOT_SET"}, "the environment variable NOT_SET, which is not set"),
        ({"token": "env:EMPTY"}, "the secret `token` from env:EMPTY is empty"),
        ({"token": "file:/nowhere/token"}, "the file /nowhere/token: No such file or directory"),
        ({"token": "env:A", "other": "env:A"}, "no stage of the flow asks for a secret `other`"),
    ],
)
def test_what_is_missing_is_said_before_anything_starts(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], message: str
) -> None:
    monkeypatch.setenv("A", VALUE)
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("NOT_SET", raising=False)
    kind, said = failure(runner(told(), secrets=given))
    assert kind == "usage" and message in said and VALUE not in said
    assert runner.ran() == [] and not os.path.exists(runner.work)


def test_explaining_needs_no_secret(runner: Runner) -> None:
    assert [each.action for each in runner(told(), explain=True).explained] == ["run", "wait"]


def test_secrets_are_not_shown() -> None:
    assert VALUE not in repr(Secrets({"token": VALUE}))


def test_lines_of_a_key_are_hidden_one_by_one() -> None:
    stage = replace(shell("asks", "x"), secrets=("key",))
    secrets = Secrets({"key": "-----BEGIN KEY-----\nMIIBIjANBgkq\nab\n-----END KEY-----"})
    hides = Replaced(secrets.words(stage), b"[secret]")
    assert hides.more(b"first MIIBIjANBgkq ab\n") + hides.end() == b"first [secret] ab\n"
    assert secrets.hidden("first MIIBIjANBgkq ab", stage) == "first [secret] ab"


@given(
    st.lists(st.text("ab", min_size=1, max_size=5), min_size=1, max_size=4),
    st.text("abc", max_size=40),
    st.lists(st.integers(0, 40), max_size=12),
)
@settings(max_examples=500, deadline=None, derandomize=True)
def test_words_are_found_however_what_is_printed_is_cut(words: list[str], text_: str, cuts: list[int]) -> None:
    data, needles = text_.encode(), [word.encode() for word in words]
    longest_first = sorted(set(needles), key=lambda word: (-len(word), word))
    hides = Replaced(needles, b"-")
    ends = sorted({*(cut for cut in cuts if cut < len(data)), len(data)})
    through = b""
    for start, end in pairwise([0, *ends]):
        through += hides.more(data[start:end])
    assert through + hides.end() == re.sub(b"|".join(longest_first), b"-", data)


def test_nothing_stays_back_that_is_no_beginning_of_a_secret() -> None:
    hides = Replaced([VALUE.encode()], b"[secret]")
    assert hides.more(b"one line\n") == b"one line\n"
    assert hides.more(b"correct h") == b"" and hides.more(b"ouse\n") == b"correct house\n"
    assert hides.more(VALUE.encode()[:-1]) == b"" and hides.end() == VALUE.encode()[:-1]


#: Prints a secret in pieces, then waits until the engine has written what came before and behind it.
PRINTS = r"""
printf 'before %s' "$TOKEN" | dd bs=9 2> /dev/null; printf ' behind\n'
until cat LOGS/.slot-* | grep -q behind; do :; done
cat LOGS/.slot-* > SEEN
"""


def prints(work: Path, then: str) -> str:
    return PRINTS.replace("LOGS", f"{work}/logs").replace("SEEN", f"{work.parent}/seen") + then


def test_the_file_on_disk_never_holds_it(runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command looks at the engine's log of it while it runs, then is killed."""
    monkeypatch.setenv("A", VALUE)
    seen = Path(runner.work).parent / "seen"
    made = told(prints(Path(runner.work), "kill -9 $$"))
    assert failure(runner(made, secrets={"token": "env:A"}))[1].startswith("killed by SIGKILL (9)")
    assert seen.read_bytes() == b"before [secret] behind\n"
    assert VALUE.encode() not in everything_written(tmp_path)


KILLS_THE_ENGINE = """secret token
pod p { slots 1  cpu 1  memory 1GiB  volume 1MiB }
stage asks() -> out: Text {
  secret token
  run    ["sh", "asks.sh", out]
  size   out 1KiB
}
flow main() -> out on p { out = asks() }
"""


def test_nor_does_it_when_the_engine_is_killed(tmp_path: Path) -> None:
    """The stage is the engine's child, and ends it; nobody can clear anything afterwards."""
    (tmp_path / "asks.sh").write_text(prints(tmp_path / "work", "kill -9 $PPID"))
    (tmp_path / "asks.flow").write_text(KILLS_THE_ENGINE.replace("asks.sh", f"{tmp_path}/asks.sh"))
    command = [sys.executable, "-m", "podpipec", "run", "asks.flow", "--work", "work", "--secret", "token=env:A"]
    env = {**os.environ, "A": VALUE, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (log,) = (tmp_path / "work" / "logs").glob(".slot-*")
    assert log.read_bytes() == b"before [secret] behind\n"
    assert VALUE.encode() not in everything_written(tmp_path)


#: A process that leaves its group, says its id, and stays.
AWAY = """import os, time
os.setsid()
with open("PATH.new", "w") as file:
    file.write(str(os.getpid()))
os.rename("PATH.new", "PATH")
time.sleep(60)
"""


def test_who_writes_on_behind_the_end_holds_nothing_up(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that got away from its group has the pipe still."""
    monkeypatch.setenv("A", VALUE)
    (tmp_path / "away.py").write_text(AWAY.replace("PATH", f"{tmp_path}/pid"))
    away = f"{sys.executable} {tmp_path}/away.py & until test -e {tmp_path}/pid; do :; done"
    outcome = runner(told(f"{away}; echo x > {{out}}"), secrets={"token": "env:A"})
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    assert text(outcome).split() == ["x", "none"]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        sieve = Sieve([b"secret"], b"-", full.fileno())
        os.write(sieve.out, b"a secret")
        with pytest.raises(OSError, match="No space left"):
            sieve.close()


def test_much_is_let_through(tmp_path: Path) -> None:
    with open(tmp_path / "log", "wb") as log:
        sieve = Sieve([b"secret"], b"-", log.fileno())
        data = b"some secret text\n" * 100_000
        with open(os.dup(sieve.out), "wb") as out:
            out.write(data)
        sieve.close()
        sieve.close()
    assert (tmp_path / "log").read_bytes() == data.replace(b"secret", b"-")


def test_compiler_and_runtime_call_the_variable_the_same() -> None:
    from podpipec.source import Span
    from podpipec.syntax import tree

    for name in ("token", "Api_Key2"):
        assert Typed(tree.Name(Span("x", 0, 0), name)).variable == variable(name)
