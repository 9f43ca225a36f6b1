"""Random programs of the constructs that only a plan has: no schedule and no fault breaks what is accepted."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.oracle.growing import program
from tests.oracle.playing import played
from tests.oracle.schedules import TooManyError
from tests.types.programs import compiled

PROGRAMS, CHUNK = 80, 40


@pytest.mark.parametrize("chunk", range(PROGRAMS // CHUNK))
def test_nothing_breaks_what_is_accepted(chunk: int) -> None:
    counts: Counter[str] = Counter()
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        done = compiled(program(seed))
        if not done.ok:
            codes = {one.code for one in done.diagnostics}
            assert codes <= {"R1", "R2", "F3", "S4", "L4", "T013"}, (seed, codes)
            counts["refused"] += 1
            continue
        (graph,) = done.checked.graphs
        try:
            found = played(graph, nodes=3, most=300)
        except TooManyError:
            counts["large"] += 1
            continue
        assert not found.wrong, f"seed {seed}\n{program(seed)}\n" + "\n".join(found.wrong)
        counts["accepted"] += 1
    assert counts["accepted"] >= CHUNK / 2, counts


SPOTS = {
    "a helper in a tree": r"walk (?:.*\n)*?    v\d+ = with ",
    "a stream in a graph": r"depends_on(?:.*\n)*?    v\d+ = pour",
    "a pin in a node": r"(?:walk|depends_on).*\n(?: {4}.*\n)*? {4}v\d+ = pin ",
    "a copy that goes in a node": r"(?:walk|depends_on).*\n(?: {4}.*\n)*? {4}keep .* until ",
    "a choice in a node": r"(?:walk|depends_on).*\n(?: {4}.*\n)*? {4}v\d+ = if ",
    "an each of what came up": r"each v\d+ in children",
    "a flow that is run in a node": r"(?:walk|depends_on).*\n(?: {4}.*\n)*? {4}v\d+: Csv = run v",
    "what is consumed": r"sort\(consume",
    "something after a walk": r"walk (?:.*\n)*?  \}\n  v\d+ = ",
}


@pytest.mark.parametrize("spot", SPOTS)
def test_the_programs_go_where_mistakes_would_hide(spot: str) -> None:
    bodies = (program(seed).partition("flow main(")[2] for seed in range(400))
    assert sum(bool(re.search(SPOTS[spot], body)) for body in bodies) >= 4
