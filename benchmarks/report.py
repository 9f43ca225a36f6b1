"""The figures as Markdown: the bounds first, then a table for each section."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bounds import Bound
from benchmarks.trial import Figure


@dataclass(frozen=True)
class Row:
    """The figure `key` as a line of a table, beside the figure `beside`. `step`: seconds for one more step."""

    label: str
    key: str
    beside: str
    step: float | None = None


HEAD = """# Benchmarks

Made by `python3 benchmarks/run.py` on {machine}. Whole processes, start included, in a clean environment,
each trial in an empty home, so that nothing is remembered unless its row says so; medians of rounds in which every tool
took its turn. Read ratios rather than seconds, and none without the spread of its rows: where that is wider than the
distance from the bound, a yes or no is chance. A peak marked ≤ is no more than the harness's own, below which it can't
be seen. Peers: {peers}.
"""


def machine() -> str:
    """The machine, in one neutral line."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{os.cpu_count()} cores, {platform.system()}, {platform.python_implementation()} {version}"


def head(peers: Sequence[str]) -> str:
    return HEAD.format(machine=machine(), peers=", ".join(peers) or "none")


def bounds_table(bounds: Sequence[Bound]) -> str:
    """Every promise with its figure, and whether it is kept."""
    lines = ["## Bounds", "", "| promise | ratio | at most | kept |", "|---|---|---|---|"]
    for bound in bounds:
        shown = "not measured" if bound.figure is None else ("< " if bound.below else "") + digits(bound.figure)
        kept = {True: "yes", False: "**no**", None: "-"}[bound.holds]
        lines.append(f"| {bound.promise} | {shown} | {digits(bound.most)} | {kept} |")
    return "\n".join(lines) + "\n"


def section_table(title: str, note: str, rows: Sequence[Row], figures: Mapping[str, Figure], floor: int) -> str:
    """A section's rows. `floor`: bytes below which the peak of a process can't be told from the harness's own."""
    steps = any(row.step is not None for row in rows)
    titles = [
        "what",
        "wall s",
        "least to most",
        "CPU s",
        "peak MB",
        "beside",
        *(["one more step, ms"] if steps else []),
    ]
    lines = [f"## {title}", "", note, "", f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for row in rows:
        cells = _cells(row, figures, floor)
        if steps:
            cells.append("" if row.step is None else digits(row.step * 1000))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(row: Row, figures: Mapping[str, Figure], floor: int) -> list[str]:
    figure = figures[row.key]
    over = "> " if figure.stopped else ""
    beside = figures.get(row.beside)
    return [
        row.label,
        over + digits(figure.wall),
        f"{digits(figure.least)} to {digits(figure.most)}" if figure.samples > 1 else "once",
        over + digits(figure.cpu),
        ("≤ " if figure.rss <= floor else "") + f"{figure.rss / 1e6:.0f}",
        over + digits(figure.wall / beside.wall) if beside else "",
    ]


def digits(value: float) -> str:
    """Three significant digits, never as a power."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 10 else f"{value:.3g}"
