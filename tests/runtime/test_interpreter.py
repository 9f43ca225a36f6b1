# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""The interpreter against random plans in a simulated world, compared with an oracle of its own."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rpds import HashTrieMap

from podpipec_runtime.interpreter import room
from podpipec_runtime.interpreter.commands import Command, Free, Start
from podpipec_runtime.interpreter.events import Published
from podpipec_runtime.interpreter.program import program
from podpipec_runtime.interpreter.state import Facts, State
from podpipec_runtime.interpreter.step import begin, step
from podpipec_runtime.interpreter.values import Instance, Loc, Record, Stored
from podpipec_runtime.plan.types import Plan
from tests.runtime.plans import call, collected, lifetime, move, plan, shell
from tests.runtime.random_plans import Maker
from tests.runtime.simulator import World

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@given(SEEDS)
@QUICK
def test_any_schedule_gives_what_the_plan_means_and_runs_nothing_twice(seed: int) -> None:
    """But where two steps are one call and the data of the one was freed before the other was reached."""
    random = Random(seed)
    world = World(Maker(random).make(), random)
    world.check_end(world.run())
    single = [each for each in world.starts if not world.has_twin(each)]
    assert len(single) == len(set(single))


@given(SEEDS)
@QUICK
def test_a_second_run_runs_nothing(seed: int) -> None:
    random = Random(seed)
    world = World(Maker(random).make(), random)
    world.check_end(world.run())
    first = list(world.starts)
    world.check_end(world.run())
    assert world.starts == first


@given(SEEDS)
@QUICK
def test_crashes_lose_no_result_and_repeat_nothing_whose_data_is_there(seed: int) -> None:
    random = Random(seed)
    world = World(Maker(random).make(), random, crash=0.1)
    world.check_end(world.run())


@given(SEEDS)
@QUICK
def test_the_loss_of_places_is_made_good(seed: int) -> None:
    random = Random(seed)
    world = World(Maker(random).make(), random, crash=0.1, lose=("ram", "node"))
    world.check_end(world.run())


@given(SEEDS)
@QUICK
def test_the_same_seed_gives_the_same_run(seed: int) -> None:
    runs = []
    for _ in range(2):
        random = Random(seed)
        world = World(Maker(random).make(), random, crash=0.1, lose=("ram",))
        world.run()
        runs.append(world.starts)
    assert runs[0] == runs[1]


@given(SEEDS)
@example(1049)
@example(10733)
@example(11449)
@example(22317)
@QUICK
def test_one_at_a_time_never_needs_more_room_than_the_first_run_did(seed: int) -> None:
    """`ram` just as large as a run without crashes needs is enough after any crash and loss as well.

    (On `node` what is kept may lie earlier than the plan had it; it stays.)
    """
    random = Random(seed)
    made = Maker(random, one_at_a_time=True).make()
    first = World(made, random)
    first.check_end(first.run())
    sizes = {place: first.most.get(place, 0) for place in ("ram", "node", "volume")}
    world = World(with_sizes(made, sizes), random, crash=0.1, lose=("ram",), capacity={"ram": sizes["ram"]})
    world.check_end(world.run())


@given(SEEDS)
@settings(QUICK, max_examples=30)
def test_values_lost_one_by_one_are_made_again_in_the_same_room(seed: int) -> None:
    """What comes late in the plan is often there when what comes early is not."""
    random = Random(seed)
    made = Maker(random, one_at_a_time=True).make()
    first = World(made, random)
    first.check_end(first.run())
    ram = first.most.get("ram", 0)
    world = World(
        with_sizes(made, {"ram": ram, "node": 1 << 40, "volume": 1 << 40}),
        random,
        crash=random.choice((0.03, 0.1, 0.2)),
        lose=("ram",),
        capacity={"ram": ram},
        scatter=True,
    )
    world.check_end(world.run(lives=60))


@given(SEEDS)
@QUICK
def test_failed_attempts_and_failures_lose_nothing(seed: int) -> None:
    random = Random(seed)
    world = World(Maker(random).make(), random, crash=0.05, fail=0.1)
    for _ in range(1000):
        state = world.run()
        if world.end == "done":
            break
        assert world.end == "again" or (state.failure is not None and state.failure.kind == "stage")
        assert not world.running
    world.check_end(state)


