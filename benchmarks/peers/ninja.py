"""The graph as a `build.ninja`."""

from __future__ import annotations

from benchmarks.graph import Graph, Step, Work

COMMANDS: dict[Work, str] = {"true": "true", "touch": "touch $out", "write": "echo $out > $out"}


def program(graph: Graph, work: Work) -> str:
    """One edge a step; its outputs lie in `out/`. With `true` no output ever appears."""
    edges = "\n".join(_edge(step) for step in graph.steps)
    return f"rule step\n  command = {COMMANDS[work]}\n{edges}\ndefault out/{graph.steps[-1].name}\n"


def _edge(step: Step) -> str:
    return " ".join((f"build out/{step.name}: step", *(f"out/{name}" for name in step.after)))
