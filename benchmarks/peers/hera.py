"""The graph as a Hera program that writes a workflow's YAML."""

from __future__ import annotations

from benchmarks.graph import Graph

_PROGRAM = """from hera.workflows import DAG, Container, Task, Workflow

STEPS = [
{steps},
]
with Workflow(name="{name}", entrypoint="main") as workflow:
    step = Container(name="step", image="registry.example/step:1", command=["true"])
    with DAG(name="main"):
        for name, after in STEPS:
            Task(name=name, template=step, dependencies=list(after))
with open("{name}.yaml", "w") as file:
    file.write(workflow.to_yaml())
"""


def program(graph: Graph) -> str:
    """One task a step and one template for all; the order is said outright, with no artifacts to write."""
    steps = ",\n".join(f"    ({step.name!r}, {step.after!r})" for step in graph.steps)
    return _PROGRAM.format(steps=steps, name=graph.name)
