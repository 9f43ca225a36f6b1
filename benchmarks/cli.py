"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bounds import Bound
from benchmarks.environments import PEERS, Environments
from benchmarks.process import WentWrongError
from benchmarks.report import bounds_table, head, section_table
from benchmarks.sections import Section, compilation, execution, start
from benchmarks.trial import Figures, take

SECTIONS: tuple[Section, ...] = (start.SECTION, compilation.SECTION, execution.SECTION)
HOUSE = Path(__file__).resolve().parent.parent


def main(words: Sequence[str]) -> int:
    """Measures and reports. Exit status 0, or 1 when a command went wrong: then there are no results."""
    asked = _parser().parse_args(words)
    sections = [section for section in SECTIONS if section.name in (asked.only or [each.name for each in SECTIONS])]
    try:
        report = _report(sections, 1 if asked.quick else asked.rounds, asked.quick, asked.source)
    except WentWrongError as problem:
        sys.stderr.write(f"benchmarks: {problem}\n")
        return 1
    sys.stdout.write(report)
    if not asked.only and not asked.quick:
        (HOUSE / "benchmarks" / "results.md").write_text(report, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks/run.py",
        description="Measure podpipec beside its peers. A whole run, without --only and --quick, writes results.md.",
    )
    names = [section.name for section in SECTIONS]
    parser.add_argument("--only", action="append", choices=names, help="measure this section; may be repeated")
    parser.add_argument("--rounds", type=_positive, default=5, help="how often everything is measured (default 5)")
    parser.add_argument("--quick", action="store_true", help="one round, without what takes longest")
    parser.add_argument("--source", type=Path, default=HOUSE, help="the checkout to measure (default: this one)")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of rounds")
    return int(text)


def _report(sections: Sequence[Section], rounds: int, quick: bool, source: Path) -> str:
    """Everything is installed first, so that no installation runs beside a measurement."""
    root = HOUSE / ".benchmarks"
    environments = Environments(root / "environments")
    peers = [peer for section in sections for peer in section.peers]
    for peer in peers:
        _told(f"environment of {peer}")
        environments.peer(peer)
    _told("environment of podpipec")
    environments.project(source)
    tables: list[str] = []
    bounds: list[Bound] = []
    for section in sections:
        figures = _figures(section, environments, rounds, quick, root)
        bounds += section.bounds(figures)
        tables.append(section_table(section.title, section.note, section.rows(figures), figures, _floor()))
    pins = [pin for peer in peers for pin in PEERS[peer]]
    return "\n".join((head(pins), bounds_table(bounds), *tables))


def _figures(section: Section, environments: Environments, rounds: int, quick: bool, root: Path) -> Figures:
    _told(f"section {section.name}")
    return take(section.trials(environments, quick), rounds * section.times, root / "work", _told)


def _floor() -> int:
    """A child's peak starts with what its parent had when it was made, so less than this can't be seen."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _told(text: str) -> None:
    sys.stderr.write(text + "\n")