@given(SEEDS)
@QUICK
def test_other_bytes_are_never_mixed_with_old_ones(seed: int) -> None:
    """A stage changes its mind between two lives. The end is that of a plan run with the new bytes alone,
    or with the old ones where nothing had to be made again."""
    random = Random(seed)
    made = Maker(random).make()
    world = World(made, random)
    world.run()
    lost = [place for place in ("ram", "node", "volume") if random.random() < 0.7]
    world.content = {loc: size for loc, size in world.content.items() if loc.place not in lost}
    world.kept = {loc for loc in world.kept if loc.place not in lost}
    world.forget(random)
    world.turns = {random.choice(made.stages).name: 1} if made.stages else {}
    for _ in range(50):
        state = world.run()
        if world.end != "again":
            break
    assert world.end == "done", state.failure
    world.check_one_story(state)


@given(SEEDS)
@QUICK
def test_an_interrupted_run_stops_and_is_resumed(seed: int) -> None:
    """What was published is not run twice, but where two steps are one call: then the one's data can be freed
    with the other's, when that is known to be done."""
    random = Random(seed)
    world = World(Maker(random).make(), random)
    world.interrupt = random.randint(0, 10)
    state = world.run()
    if world.end == "failed":
        assert state.failure is not None and state.failure.kind == "interrupted"
    world.interrupt = -1
    world.check_end(world.run())
    single = [each for each in world.published if not world.has_twin(each)]
    assert len(single) == len(set(single))


def with_sizes(made: Plan, sizes: dict[str, int]) -> Plan:
    places = tuple(replace(place, bytes=sizes[place.name]) for place in made.pod.places)
    return replace(made, pod=replace(made.pod, places=places))


def test_the_end_waits_for_what_was_made_for_it() -> None:
    one = shell("one", "one")
    steps = [call("a", one), move("m", "a", "node")]
    world = World(plan([one], steps, {"r": collected("m")}), Random(1))
    world.check_end(world.run())
    world.content, world.kept = {}, set()
    world.check_end(world.run())
    assert world.starts == [("a", ()), ("a", ())]


def later_value_in_the_way() -> tuple[Plan, Facts]:
    """`z` lies there already when `y` has to be made again, and both with `x` are more than the place holds."""
    x, y, z = shell("x", "x"), shell("y", "y", ["a"]), shell("z", "z")
    both = shell("both", "both", ["a", "b"])
    steps = [
        call("x", x, size=100),
        call("y", y, {"a": "x"}, size=100),
        call("z", z, size=100, after=("y",)),
        call("both", both, {"a": "y", "b": "z"}, "node"),
    ]
    ends = [lifetime("x", ["y"]), lifetime("y", ["both"]), lifetime("z", ["both"])]
    made = plan([x, y, z, both], steps, {"r": "both"}, lifetimes=ends, sizes={"ram": 200})
    state, _ = begin(program(made), Facts(inputs={}))
    for name in ("x", "y", "z"):
        state, commands = step(state, Published(Instance(name), Record((Stored("out", name * 64, 100),))))
    assert [type(command) for command in commands] == [Start] and state.stock.peak["ram"] == 200
    lost = state.stock.content.remove(Loc("ram", "y" * 64))
    return made, Facts(inputs={}, records=state.records, content=lost)


def test_room_is_made_for_what_comes_first() -> None:
    made, facts = later_value_in_the_way()
    state, commands = begin(program(made), facts)
    again: list[str] = []
    freed: list[Loc] = []
    while state.phase == "running":
        freed += [command.loc for command in commands if isinstance(command, Free)]
        again += [command.instance.step for command in commands if isinstance(command, Start)]
        name = again[-1]
        state, commands = step(state, Published(Instance(name), Record((Stored("out", name[0] * 64, 100),))))
    assert freed[0] == Loc("ram", "z" * 64)
    assert again == ["x", "y", "z", "both"] and state.stock.peak["ram"] == 200
    assert state.work.rooms == 0, "it counts anew behind what is done for the first time"


