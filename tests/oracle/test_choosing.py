"""Programs with choices and fallbacks: what the checker accepts, no branch, no schedule and no fault breaks."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.oracle.choosing import program
from tests.oracle.judging import judge

PROGRAMS, CHUNK = 240, 80


@pytest.mark.parametrize("chunk", range(PROGRAMS // CHUNK))
def test_nothing_breaks_what_is_accepted(chunk: int) -> None:
    """What is refused may be right in each branch by itself: rules look at both, and at what comes of either."""
    counts: Counter[str] = Counter()
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        text = program(seed)
        if not re.search(r" (if|else) ", text):
            continue
        verdict = judge(text)
        accepted = not verdict.codes and not verdict.skipped
        assert not (accepted and verdict.wrong), f"seed {seed}\n{text}\n" + "\n".join(verdict.wrong)
        counts["accepted" if accepted else "skipped" if verdict.skipped else "refused"] += 1
    assert counts["accepted"] >= 10 and counts["refused"] >= 10, counts


SPOTS = {
    "a choice in an each": r"\n    x\d+ = if ",
    "a choice in a branch": r"\{\n(?: {4}.*\n)* {4}x\d+ = if ",
    "what is from outside handed on": r"if x\d+ > 3 \{\n    x\d+\n",
    "something kept in a branch": r"if (?:.*\n)*?    keep ",
    "a fallback": r" else two\(",
    "an each in a branch": r" if .*\n(?: {4}.*\n)* {4}x\d+ = each",
}


@pytest.mark.parametrize("spot", SPOTS)
def test_the_programs_go_where_mistakes_would_hide(spot: str) -> None:
    bodies = (program(seed).partition("flow main(")[2] for seed in range(PROGRAMS))
    assert sum(bool(re.search(SPOTS[spot], body)) for body in bodies) >= 3
