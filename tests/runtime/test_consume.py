# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""What calls consume: in random plans with crashes, failures and loss, and on disk."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Start
from podpipec_runtime.interpreter.events import Vanished
from podpipec_runtime.interpreter.step import begin
from podpipec_runtime.interpreter.step import step as stepped
from podpipec_runtime.plan.check import check
from podpipec_runtime.plan.types import Call, Each, Fallback, ItemRef, PlaceName, Plan, Ref, Stage, Step, StepRef
from tests.runtime.plans import call, collected, each, keep, lifetime, plan, shell
from tests.runtime.random_plans import Maker
from tests.runtime.runner import Runner, text
from tests.runtime.simulator import World

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _all(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (step, *(_all(step.body) if isinstance(step, Each) else ()))]


def _consuming(steps: tuple[Step, ...], random: Random) -> tuple[Step, ...]:
    """Calls that consume files of their own body, whoever else reads them: then the bytes are made once more."""
    found: list[Step] = []
    for step in steps:
        if isinstance(step, Call) and not isinstance(step, Fallback) and random.random() < 0.6:
            names = [name for name, ref in step.args.items() if isinstance(ref, StepRef) and _is_file(ref, steps)]
            found.append(replace(step, consumes=tuple(names)))
        elif isinstance(step, Each):
            found.append(replace(step, body=_consuming(step.body, random)))
        else:
            found.append(step)
    return tuple(found)


def _is_file(ref: Ref, steps: tuple[Step, ...]) -> bool:
    return (
        isinstance(ref, StepRef)
        and ref.output.startswith("o")
        and any(step.id == ref.step for step in steps if isinstance(step, Call))
    )


def _made(random: Random) -> Plan:
    made = Maker(random).make()
    consuming = replace(made, steps=_consuming(made.steps, random))
    check(consuming)
    return consuming


def _takes(made: Plan) -> bool:
    return any(isinstance(step, Call) and step.consumes for step in _all(made.steps))


@given(SEEDS)
@QUICK
def test_the_results_are_those_of_the_plan(seed: int) -> None:
    random = Random(seed)
    world = World(_made(random), random)
    world.check_end(world.run())


@given(SEEDS)
@QUICK
def test_after_any_crash_failure_and_loss_they_are_the_same(seed: int) -> None:
    random = Random(seed)
    world = World(_made(random), random, crash=0.08, lose=("ram", "node"), fail=0.08)
    for _ in range(1000):
        state = world.run()
        if world.end == "done":
            break
    world.check_end(state)


def test_something_is_consumed() -> None:
    plans = [_made(Random(seed)) for seed in range(40)]
    assert sum(map(_takes, plans)) > 6


# --- on disk ---

MAKE = shell("make", "echo b > {out}; echo a >> {out}")
SORT = shell("sort", "sort -o {i} {i}; mv {i} {out}", ("i",))


def _call(id_: str, stage: Stage, args: dict[str, str | Ref], place: PlaceName = "ram") -> Step:
    made = call(id_, stage, args, place)
    assert isinstance(made, Call)
    return replace(made, consumes=tuple(args))


def _sorted(*more: Step, place: PlaceName = "ram", retry: int = 0, sort: Stage = SORT) -> Plan:
    """Something is made, kept where the steps say, and sorted in place."""
    stage = replace(sort, retry=retry)
    ends = [lifetime("x", ("y", *(one.id for one in more)), place=place), lifetime("y", (), place=place)]
    after = tuple(one.id for one in more)
    consumer = _call("y", stage, {"i": "x"}, place)
    assert isinstance(consumer, Call)
    steps = [call("x", MAKE, place=place), *more, replace(consumer, after=after)]
    return plan([MAKE, stage], steps, {"r": "y"}, (), ends)


