# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Groups, folds and cycles: what they mean, what stays of them, and how far back they are made again."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from podpipec_runtime.plan.types import (
    CarryRef,
    ConstantRef,
    InputRef,
    ItemRef,
    Plan,
    Ref,
    ShardPart,
    ShardsRef,
    Step,
    StepRef,
)
from tests.runtime.plans import call, collected, cycle, each, fold, given, keep, lifetime, move, plan, shell
from tests.runtime.runner import Runner, failure, text
from tests.runtime.simulator import World

SAY = shell("say", "printf %s {n} > {out}", {"n": "String"})
BRACKETS = "(printf '('; cat {parts}; printf ')') > {out}"
JOIN = shell("join", BRACKETS, {"parts": "File[]"})
ONTO = shell("onto", "cat {sum} {a} > {out}", ["sum", "a"])
ONE = shell("one", "printf 0 > {out}")
SPLIT = shell("split", "mkdir {out}", [], {"out": "File[]"})
ENDS = shell("ends", "cat {a} {b} > {out}", ["a", "b"])

LETTERS = ConstantRef(value=tuple("abcdefg"))


def said(width: int = 2) -> list[Step]:
    return [each("e", LETTERS, [call("s", SAY, {"n": ItemRef(each="e")})], "s", width)]


def test_groups_of_neighbours(runner: Runner) -> None:
    def grouped(size: int, step: int) -> str:
        body = [call("j", JOIN, {"parts": ItemRef(each="g")})]
        groups = each("g", collected("e"), body, "j", group=size, step=step)
        return text(runner(plan([SAY, JOIN], [*said(), groups], {"r": collected("g")})))

    assert grouped(3, 3) == "(abc)(def)(g)"
    assert grouped(7, 7) == grouped(9, 9) == "(abcdefg)"
    assert grouped(3, 1) == "(abc)(bcd)(cde)(def)(efg)"
    assert grouped(3, 2) == "(abc)(cde)(efg)"
    assert grouped(8, 7) == ""


def folded(by: int, letters: str = "abcdefg", join: str = BRACKETS) -> Plan:
    joined = shell("join", join, {"parts": "File[]"})
    over = ConstantRef(value=tuple(letters))
    steps = [
        each("e", over, [call("s", SAY, {"n": ItemRef(each="e")})], "s"),
        fold("f", collected("e"), by, [call("j", joined, {"parts": ItemRef(each="f")})], "j"),
    ]
    ends = [lifetime("s", ["f"]), lifetime("j", ["f"]), lifetime(collected("f"), [])]
    return plan([SAY, joined], steps, {"r": collected("f")}, lifetimes=ends)


def test_a_fold(runner: Runner) -> None:
    assert text(runner(folded(3))) == "((abc)(def)g)"
    assert text(runner(folded(2))) == "(((ab)(cd))((ef)g))"
    assert text(runner(folded(7))) == "(abcdefg)"
    assert text(runner(folded(2, "a"))) == "a"
    assert runner.ran() == ["s[a]"]
    runner(folded(3, "abcd"))
    assert runner.ran()[-2:] == ["j[0.0]", "j[1.0]"]


def test_a_fold_of_nothing_is_refused(runner: Runner) -> None:
    fold_ = fold("f", "p", 2, [call("j", JOIN, {"parts": ItemRef(each="f")})], "j")
    outcome = runner(plan([SPLIT, JOIN], [call("p", SPLIT), fold_], {"r": collected("f")}))
    assert failure(outcome) == ("data", "`f` folds a list that is empty, and nothing has no sum")


