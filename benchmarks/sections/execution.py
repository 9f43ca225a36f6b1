"""What a step costs when a flow runs, and what it costs to find that there is nothing to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import Literal

from benchmarks.bounds import Bound, ratio
from benchmarks.environments import Environments
from benchmarks.graph import Graph, Work, chain, fan
from benchmarks.peers import doit, make, ninja, podpipec
from benchmarks.report import Row
from benchmarks.sections import Section
from benchmarks.trial import Check, Command, Figure, Trial, every, leaves, prints, repeats

Shape = Literal["chain", "fan"]
SIZES = (20, 200)
KINDS: tuple[tuple[Shape, Work], ...] = (
    ("chain", "true"),
    ("fan", "true"),
    ("chain", "touch"),
    ("fan", "touch"),
    ("chain", "write"),
)
TOOLS = ("podpipec", "ninja", "make", "doit")
EACH = "podpipec with `each`"
AGAIN = ", again"
ANEW = ", again, compiled anew"

#: Steps at once, for every tool alike.
JOBS = os.cpu_count() or 1


def key(tool: str, shape: Shape, work: Work, size: int) -> str:
    return f"{tool}, {shape} of {size}, {work}"


def trials(environments: Environments, quick: bool) -> list[Trial]:
    """Each tool on each graph; the short graphs are there so that the start can be told from the steps."""
    found = []
    for shape, work in KINDS:
        for size in SIZES:
            graph = chain(size) if shape == "chain" else fan(size)
            found.append(_podpipec(environments, graph, shape, work, size))
            if shape == "fan":
                found.append(_each(environments, work, size))
            found.append(_ninja(environments, graph, shape, work, size))
            if shutil.which("make"):
                found.append(_make(graph, shape, work, size))
            found.append(_doit(environments, graph, shape, work, size))
    return found


def _podpipec(environments: Environments, graph: Graph, shape: Shape, work: Work, size: int) -> Trial:
    text = podpipec.program(graph, work, slots=JOBS)
    return _flow(environments, text, key("podpipec", shape, work, size), len(graph))


def _each(environments: Environments, work: Work, size: int) -> Trial:
    return _flow(environments, podpipec.each(size, work, slots=JOBS), key(EACH, "fan", work, size), len(fan(size)))


def _flow(environments: Environments, text: str, name: str, steps: int) -> Trial:
    argv = (environments.program("podpipec", "podpipec"), "run", "program.flow")
    return Trial(
        {"program.flow": text},
        (
            Command(name, argv, prints(f"finished  {steps} ran, 0 known already")),
            Command(name + AGAIN, argv, prints(f"finished  0 ran, {steps} known already")),
            Command(name + ANEW, argv, prints(f"finished  0 ran, {steps} known already"), {"PODPIPEC_CACHE": "off"}),
        ),
    )


def _ninja(environments: Environments, graph: Graph, shape: Shape, work: Work, size: int) -> Trial:
    name, argv = key("ninja", shape, work, size), (environments.program("ninja", "ninja"), f"-j{JOBS}")
    first = Command(name, argv, _done(prints(f"[{len(graph)}/{len(graph)}]"), graph, work))
    again = Command(name + AGAIN, argv, prints("no work to do"))
    return Trial({"build.ninja": ninja.program(graph, work)}, (first,) if work == "true" else (first, again))


def _make(graph: Graph, shape: Shape, work: Work, size: int) -> Trial:
    name, argv = key("make", shape, work, size), (shutil.which("make") or "make", f"-j{JOBS}")
    printed = repeats("true", len(graph)) if work == "true" else prints(f"out/{graph.steps[0].name}")
    first = Command(name, argv, _done(printed, graph, work))
    again = Command(name + AGAIN, argv, prints("Nothing to be done"))
    files = {"Makefile": make.program(graph, work), "out/.keep": ""}
    return Trial(files, (first,) if work == "true" else (first, again))


def _doit(environments: Environments, graph: Graph, shape: Shape, work: Work, size: int) -> Trial:
    """Chains without worker processes, which would only cost doit time."""
    name, last = key("doit", shape, work, size), graph.steps[-1].name
    argv = (environments.program("doit", "doit"), *(("-n", str(JOBS)) if shape == "fan" else ()))
    first = Command(name, argv, _done(prints(f".  step:{last}"), graph, work))
    again = Command(name + AGAIN, argv, every(prints(f"-- step:{last}"), repeats(f".  step:{last}", 0)))
    return Trial({"dodo.py": doit.program(graph, work)}, (first, again))


def _done(printed: Check, graph: Graph, work: Work) -> Check:
    """The check that all was run, and that every file is there if there are to be some."""
    if work == "true":
        return printed
    bytes_ = 1 if work == "write" else 0
    return every(printed, *(leaves(f"out/{step.name}", bytes_) for step in graph.steps))


def per_step(figures: Mapping[str, Figure], tool: str, shape: Shape, work: Work) -> float | None:
    """Seconds that one more step costs: the long graph less the short one."""
    short, long = (figures.get(key(tool, shape, work, size)) for size in SIZES)
    return (long.wall - short.wall) / (SIZES[1] - SIZES[0]) if short and long else None


def bounds(figures: Mapping[str, Figure]) -> list[Bound]:
    return [*_steps(figures), *_nothing(figures)]


def _steps(figures: Mapping[str, Figure]) -> list[Bound]:
    found = []
    fans = ((EACH, *kind) for kind in KINDS if kind[0] == "fan")
    for tool, shape, work in (*(("podpipec", *kind) for kind in KINDS), *fans):
        ours, theirs = per_step(figures, tool, shape, work), per_step(figures, "ninja", shape, work)
        figure = ours / theirs if ours and theirs else None
        found.append(Bound(f"one more step of a {shape} of `{work}`: {tool} against ninja", figure, 1))
        ours_whole, theirs_whole = (figures.get(key(each, shape, work, SIZES[1])) for each in (tool, "ninja"))
        figure = ours_whole.wall / theirs_whole.wall if ours_whole and theirs_whole else None
        found.append(Bound(f"the whole {shape} of 200 `{work}`, start included: {tool} against ninja", figure, 1))
    return found


def _nothing(figures: Mapping[str, Figure]) -> list[Bound]:
    """Both with the plan remembered, as users have it, and with the plan made anew."""
    found = []
    for shape, work in KINDS:
        theirs = key("doit", shape, work, SIZES[1]) + AGAIN
        for suffix, how in ((AGAIN, "plan from the cache"), (ANEW, "plan compiled anew")):
            ours = key("podpipec", shape, work, SIZES[1]) + suffix
            promise = f"nothing to do, {shape} of 200 `{work}`: podpipec, {how}, against doit"
            found.append(ratio(promise, figures, ours, theirs, 1))
    return found


def rows(figures: Mapping[str, Figure]) -> list[Row]:
    """Each beside podpipec doing the same."""
    found = []
    for shape, work in KINDS:
        for again in ("", AGAIN, ANEW):
            for tool in (TOOLS[0], EACH, *TOOLS[1:]):
                name = key(tool, shape, work, SIZES[1]) + again
                step = None if again else per_step(figures, tool, shape, work)
                found.append(Row(name, name, key("podpipec", shape, work, SIZES[1]) + again, step))
    return [row for row in found if row.key in figures]


SECTION = Section(
    "run",
    "Run",
    "Beside: podpipec doing the same. One more step: what the long graph takes more than one of 20, a step. "
    f"Every tool runs {JOBS} steps at once. `again`: a second run, with nothing to do, which "
    "takes the plan from podpipec's cache; `compiled anew`: the same with that cache off.",
    ("ninja", "doit"),
    1,
    trials,
    bounds,
    rows,
)
