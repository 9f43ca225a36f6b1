"""No schedule brings a program of the examples, the rules' accepted ones or the pages of `explain` over what its plan
says, or to a read of what is not there."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import msgspec
import pytest

from podpipec.cli.reading import read
from podpipec.compiler import compile_program
from podpipec.graph.nodes import Crossing, walk
from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.executable import unexecutable
from podpipec_runtime.plan.order import within
from tests.oracle import planned
from tests.oracle.schedules import Slots, TooManyError, explore, explore_slots
from tests.oracle.worlds import CHOICES, WORLDS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for folder in ("examples", "tests/rules/accepted") for path in (ROOT / folder).rglob("*.flow"))

#: Parameters without a default.
GIVEN = {"params_and_consts": {"title": "a"}}


def _plans(path: Path) -> list[plan.Plan]:
    done = compile_program(str(path), read, GIVEN.get(path.stem, {}))
    assert done.ok, done.diagnostics
    found = []
    for graph in done.checked.graphs:
        if graph.across or any(isinstance(node, Crossing) for node, _ in walk(graph.nodes)):
            continue  # the oracle plays one pod
        whole = lower(graph)
        if not unexecutable(whole):  # nor does it play what the local engine does not
            found.append(whole)
    return found


def _smaller(whole: plan.Plan) -> plan.Plan:
    """With two shards, or two windows: what the plan says of all of them is then more than enough."""
    inputs = tuple(
        msgspec.structs.replace(given, shards=given.shards[:2], windows=_two(given.windows)) for given in whole.inputs
    )
    return msgspec.structs.replace(whole, inputs=inputs)


def _two(windows: plan.At | plan.Range | plan.Within) -> plan.At | plan.Range | plan.Within:
    match windows:
        case plan.Within(most=most):
            return plan.Within(most=min(most, 2))
        case plan.Range(first=first, last=last):
            return plan.Range(first=max(first, last - 1), last=last)
        case plan.At():
            return windows


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_schedule_breaks_it(path: Path) -> None:
    for whole in _plans(path):
        said = planned.peaks_of(whole)
        assert all(said[place.name] <= place.bytes for place in whole.pod.places)
        pod = Slots(whole.pod.cpu, whole.pod.memory, len(whole.pod.slots))
        choosing = any(isinstance(step, plan.If) for top in whole.steps for step in within(top))
        for world, choices in product(WORLDS[:3], CHOICES if choosing else CHOICES[:1]):
            world = world._replace(choices=choices)
            run = planned.run_of(_smaller(whole), world)
            found = explore(run, 30_000)
            assert not found.wrong
            assert all(size <= said[place] for place, size in found.peaks.items() if place != "remote")
            try:
                in_slots = explore_slots(run, pod, 2_000)
            except TooManyError:
                continue  # without slots there are more schedules, and all of those were seen
            assert not in_slots.wrong
