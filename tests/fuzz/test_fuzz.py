"""A few seconds of fuzzing; `python -m tests.fuzz.run --minutes 10` goes on for longer."""

from __future__ import annotations

from random import Random

import pytest

from podpipec.source import Source
from podpipec.syntax import parse
from tests.fuzz.drawn import drawn
from tests.fuzz.found import FOUND
from tests.fuzz.trying import LIMIT, SlowError, in_time, tried, what_holds

#: What begins a step of a flow, or says how it goes.
STEPS = ("after", "by", "carry", "consume", "cycle", "each", "fold", "if", "keep", "pin", "run", "up", "walk", "with")


@pytest.mark.parametrize("seed", range(4))
def test_no_text_breaks_the_compiler(seed: int) -> None:
    found = tried(seed, iter(range(500)))
    assert not found.broken, "\n\n".join(f"{one.what}\n{one.text}" for one in found.broken[:3])
    outcomes = {what.rpartition(": ")[2] for what in found.counts}
    assert outcomes == {"accepted", "refused", "no syntax"}, found.counts


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_what_was_found_stays_mended(text: str) -> None:
    assert what_holds(text) in ("refused", "no syntax")


def test_what_is_deep_is_not_slow() -> None:
    """Fifteen lists of unknown length in each other: what asks twice at each level asks thirty thousand times."""
    head = (
        'snapshot u: File { from "u" size 1MiB } pod p { slots 2 cpu 2 memory 2GiB ram 1GiB node 1TiB }\n'
        'stage one(a: File) -> out: File { run ["one", a, out] }\n'
        'stage split(a: File) -> parts: File[] { run ["split", a, parts] }\n'
    )
    items = ["t", *(f"i{depth}" for depth in range(15))]
    body = "".join(f"l{i} = split({items[i]}) each i{i} in l{i} {{ y{i} = one(i{i}) " for i in range(15))
    with in_time(LIMIT):
        assert what_holds(f"{head}flow main(t: u) on p {{ {body} z = one(y14) {'}' * 15} }}") == "accepted"


def test_what_is_drawn_is_mostly_a_program() -> None:
    texts = [drawn(Random(seed)) for seed in range(100)]  # noqa: S311 - chance that can be repeated
    assert sum(not parse(Source("x.flow", text)).diagnostics for text in texts) >= 80
    words = [set(text.split()) for text in texts]
    rare = {word: sum(word in one for one in words) for word in STEPS}
    assert min(rare.values()) >= 5, rare


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(SlowError), in_time(0.05):
        while True:
            pass


def test_the_laws_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fuzz import trying

    monkeypatch.setattr(trying, "CODES", frozenset())
    with pytest.raises(AssertionError, match="codes without a page"):
        what_holds("pod p { }")
