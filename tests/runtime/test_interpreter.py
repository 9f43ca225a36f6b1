# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""The interpreter against random plans in a simulated world, compared with an oracle of its own."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podpipec_runtime.plan.types import Plan
from tests.runtime.random_plans import Maker
from tests.runtime.simulator import World

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@given(SEEDS)
@QUICK
def test_any_schedule_gives_what_the_plan_means_and_runs_nothing_twice(seed: int) -> None:
    random = Random(seed)
    world = World(Maker(random).make(), random)
    world.check_end(world.run())
    keys = len(world.starts)
    assert keys == len(set(world.starts))


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
@QUICK
def test_one_at_a_time_never_needs_more_room_than_the_first_run_did(seed: int) -> None:
    """`ram` just as large as a run without crashes needs is enough after any crash and loss as well.

    (On `node` what is kept may lie earlier than the plan had it; it stays.)
    """
    random = Random(seed)
    plan = Maker(random, one_at_a_time=True).make()
    first = World(plan, random)
    first.check_end(first.run())
    sizes = {place: first.most.get(place, 0) for place in ("ram", "node", "volume")}
    world = World(with_sizes(plan, sizes), random, crash=0.1, lose=("ram",), capacity={"ram": sizes["ram"]})
    world.check_end(world.run())


@given(SEEDS)
@QUICK
def test_failed_attempts_and_failures_lose_nothing(seed: int) -> None:
    random = Random(seed)
    world = World(Maker(random).make(), random, crash=0.05, fail=0.1)
    for _ in range(1000):
        state = world.run()
        if world.end == "done":
            break
        assert state.failure is not None and state.failure.kind == "stage"
        assert not world.running
    world.check_end(state)


@given(SEEDS)
@QUICK
def test_other_bytes_are_never_mixed_with_old_ones(seed: int) -> None:
    """A stage changes its mind between two lives. The end is that of a plan run with the new bytes alone,
    or with the old ones where nothing had to be made again."""
    random = Random(seed)
    plan = Maker(random).make()
    world = World(plan, random)
    world.run()
    lost = [place for place in ("ram", "node", "volume") if random.random() < 0.7]
    world.content = {loc: size for loc, size in world.content.items() if loc.place not in lost}
    world.kept = {loc for loc in world.kept if loc.place not in lost}
    world.forget(random)
    world.turns = {random.choice(plan.stages).name: 1} if plan.stages else {}
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


def with_sizes(plan: Plan, sizes: dict[str, int]) -> Plan:
    places = tuple(replace(place, bytes=sizes[place.name]) for place in plan.pod.places)
    return replace(plan, pod=replace(plan.pod, places=places))
