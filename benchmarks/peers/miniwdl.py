"""The graph as a WDL workflow, for `miniwdl check`."""

from __future__ import annotations

from benchmarks.graph import Graph, Step

_TASKS = """version 1.1
task first {
  command { touch out }
  output { File out = "out" }
  runtime { docker: "registry.example/step:1" }
}
task next {
  input { File prev }
  command { touch out }
  output { File out = "out" }
  runtime { docker: "registry.example/step:1" }
}
"""


def program(graph: Graph) -> str:
    """One call a step, in order by its data."""
    calls = "\n".join(_call(step) for step in graph.steps)
    last = graph.steps[-1].name
    return f"{_TASKS}workflow {graph.name} {{\n{calls}\n  output {{ File last = {last}.out }}\n}}\n"


def _call(step: Step) -> str:
    if not step.after:
        return f"  call first as {step.name}"
    data, *rest = step.after
    after = "".join(f" after {name}" for name in rest)
    return f"  call next as {step.name}{after} {{ input: prev = {data}.out }}"
