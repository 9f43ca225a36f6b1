"""Graphs of programs, for tests."""

from __future__ import annotations

from podpipec.compiler import compile_program
from podpipec.graph.nodes import Graph
from podpipec.names.loading import Unreadable


def graph_of(text: str) -> Graph:
    """The graph of a program's only flow that can be started. The program must be right."""
    sources = {"p.flow": text.encode()}
    done = compile_program("p.flow", lambda path: sources.get(path, Unreadable("not there")), {})
    assert done.ok, done.diagnostics
    (graph,) = done.checked.graphs
    return graph
