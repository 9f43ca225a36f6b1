"""The interpreter against random plans in a simulated world, compared with an oracle of its own."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.random_plans import Maker
from tests.runtime.simulator import World

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@given(SEEDS)
@QUICK
def test_any_schedule_gives_what_the_plan_means_and_runs_nothing_twice(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    world = World(Maker(random).make(), random)
    world.check_end(world.run())
    keys = len(world.starts)
    assert keys == len(set(world.starts))


@given(SEEDS)
@QUICK
def test_a_second_run_runs_nothing(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    world = World(Maker(random).make(), random)
    world.check_end(world.run())
    first = list(world.starts)
    world.check_end(world.run())
    assert world.starts == first


@given(SEEDS)
@QUICK
def test_crashes_lose_no_result_and_repeat_nothing_whose_data_is_there(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    world = World(Maker(random).make(), random, crash=0.1)
    world.check_end(world.run())


@given(SEEDS)
@QUICK
def test_the_loss_of_places_is_made_good(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    world = World(Maker(random).make(), random, crash=0.1, lose=("ram", "node"))
    world.check_end(world.run())


@given(SEEDS)
@QUICK
def test_the_same_seed_gives_the_same_run(seed: int) -> None:
    runs = []
    for _ in range(2):
        random = Random(seed)  # noqa: S311
        world = World(Maker(random).make(), random, crash=0.1, lose=("ram",))
        world.run()
        runs.append(world.starts)
    assert runs[0] == runs[1]
