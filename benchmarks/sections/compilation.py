"""How fast programs are checked and compiled, process start included."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.bounds import Bound, ratio
from benchmarks.environments import Environments
from benchmarks.graph import Graph, chain, fan
from benchmarks.peers import hera, kfp, miniwdl, podpipec
from benchmarks.report import Row
from benchmarks.sections import Section
from benchmarks.trial import Command, Figure, Trial, leaves, prints

SIZES = (200, 2_000, 20_000)
#: What is checked beside, to see how the time grows.
GROWTH = (1_000, 10_000)
PEERS = ("miniwdl check", "Hera to YAML", "KFP to YAML")

#: How far from ten times the time ten times the stages may be, and still be called linear.
LINEAR = 1.2


def key(tool: str, graph: str, stages: int) -> str:
    return f"{tool}, {graph} of {stages:,}"


def trials(environments: Environments, quick: bool) -> list[Trial]:
    """`quick` leaves out KFP at 2,000 stages, which alone takes longer than all the rest."""
    found: list[Trial] = []
    for stages in SIZES:
        found += _podpipec(environments, chain(stages), stages)
    found += _podpipec(environments, fan(2_000), 2_000)
    for stages in GROWTH:
        found += [_podpipec(environments, graph, stages)[0] for graph in (chain(stages), fan(stages))]
    for stages in SIZES[:2]:
        found += [_miniwdl(environments, stages), _hera(environments, stages)]
        if stages == 200 or not quick:
            found.append(_kfp(environments, stages))
    return found


def _podpipec(environments: Environments, graph: Graph, stages: int) -> list[Trial]:
    """Check and build each in a trial of its own, so that neither can use what the other left in the cache."""
    program = environments.program("podpipec", "podpipec")
    check = (program, "check", "program.flow")
    build = (program, "build", "program.flow", "-o", "out")
    files = {"program.flow": podpipec.program(graph, "touch", slots=2, image=True)}
    checked, built = prints("program.flow: ok"), leaves(f"out/{graph.name}.yaml", 10_000)
    return [
        Trial(files, (Command(key("podpipec check", graph.name, stages), check, checked),)),
        Trial(files, (Command(key("podpipec build", graph.name, stages), build, built),)),
    ]


def _miniwdl(environments: Environments, stages: int) -> Trial:
    argv = (environments.program("miniwdl", "miniwdl"), "check", "--no-quant-check", "program.wdl")
    command = Command(key("miniwdl check", "chain", stages), argv, prints(f"x{stages - 1}"))
    return Trial({"program.wdl": miniwdl.program(chain(stages))}, (command,))


def _hera(environments: Environments, stages: int) -> Trial:
    argv = (environments.program("hera", "python"), "program.py")
    command = Command(key("Hera to YAML", "chain", stages), argv, leaves("chain.yaml", stages * 20))
    return Trial({"program.py": hera.program(chain(stages))}, (command,))


def _kfp(environments: Environments, stages: int) -> Trial:
    argv = (environments.program("kfp", "python"), "program.py")
    command = Command(key("KFP to YAML", "chain", stages), argv, leaves("chain.yaml", stages * 20))
    if stages == 200:
        return Trial({"program.py": kfp.program(chain(stages))}, (command,))
    return Trial({"program.py": kfp.program(chain(stages))}, (command,), rounds=1, limit=180)


def bounds(figures: Mapping[str, Figure]) -> list[Bound]:
    found = []
    for stages, mosts in ((200, (1 / 2, 1 / 3, 1 / 3)), (2_000, (1, 1, 1))):
        for peer, most in zip(PEERS, mosts, strict=True):
            ours = "podpipec check" if peer.endswith("check") else "podpipec build"
            promise = f"{stages:,} stages: `{ours}` against {peer}"
            found.append(ratio(promise, figures, key(ours, "chain", stages), key(peer, "chain", stages), most))
    for ours in ("podpipec check", "podpipec build"):
        small, large = (figures.get(key(ours, "chain", stages)) for stages in SIZES[1:])
        grown = large.wall / small.wall if small and large else None
        found.append(
            Bound(f"`{ours}` is linear: 20,000 stages, one behind the other, against 2,000", grown, 10 * LINEAR)
        )
    for graph, how in (("chain", "one behind the other"), ("fan", "side by side")):
        few, many = (key("podpipec check", graph, stages) for stages in GROWTH)
        found.append(ratio(f"`podpipec check` is linear: 10,000 stages, {how}, against 1,000", figures, many, few, 12))
    return found


def rows(figures: Mapping[str, Figure]) -> list[Row]:
    """Each beside the `podpipec` command that does the like."""
    found = []
    for stages in SIZES:
        for tool in ("podpipec check", "podpipec build", *PEERS):
            ours = "podpipec check" if tool.endswith("check") else "podpipec build"
            found.append(Row(key(tool, "chain", stages), key(tool, "chain", stages), key(ours, "chain", stages)))
    for graph in ("chain", "fan"):
        few, many = (key("podpipec check", graph, stages) for stages in GROWTH)
        found += [Row(few, few, few), Row(many, many, few)]
    for tool in ("podpipec check", "podpipec build"):
        found.append(Row(key(tool, "fan", 2_000), key(tool, "fan", 2_000), key(tool, "chain", 2_000)))
    return [row for row in found if row.key in figures]


SECTION = Section(
    "compile",
    "Compile",
    "Beside: `podpipec check` for a check, `podpipec build` for what writes manifests; the fan beside the chain.",
    ("miniwdl", "hera", "kfp"),
    1,
    trials,
    bounds,
    rows,
)
