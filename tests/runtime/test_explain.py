"""What would run, and why, without running it."""

from __future__ import annotations

import os
from pathlib import Path

from podpipec_runtime.plan.types import InputRef, ItemRef, Plan
from tests.runtime.plans import ConstantRef, call, collected, each, given, keep, lifetime, plan, shell
from tests.runtime.runner import Runner

ONE = shell("one", "echo one > {out}")
ADD = shell("add", "cat {parts} > {out}", {"parts": "File[]"})


def made(script: str = "cat {a} {b} > {out}") -> Plan:
    join = shell("join", script, ["a", "b"])
    body = [call("c", join, {"a": "a", "b": ItemRef(each="e")}), keep("k", "c", "node")]
    split = shell("split", "mkdir {out}; cp {a} {out}/x; cp {a} {out}/y; echo >> {out}/y", ["a"], {"out": "File[]"})
    steps = [
        call("a", ONE),
        call("s", split, {"a": InputRef(input="t")}),
        each("e", "s", body, "c"),
        call("f", ADD, {"parts": collected("e")}),
    ]
    ends = [lifetime("a", ["e"]), lifetime("s", ["e"]), lifetime("c", ["k", "f"])]
    return plan([ONE, join, split, ADD], steps, {"r": "f"}, [given("t", ("t",))], ends)


def explained(runner: Runner, script: str = "cat {a} {b} > {out}") -> list[str]:
    outcome = runner(made(script), explain=True)
    assert outcome.failure is None and runner.ran() == []
    return [f"{e.action} {e.step}[{','.join(e.element)}]: {e.why}" for e in outcome.explained]


def test_explaining(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "t").write_text("t\n")
    os.utime(tmp_path / "t", (1, 1))
    assert explained(runner) == [
        "run a[]: never ran",
        "run s[]: never ran",
        "wait c[]: waits for `a`, `s`",
        "wait k[]: waits for `a`, `s`",
        "wait f[]: waits for `e`",
    ]
    assert runner.objects("node") == []
    runner(made())
    same = explained(runner)
    assert same == [
        "reuse a[]: published before, same inputs",
        "reuse s[]: published before, same inputs",
        "reuse c[0]: published before, same inputs",
        "reuse k[0]: there",
        "reuse c[1]: published before, same inputs",
        "reuse k[1]: there",
        "reuse f[]: published before, same inputs",
    ]
    assert explained(runner, "cat {b} {a} > {out}") == [
        "run a[]: its data is gone, and `c` needs it",
        "run s[]: its data is gone, and `c` needs it",
        "run c[0]: its command changed",
        "wait k[0]: waits for `c`",
        "run c[1]: its command changed",
        "wait k[1]: waits for `c`",
        "wait f[]: waits for `e`",
    ]
    (tmp_path / "t").write_text("u\n")
    os.utime(tmp_path / "t", (2, 2))
    assert "run s[]: input a changed" in explained(runner)
    runner(made())
    assert runner.ran() == ["s", "a", "c[0]", "c[1]", "f"]


def test_what_is_explained_is_what_runs(runner: Runner) -> None:
    say = shell("say", "echo {n} > {out}", {"n": "String"})

    def words(*names: str) -> Plan:
        body = [call("s", say, {"n": ItemRef(each="e")})]
        steps = [each("e", ConstantRef(value=names), body, "s"), call("f", ADD, {"parts": collected("e")})]
        return plan([say, ADD], steps, {"r": "f"}, lifetimes=[lifetime("s", ["f"])])

    runner(words("a", "b"))
    outcome = runner(words("a", "b", "c"), explain=True)
    assert [(e.step, e.element, e.action) for e in outcome.explained] == [
        ("s", ("a",), "reuse"),
        ("s", ("b",), "reuse"),
        ("s", ("c",), "run"),
        ("f", (), "wait"),
    ]
    runner(words("a", "b", "c"))
    assert runner.ran() == ["s[c]", "s[a]", "s[b]", "f"]
