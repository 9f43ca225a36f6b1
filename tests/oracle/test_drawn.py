"""Random programs with each construct: what the checker accepts nothing breaks, what it refuses something does, or the
refusal says what it could not know. `python -m tests.oracle.run` does as many as there is time for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle.drawn.mixed import KINDS, SIGNS, constructs, program
from tests.oracle.judging import judge
from tests.types.programs import compiled

#: How many programs of each kind are looked at here.
PROGRAMS = 80

#: The rules that programs of one pod without streams and helpers can break.
RULES = ("S1", "S2", "S3", "S4", "S5", "L1", "L4", "L6", "R1", "R2", "R3", "R4", "F1", "F2", "F3")

#: Seeds at which the two did not agree once.
ONCE = {
    "groups": (408, 1461),
    "folds": (4, 9, 847, 1022, 1180),
    "cycles": (9, 31, 64, 314, 794, 1087),
    "owned": (589, 807),
    "released": (1644, 2636),
    "services": (2281,),
    "all": (21, 247, 2078, 12205),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_checker_and_the_oracle_agree(kind: str) -> None:
    counts: Counter[str] = Counter()
    for seed in (*range(PROGRAMS), *ONCE.get(kind, ())):
        verdict = judge(program(kind, seed))
        assert not verdict.wrong, f"{kind}, seed {seed}\n{program(kind, seed)}\n" + "\n".join(verdict.wrong)
        counts["skipped" if verdict.skipped else "refused" if verdict.codes else "accepted"] += 1
        counts["unsure"] += bool(verdict.unsure)
        counts["loose"] += not verdict.tight
    assert counts["accepted"] >= PROGRAMS / 8 and counts["refused"] >= PROGRAMS / 8, counts
    assert counts["skipped"] <= PROGRAMS / 4 and counts["unsure"] <= PROGRAMS / 10, counts
    assert counts["loose"] <= PROGRAMS / (10 if kind == "all" else 40), counts


def _said(text: str) -> set[str]:
    return {one.code for one in compiled(text).diagnostics}


def test_each_construct_is_drawn_where_it_is_accepted_and_where_it_is_refused() -> None:
    accepted, refused, codes = Counter[str](), Counter[str](), Counter[str]()
    for kind in KINDS:
        for seed in range(PROGRAMS):
            text = program(kind, seed)
            said = _said(text)
            (refused if said else accepted).update(constructs(text))
            codes.update(said)
    assert {name for name in SIGNS if accepted[name] < 4} == set(), accepted
    assert {name for name in SIGNS if refused[name] < 4} == set(), refused
    assert {code for code in RULES if codes[code] < 2} == set(), codes
