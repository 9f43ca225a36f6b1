"""Secrets: told to the stages that ask for them, and in nothing that anybody else can read."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from podpipec.types.typed import Secret as Typed
from podpipec_runtime import progress
from podpipec_runtime.plan import codec
from podpipec_runtime.plan.secrets import variable
from podpipec_runtime.plan.types import Plan
from podpipec_runtime.secrets import Secrets, _pieces
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


def test_secrets_are_not_shown_and_are_found_across_pieces() -> None:
    secrets = Secrets({"token": VALUE})
    assert VALUE not in repr(secrets)
    find = re.compile(re.escape(VALUE.encode()))
    for before in range(60):
        log = b"x" * before + VALUE.encode() * 2 + b"y" * 7

        class Slowly(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                return super().read(10)

        cleared = b"".join(_pieces(Slowly(log), find, len(VALUE)))
        assert cleared == b"x" * before + b"[secret][secret]" + b"y" * 7


def test_lines_of_a_key_are_hidden_one_by_one(tmp_path: Path) -> None:
    stage = replace(shell("asks", "x"), secrets=("key",))
    secrets = Secrets({"key": "-----BEGIN KEY-----\nMIIBIjANBgkq\nab\n-----END KEY-----"})
    log = tmp_path / "log"
    log.write_text("first MIIBIjANBgkq ab\n")
    secrets.clear(str(log), stage)
    assert log.read_text() == "first [secret] ab\n"


def test_compiler_and_runtime_call_the_variable_the_same() -> None:
    from podpipec.source import Span
    from podpipec.syntax import tree

    for name in ("token", "Api_Key2"):
        assert Typed(tree.Name(Span("x", 0, 0), name)).variable == variable(name)
