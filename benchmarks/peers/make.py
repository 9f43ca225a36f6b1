"""The graph as a Makefile."""

from __future__ import annotations

from benchmarks.graph import Graph, Step, Work

COMMANDS: dict[Work, str] = {"true": "true", "touch": "touch $@", "write": "echo $@ > $@"}


def program(graph: Graph, work: Work) -> str:
    """One rule a step; its targets lie in `out/`, which must be there. With `true` no target ever appears."""
    rules = "\n".join(_rule(step, COMMANDS[work]) for step in graph.steps)
    return f"all: out/{graph.steps[-1].name}\n{rules}\n"


def _rule(step: Step, command: str) -> str:
    return f"out/{step.name}: {' '.join(f'out/{name}' for name in step.after)}\n\t{command}"
