"""Over all schedules of the plans of programs that S4 accepts: what is consumed nobody else reads then or later."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpipec.plan import lower
from tests.oracle import planned
from tests.oracle.playing import played, smaller
from tests.oracle.schedules import explore
from tests.oracle.worlds import WORLDS
from tests.types.programs import compiled

PROGRAMS = sorted((Path(__file__).parents[1] / "rules" / "accepted").glob("S4_*.flow"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_nobody_reads_what_is_consumed(path: Path) -> None:
    consuming = 0
    for graph in compiled(path.read_text("utf-8")).checked.graphs:
        run = planned.run_of(smaller(lower(graph)), WORLDS[0])
        consuming += sum(bool(task.consumes) for task in run.tasks)
        assert not played(graph).wrong
    assert consuming


def test_the_oracle_sees_a_reader() -> None:
    (graph, *_) = compiled(PROGRAMS[-1].read_text("utf-8")).checked.graphs
    run = planned.run_of(lower(graph), WORLDS[0])
    task = next(one for one in run.tasks if one.consumes)
    late = task._replace(name="late", reads=task.consumes, consumes=())
    found = explore(run._replace(tasks=(*run.tasks, late))).wrong
    name = run.leaves[task.consumes[0]].name
    assert f"`late` may read `{name}`, which `{task.name}` consumes" in found
