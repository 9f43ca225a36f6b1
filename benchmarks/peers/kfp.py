"""The graph as a Kubeflow Pipelines program that writes the pipeline's YAML."""

from __future__ import annotations

from benchmarks.graph import Graph

_PROGRAM = """from kfp import compiler, dsl

STEPS = [
{steps},
]


@dsl.container_component
def step():
    return dsl.ContainerSpec(image="registry.example/step:1", command=["true"])


@dsl.pipeline(name="{name}")
def pipeline():
    tasks = {{}}
    for name, after in STEPS:
        task = step()
        task.after(*(tasks[each] for each in after))
        tasks[name] = task


compiler.Compiler().compile(pipeline, "{name}.yaml")
"""


def program(graph: Graph) -> str:
    """One task a step and one component for all; the order is said outright, with no data edges to write."""
    steps = ",\n".join(f"    ({step.name!r}, {step.after!r})" for step in graph.steps)
    return _PROGRAM.format(steps=steps, name=graph.name)