def summed(letters: str = "abc", depth: int = 1) -> Plan:
    body = [call("s", SAY, {"n": ItemRef(each="c")}), call("u", ONTO, {"sum": CarryRef(cycle="c", name="x"), "a": "s"})]
    over = ConstantRef(value=tuple(letters))
    carries: dict[str, tuple[str | Ref, str | Ref]] = {
        "x": ("z", "u"),
        "last": ("z", "s"),
        "before": ("z", CarryRef(cycle="c", name="last")),
    }
    steps = [
        call("z", ONE),
        cycle("c", over, body, carries, depth),
        call("d", ENDS, {"a": "c.x", "b": "c.before"}),
    ]
    ends = [lifetime("z", ["c"]), lifetime("s", ["u"]), lifetime("u", ["u"])]
    ends += [lifetime("c.x", ["d"]), lifetime("c.last", ["c"]), lifetime("c.before", ["d"])]
    return plan([SAY, ONE, ONTO, ENDS], steps, {"r": "d"}, lifetimes=ends)


def test_a_cycle(runner: Runner) -> None:
    assert text(runner(summed())) == "0abcb"
    assert runner.ran() == ["z", "s[a]", "u[a]", "s[b]", "u[b]", "s[c]", "u[c]", "d"]
    assert text(runner(summed(depth=3))) == "0abcb" and runner.ran() == []
    assert text(runner(summed("abcx"))) == "0abcxc"
    assert text(runner(summed("a"))) == "0a0"
    assert text(runner(summed(""))) == "00"


def test_explaining_loops(runner: Runner) -> None:
    def told(made: Plan) -> list[str]:
        outcome = runner(made, explain=True)
        return [f"{e.action} {e.step}[{','.join(e.element)}]: {e.why}" for e in outcome.explained]

    assert told(folded(3))[0] == "run s[a]: never ran"
    assert told(folded(3))[-1] == "wait j[]: waits for `e`"
    runner(folded(3))
    assert told(folded(3, join="cat {parts} > {out}"))[-4:] == [
        "reuse s[g]: published before, same inputs",
        "run j[0.0]: its command changed",
        "run j[0.1]: its command changed",
        "wait j[1.0]: waits for what the group is made of",
    ]
    runner(summed())
    assert told(summed("abxy"))[3:] == [
        "reuse s[b]: published before, same inputs",
        "reuse u[b]: published before, same inputs",
        "run s[x]: never ran",
        "wait u[x]: waits for `s`",
        "run s[y]: never ran",
        "wait u[y]: waits for `s`, `u` of x",
        "wait d[]: waits for `c`",
    ]


STEADY = 60


def long_cycle(depth: int, ram: int = 1 << 20) -> Plan:
    """Each element makes something of its own and hands on what it came to."""
    body = [call("s", SAY, {"n": ItemRef(each="c")}, size=100)]
    body += [call("u", ONTO, {"sum": CarryRef(cycle="c", name="x"), "a": "s"}, size=100)]
    over = ConstantRef(value=tuple(str(at) for at in range(STEADY)))
    steps = [call("z", ONE, size=100), cycle("c", over, body, {"x": ("z", "u")}, depth)]
    ends = [lifetime("z", ["c"]), lifetime("s", ["u"]), lifetime("u", ["u"]), lifetime("c.x", [])]
    return plan([SAY, ONE, ONTO], steps, {"r": "c.x"}, lifetimes=ends, slots=3, sizes={"ram": ram})


def test_of_a_cycle_only_what_is_under_way_stays() -> None:
    """The elements under way with what they read, and the start."""
    for depth in (1, 3):
        made = long_cycle(depth)
        world = World(made, Random(depth))
        world.check_end(world.run())
        assert world.most["ram"] <= 100 * (2 * depth + 2)


def test_a_cycle_is_made_again_from_its_start_within_what_the_first_run_took() -> None:
    """All is lost when the last elements are under way; no one goes back by recursion."""
    made = long_cycle(1, ram=400)
    world = World(made, Random(1), capacity={"ram": 400})
    world.interrupt = 2 * STEADY - 3
    world.run()
    assert world.end == "failed"
    world.content = {}
    deep = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        world.check_end(world.run())
    finally:
        sys.setrecursionlimit(deep)
    assert len(world.starts) > 3 * STEADY