def test_a_run_that_makes_room_for_ever_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a bound that the first time is beyond."""
    monkeypatch.setattr(room, "AGAIN", 0)
    made, facts = later_value_in_the_way()
    state, commands = begin(program(made), facts)
    started = [command.instance.step for command in commands if isinstance(command, Start)]
    state, commands = step(state, Published(Instance("x"), Record((Stored("out", "x" * 64, 100),))))
    assert state.phase == "over" and state.failure is not None and started == ["x"]
    assert state.failure.message.endswith("begin anew with another --work folder")


def test_what_stands_by_makes_room_for_what_comes_first() -> None:
    """`v` is lost, and `x`, which it was made of, is there still; a run from the start would not have `x` any more
    when `w` starts. `x` goes; for the end `w` goes too, and everything is made in the plan's order."""
    stages = [shell("x", "x"), shell("v", "v", ["a"]), shell("w", "w"), shell("both", "both", ["a", "b"])]
    steps = [
        call("x", stages[0], size=100),
        call("v", stages[1], {"a": "x"}, size=50),
        call("w", stages[2], size=150, after=("v",)),
        call("both", stages[3], {"a": "v", "b": "w"}, "node"),
    ]
    ends = [lifetime("x", ["v"]), lifetime("v", ["both"]), lifetime("w", ["both"])]
    made = plan(stages, steps, {"r": "both"}, lifetimes=ends, sizes={"ram": 200})
    sizes = {"x": 100, "v": 50, "w": 150, "both": 100}
    state, _ = begin(program(made), Facts(inputs={}))
    for name in ("x", "v"):
        state, _ = step(state, Published(Instance(name), Record((Stored("out", name[0] * 64, sizes[name]),))))
    left = HashTrieMap({Loc("ram", "x" * 64): 100})
    state, commands = begin(program(made), Facts(inputs={}, records=state.records, content=left))
    again: list[str] = []
    while state.phase == "running":
        again += [command.instance.step for command in commands if isinstance(command, Start)]
        name = again[-1]
        state, commands = step(state, Published(Instance(name), Record((Stored("out", name[0] * 64, sizes[name]),))))
    assert again == ["w", "x", "v", "w", "both"] and state.stock.peak["ram"] == 200


@pytest.mark.parametrize("slots", [1, 2])
def test_whatever_is_lost_a_place_that_held_it_all_holds_it_again(slots: int) -> None:
    """Every choice of what is there and what is lost, one call at a time and two."""
    names = "abcdef"
    stages = [shell(name, name, [] if name in "ace" else ["x"]) for name in names]
    stages.append(shell("all", "all", ["x", "y", "z"]))
    made_of, after = {"b": "a", "d": "c", "f": "e"}, {"c": ("b",), "d": ("b",), "e": ("d",)}
    steps = []
    for name, stage in zip(names, stages, strict=False):
        args = {"x": made_of[name]} if name in made_of else {}
        steps.append(call(name, stage, args, size=100, slots=tuple(range(slots)), after=after.get(name, ())))
    steps.append(call("all", stages[-1], {"x": "b", "y": "d", "z": "f"}, "node", slots=(0,)))
    ends = [lifetime(one, [two]) for one, two in [("a", "b"), ("c", "d"), ("e", "f"), *((x, "all") for x in "bdf")]]
    made = plan(stages, steps, {"r": "all"}, lifetimes=ends, slots=slots, sizes={"ram": 400})
    keyed = _to_the_end(begin(program(made), Facts(inputs={})))[0]
    records = keyed.records.remove(next(key for key, each in keyed.records.items() if each.outputs[0].hash == "l" * 64))
    for lost in range(64):
        there = [name for at, name in enumerate(names) if not lost >> at & 1]
        content = HashTrieMap({Loc("ram", name * 64): 100 for name in there})
        state, starts = _to_the_end(begin(program(made), Facts(inputs={}, records=records, content=content)))
        assert state.failure is None and len(starts) < 20
        # five and more are over it from the start
        assert len(there) > 4 or state.stock.peak["ram"] <= 400, (there, starts)


def _to_the_end(at: tuple[State, tuple[Command, ...]]) -> tuple[State, list[str]]:
    """Answers what is started, the first first; the end, and what was started."""
    state, commands = at
    pending: list[str] = []
    starts: list[str] = []
    while state.phase == "running":
        pending += [command.instance.step for command in commands if isinstance(command, Start)]
        name = pending.pop(0)
        starts.append(name)
        assert len(starts) < 100, starts
        stored = Stored("out", name[-1] * 64, 100)
        state, commands = step(state, Published(Instance(name), Record((stored,))))
    return state, starts