def test_it_is_the_object_itself(runner: Runner) -> None:
    outcome = runner(_sorted())
    assert outcome.failure is None and text(outcome) == "a\nb\n"
    assert runner.left_in_tmp() == [] and len(runner.objects("ram")) == 1
    assert runner(_sorted()).failure is None and runner.ran() == []


def test_a_kept_copy_is_another_file(runner: Runner) -> None:
    """On one file system a kept copy is a hard link: what works in place must not write to it."""
    runner.places = {**runner.places, "ram": runner.work + "/near"}
    outcome = runner(_sorted(keep("k", "x", "volume"), place="node"))
    assert outcome.failure is None and text(outcome) == "a\nb\n"
    (kept,) = runner.objects("volume")
    assert (Path(runner.work) / "volume" / "objects" / kept).read_text() == "b\na\n"


def test_what_fails_in_the_middle_has_it_made_again(runner: Runner) -> None:
    mark = runner.root / "once"
    once = shell("sort", f"echo spoilt >> {{i}}; if mkdir {mark}; then exit 1; fi; mv {{i}} {{out}}", ("i",))
    outcome = runner(_sorted(retry=1, sort=once))
    assert outcome.failure is None and text(outcome) == "b\na\nspoilt\n"
    assert runner.ran() == ["x", "y", "x", "y"]


def test_two_values_with_the_same_bytes_do_not_meet(runner: Runner) -> None:
    """They are one object: who consumes the one gets a copy, and the other is as it was."""
    other = shell("other", "true; echo b > {out}; echo a >> {out}")
    show = shell("show", "cat {i} {j} > {out}", ("i", "j"))
    steps = [call("x", MAKE), call("z", other), _call("y", SORT, {"i": "x"}), call("r", show, {"i": "y", "j": "z"})]
    steps[2] = replace(steps[2], after=("z",))
    ends = [lifetime("x", ("y",)), lifetime("z", ("r",)), lifetime("y", ("r",)), lifetime("r", ())]
    outcome = runner(plan([MAKE, other, SORT, show], steps, {"r": "r"}, (), ends))
    assert outcome.failure is None and text(outcome) == "a\nb\nb\na\n"
    assert runner.ran() == ["x", "z", "y", "r"]


def test_lists_come_whole_or_by_their_elements(runner: Runner) -> None:
    cut = shell("cut", "mkdir {out}; echo b > {out}/1; echo b > {out}/2", (), {"out": "File[]"})
    join = shell("join", "for f in {i}; do echo + >> $f; done; cat {i} > {out}", {"i": "File[]"})
    steps = [
        call("parts", cut),
        each("all", "parts", [_call("y", SORT, {"i": ItemRef(each="all")})], "y"),
        _call("r", join, {"i": collected("all")}),
        call("more", replace(cut, name="cut_2")),
        _call("s", replace(join, name="join_2"), {"i": "more"}),
    ]
    stages = [cut, join, SORT, replace(cut, name="cut_2"), replace(join, name="join_2")]
    outcome = runner(plan(stages, steps, {"r": "r", "s": "s"}))
    assert outcome.failure is None, outcome.failure
    assert text(outcome) == text(outcome, "s") == "b\n+\nb\n+\n"


def test_what_could_not_be_taken_is_where_it_was() -> None:
    """A call that could not be started has taken nothing."""
    world = World(_sorted(), Random(1))
    world.pending, world.running = [], {}
    state, commands = begin(world.program, world.facts())
    (start,) = (one for one in commands if isinstance(one, Start))
    world._do(commands)
    state, commands = stepped(state, world._answer(start))
    (start,) = (one for one in commands if isinstance(one, Start))
    (loc,) = start.taken
    assert loc not in state.stock.content
    used = dict(state.stock.used)
    gone = next(iter(start.taken))._replace(object="f" * 64)
    state, commands = stepped(state, Vanished(gone, start.instance))
    assert loc in state.stock.content or next(one for one in commands if isinstance(one, Start)).taken == (loc,)
    assert dict(state.stock.used) == used