def test_what_a_fold_came_to_lives_as_long_as_it_says(runner: Runner) -> None:
    """Also where it is the one element of its list, which nobody else reads any more."""
    steps = [
        each("e", ShardsRef(input="t"), [call("s", ONTO, {"sum": ItemRef(each="e"), "a": ItemRef(each="e")})], "s"),
        fold("f", collected("e"), 2, [call("j", JOIN, {"parts": ItemRef(each="f")})], "j"),
        call("o", ONE, after=("f",)),
        call("d", ENDS, {"a": collected("f"), "b": "o"}),
    ]
    ends = [lifetime("s", ["f"]), lifetime("j", ["f"]), lifetime(collected("f"), ["d"]), lifetime("o", ["d"])]
    (runner.root / "t").mkdir()
    for shard in ("x", "y"):
        (runner.root / "t" / shard).write_text(shard)
    for shards in (["x"], ["x", "y"]):
        given_ = given("t", ("t/", ShardPart()), shards)
        made = plan([ONTO, JOIN, ONE, ENDS], steps, {"r": "d"}, [given_], ends)
        assert text(runner(made)) == ("xx0" if len(shards) == 1 else "(xxyy)0")
        assert len(runner.objects("ram")) == 1


def test_what_is_kept_of_a_cycle_is_where_a_resume_begins(runner: Runner, tmp_path: Path) -> None:
    def made(script: str) -> Plan:
        end = shell("end", script, ["a"])
        body = [
            call("s", SAY, {"n": ItemRef(each="c")}),
            call("u", ONTO, {"sum": CarryRef(cycle="c", name="x"), "a": "s"}),
            keep("k", "u", "node"),
        ]
        steps = [
            call("z", ONE),
            cycle("c", ConstantRef(value=tuple("abc")), body, {"x": ("z", "u")}),
            call("d", end, {"a": StepRef(step="c", output="x")}),
        ]
        ends = [lifetime("z", ["c"]), lifetime("s", ["u"]), lifetime("u", ["k"]), lifetime("c.x", ["d"])]
        return plan([SAY, ONE, ONTO, end], steps, {"r": "d"}, lifetimes=ends)

    runner(made("cat {a} > {out}"))
    again = runner(made("cat {a} {a} > {out}"))
    assert (text(again), runner.ran()) == ("0abc0abc", ["d"])


def test_what_several_wait_for_is_made_again_once() -> None:
    """Each element has parts that all read the carry, one after another: none makes it anew for itself."""
    part = shell("part", "cat {sum} > {out}; printf %s {n} >> {out}", {"sum": "File", "n": "String"})
    parts = [call("p", part, {"sum": CarryRef(cycle="c", name="x"), "n": ItemRef(each="e")})]
    body = [each("e", ConstantRef(value=tuple("abc")), parts, "p", 1), call("u", JOIN, {"parts": collected("e")})]
    steps = [call("z", ONE), cycle("c", ConstantRef(value=tuple("0123456789")), body, {"x": ("z", "u")})]
    ends = [lifetime("z", ["c"]), lifetime("p", ["u"]), lifetime("u", ["u"]), lifetime("c.x", [])]
    made = plan([part, JOIN, ONE], steps, {"r": "c.x"}, lifetimes=ends)
    world = World(made, Random(1))
    world.check_end(world.run())
    once = len(world.starts)
    world.content, world.kept = {}, set()
    world.check_end(world.run())
    assert len(world.starts) == 2 * once


def test_an_element_of_a_folder_can_be_moved_to_its_own_place(runner: Runner) -> None:
    """It becomes an object of its own."""
    split = shell("split", "mkdir {out}; printf x > {out}/x; printf y > {out}/y", [], {"out": "File[]"})
    steps = [
        call("p", split),
        cycle("c", "p", [], {"last": (InputRef(input="t"), ItemRef(each="c"))}),
        move("m", "c.last", "ram"),
        call("d", ENDS, {"a": collected("m"), "b": collected("m")}),
    ]
    ends = [lifetime("p", ["c"]), lifetime("c.last", ["m"]), lifetime(collected("m"), ["d"])]
    (runner.root / "t").write_text("t")
    made = plan([split, ENDS], steps, {"r": "d"}, [given("t", ("t",))], ends)
    assert text(runner(made)) == "yy"
