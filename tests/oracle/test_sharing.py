"""Over all schedules of the plans of programs that S4 accepts: what is consumed nobody else reads then or later."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from tests.oracle import planned
from tests.oracle.model import Run, bits
from tests.oracle.planned import Path as Elements
from tests.oracle.schedules import finished_sets
from tests.oracle.worlds import WORLDS
from tests.types.programs import compiled

PROGRAMS = sorted((Path(__file__).parents[1] / "rules" / "accepted").glob("S4_*.flow"))


class _Unroller(planned._Unroller):
    """Notes which task consumes which leaves."""

    def run(self) -> Run:
        self.consumed: list[tuple[int, int]] = []
        return super().run()

    def _call(self, step: plan.Call, path: Elements, scope: planned.Scope, part: planned.Fraction) -> None:
        super()._call(step, path, scope, part)
        task = self.done[step.id, path].bit_length() - 1
        self.consumed += [(task, leaf) for name in step.consumes for leaf in self._ref(step.args[name], path).leaves]


def _wrong(run: Run, consumed: list[tuple[int, int]]) -> list[str]:
    found = []
    for moment in finished_sets(run, 20_000):
        for task, leaf in consumed:
            if not (moment.finished | moment.running) >> task & 1:
                continue
            for other in bits(run.whole & ~moment.finished & ~(1 << task)):
                if leaf in run.tasks[other].reads:
                    found.append(f"{run.tasks[other].name} reads {run.leaves[leaf].name} beside {run.tasks[task].name}")
    return found


def _plans(path: Path) -> list[plan.Plan]:
    graphs = compiled(path.read_text("utf-8")).checked.graphs
    return [lower(graph) for graph in graphs if not graph.across]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_nobody_reads_what_is_consumed(path: Path) -> None:
    seen = 0
    for whole in _plans(path):
        if any(port.content.endswith("[]") for stage in whole.stages for port in stage.outputs):
            continue  # elements of one folder are one leaf here
        unroller = _Unroller(whole, WORLDS[0], ())
        run = unroller.run()
        seen += len(unroller.consumed)
        assert _wrong(run, unroller.consumed) == []
    assert seen


def test_the_oracle_sees_a_reader() -> None:
    (first, *_) = _plans(PROGRAMS[-1])
    unroller = _Unroller(first, WORLDS[0], ())
    run = unroller.run()
    task, leaf = unroller.consumed[0]
    late = run.tasks[task]._replace(name="late", reads=(leaf,))
    assert _wrong(run._replace(tasks=(*run.tasks, late)), [(task, leaf)])
