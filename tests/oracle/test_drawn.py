"""Random programs with each construct: what the checker accepts nothing breaks, what it refuses something does, or the
refusal says what it could not know. `python -m tests.oracle.run` does as many as there is time for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle.drawn.mixed import KINDS, program
from tests.oracle.judging import judge

#: How many programs of each kind are looked at here.
PROGRAMS = 80


@pytest.mark.parametrize("kind", [*KINDS, "all"])
def test_the_checker_and_the_oracle_agree(kind: str) -> None:
    counts: Counter[str] = Counter()
    for seed in range(PROGRAMS):
        verdict = judge(program(kind, seed))
        assert not verdict.wrong, f"{kind}, seed {seed}\n{program(kind, seed)}\n" + "\n".join(verdict.wrong)
        counts["skipped" if verdict.skipped else "refused" if verdict.codes else "accepted"] += 1
        counts["loose"] += not verdict.tight
    assert counts["accepted"] >= PROGRAMS / 8 and counts["refused"] >= PROGRAMS / 8, counts
    assert counts["skipped"] <= PROGRAMS / 3 and counts["loose"] <= PROGRAMS / 20, counts
