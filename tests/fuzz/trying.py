"""What must hold of every text, however broken: no exception, an end in time, known codes, and the formatter's laws."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from podpipec.compiler import compile_program
from podpipec.diagnostics.terminal import render
from podpipec.format import formatted
from podpipec.names.loading import Unreadable
from podpipec.plan import plan_of
from podpipec.source import Source
from podpipec.syntax import parse
from podpipec_runtime.plan.codec import decode_any, encode
from tests.fuzz.drawn import drawn
from tests.fuzz.mutated import corpus_texts, meant, mutated
from tests.oracle.drawn import mixed
from tests.oracle.programs import program
from tests.plan.plannable import plannable
from tests.syntax.nodes import shape

ROOT = Path(__file__).resolve().parents[2]
CODES = frozenset(path.stem for path in (ROOT / "podpipec" / "explain").glob("*.md"))
#: Seconds of processor time for one program, so that a busy machine is no finding. Flows that multiply to 200,000 steps
#: take four of them.
LIMIT = 20.0


class SlowError(Exception):
    """A program took too long."""


class Broken(NamedTuple):
    """A text, and what it did."""

    text: str
    what: str


class Tried(NamedTuple):
    """How many texts of each kind were tried, what became of them, and what went wrong."""

    counts: Counter[str]
    broken: list[Broken]


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Raise SlowError in what takes longer, counted as time of the processor. Only in the main thread."""

    def late(_signal: int, _frame: object) -> None:
        raise SlowError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _alone(text: str) -> dict[str, bytes]:
    return {"main.flow": text.encode("utf-8", "surrogatepass")}


def what_holds(text: str) -> str:
    """Compile, print, plan and lay out; what became of the text. Raises whatever must not be raised."""
    files = _alone(text)
    done = compile_program("main.flow", lambda path: files.get(path, Unreadable("there is no such file")), {})
    strange = {one.code for one in done.diagnostics} - CODES
    assert not strange, f"codes without a page: {strange}"
    assert "Traceback" not in render(done.diagnostics, done.sources)
    if done.ok:
        for graph in done.checked.graphs:
            if plannable(graph):
                assert decode_any(encode(plan_of(graph))) == plan_of(graph)
    _format(text)
    return "accepted" if done.ok else "refused" if not parse(Source("main.flow", text)).diagnostics else "no syntax"


def _format(text: str) -> None:
    source = Source("main.flow", text)
    once = formatted(source)
    if once.diagnostics:
        assert once.text == text, "a broken program is left as it is"
        return
    again = formatted(Source("main.flow", once.text))
    assert again.text == once.text, "laid out twice is not laid out once"
    before, after = (parse(one).module for one in (source, Source("main.flow", once.text)))
    assert shape(before.declarations) == shape(after.declarations), "the layout says something else"


def one(random: Random, texts: list[str]) -> tuple[str, str]:
    """A kind and a text of it."""
    match random.randrange(10):
        case 0 | 1 | 2:
            return "drawn from the grammar", drawn(random, random.choice((10, 40, 120)))
        case 3:
            return "a flow near the edge, changed", meant(random, program(random.randrange(10**6)))
        case 4:
            made = mixed.program(random.choice(tuple(mixed.KINDS)), random.randrange(10**6))
            return "a flow of all constructs, changed", meant(random, made)
        case 5:
            return "a program of the repository, changed", meant(random, random.choice(texts))
    return "a program of the repository, broken", mutated(random, texts)


def tried(seed: int, many: Iterator[object]) -> Tried:
    """Try one text for each of `many`."""
    counts: Counter[str] = Counter()
    broken: list[Broken] = []
    texts = corpus_texts()
    for number, _ in enumerate(many):
        random = Random(f"{seed} {number}")  # noqa: S311 - chance that can be repeated
        kind, text = one(random, texts)
        try:
            with in_time(LIMIT):
                counts[f"{kind}: {what_holds(text)}"] += 1
        except SlowError:
            broken.append(Broken(text, f"took more than {LIMIT:g} seconds of the processor"))
        except Exception as error:
            broken.append(Broken(text, f"{type(error).__name__}: {error}"))
    return Tried(counts, broken)
