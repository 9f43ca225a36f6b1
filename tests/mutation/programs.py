"""The examples, each with its files, and what becomes of one of their programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from podpipec.cli.reading import read
from podpipec.compiler import Compiled, compile_program
from podpipec.names.loading import Unreadable
from podpipec.plan import plan_of
from podpipec.source import Source
from podpipec.syntax import parse
from podpipec_runtime.plan.codec import encode
from tests.mutation import (
    calls,
    choices,
    crossing,
    loops,
    places,
    said,
    sharing,
    signs,
    sizes,
    snapshots_and_commands,
)
from tests.mutation.mutations import TABLE, Mutation, Program, applied
from tests.oracle.playing import played

ROOT = Path(__file__).resolve().parents[2]
GIVEN: Mapping[str, Mapping[str, str]] = {"params_and_consts": {"title": "a"}}


#: Each fills the table with its mutations when it is loaded.
TABLES = (places, sizes, calls, snapshots_and_commands, signs, sharing, loops, choices, said, crossing)


class Outcome(NamedTuple):
    """What became of a mutant: the codes of what is wrong with it, or why it does no harm; and its text."""

    codes: tuple[str, ...]
    harmless: str
    text: str


#: Files without a flow of their own, and the program that uses them.
USED = {"slices.flow": "flights.flow", "text.flow": "../use.flow"}


def examples() -> list[Path]:
    """Every file of the examples."""
    return sorted((ROOT / "examples").rglob("*.flow"))


def compiled(path: Path, text: str) -> Compiled:
    """The program that a file belongs to, with this text for the file."""
    entry = (path.parent / USED.get(path.name, path.name)).resolve()

    def given(name: str) -> bytes | Unreadable:
        return text.encode() if Path(name).resolve() == path else read(name)

    return compile_program(str(entry), given, dict(GIVEN.get(entry.stem, {})))


def mutants(path: Path) -> Iterator[tuple[Mutation, str | None]]:
    """Each mutation of an example, at one place of those where it could be; nothing where there is none."""
    text = path.read_text("utf-8")
    program = Program(text, parse(Source(path.name, text)).module)
    for mutation in TABLE:
        places = list(mutation.places(program))
        chance = Random(f"{path.stem} {mutation.name}")  # noqa: S311 - chance that can be repeated
        yield mutation, applied(text, chance.choice(places)) if places else None


def outcome(path: Path, text: str) -> Outcome:
    """What the compiler says of a mutant; of one that it accepts, what the plans and their schedules say."""
    done = compiled(path, text)
    codes = tuple(dict.fromkeys(one.code for one in done.diagnostics if one.severity == "error"))
    if codes:
        return Outcome(codes, "", text)
    return Outcome((), _harmless(done, compiled(path, path.read_text("utf-8"))), text)


def _harmless(mutant: Compiled, original: Compiled) -> str:
    texts = [[encode(plan_of(graph)) for graph in one.checked.graphs] for one in (mutant, original)]
    if texts[0] == texts[1]:
        return "same plan"
    return "" if any(played(graph).wrong for graph in mutant.checked.graphs) else "no schedule breaks it"
