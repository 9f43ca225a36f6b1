"""Whatever the checker accepts, no schedule and no fault can break; whatever it refuses, one can, or it says what it
could not know. On some hundred small programs, right and wrong, close to the edge."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.oracle.judging import judge
from tests.oracle.programs import program

PROGRAMS, CHUNK = 800, 200

#: Seeds of programs that each rule refuses, so that none is judged by its absence.
REFUSED = {"R2": 1, "F1": 19, "L1": 10, "L4": 16, "S1": 27, "S2": 115}


@pytest.mark.parametrize("chunk", range(PROGRAMS // CHUNK))
def test_the_checker_and_the_oracle_agree(chunk: int) -> None:
    counts: Counter[str] = Counter()
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        verdict = judge(program(seed))
        assert not verdict.wrong, f"seed {seed}\n{program(seed)}\n" + "\n".join(verdict.wrong)
        counts["skipped" if verdict.skipped else "refused" if verdict.codes else "accepted"] += 1
        counts["unsure"] += bool(verdict.unsure)
        counts["loose"] += not verdict.tight
    assert counts["accepted"] >= CHUNK / 4 and counts["refused"] >= CHUNK / 4, counts
    assert counts["skipped"] <= CHUNK / 10 and counts["unsure"] <= CHUNK / 50, counts
    assert counts["loose"] <= CHUNK / 50, counts


@pytest.mark.parametrize(("code", "seed"), REFUSED.items())
def test_every_rule_is_met(code: str, seed: int) -> None:
    verdict = judge(program(seed))
    assert code in verdict.codes and not verdict.wrong and not verdict.skipped


SPOTS = {
    "a list that is made of what is outside": r"each \w+ in \S+ \{\n(?: {4}.*\n)* {4}(x\d+|t\d)\n  \}",
    "an each in an each": r"\n    x\d+ = each ",
    "something kept in an each": r"\n    keep ",
    "something moved in an each": r"\n    x\d+ = move ",
    "one value given twice": r"two\((\w+), b: \1\)",
    "another name": r"\n  x\d+ = x\d+\n",
    "order without data": r" after ",
    "a pattern": r" over\(",
    "a flow that is called in an each": r"\n    x\d+ = (chain|both|on_node)\(",
    "a list of unknown length": r" split\(",
    "an each over what an each gave": r"(x\d+) = each (?:.*\n)*? .* in \1 \{",
    "two results": r"-> \(x\d+, x\d+\)",
    "a window before": r"\bt\d\[-1\]",
    "a list of windows": r"\bt\d(\[-\d\.\.0\]|\.windows)",
    "a slice with several readers": r"\((t0)\)(?:.*\n)*.*\(\1\)",
}


@pytest.mark.parametrize("spot", SPOTS)
def test_the_programs_go_where_mistakes_would_hide(spot: str) -> None:
    bodies = (program(seed).partition("flow main(")[2] for seed in range(400))
    assert sum(bool(re.search(SPOTS[spot], body)) for body in bodies) >= 4
