"""The graph as a `dodo.py`."""

from __future__ import annotations

from benchmarks.graph import Graph, Work

_HEAD = """import os
from doit.tools import run_once
DOIT_CONFIG = {"dep_file": "doit.db", "verbosity": 0}
os.makedirs("out", exist_ok=True)
"""

_TRUE = """def task_step():
    for name, after in STEPS:
        before = [f"step:{each}" for each in after]
        yield {"name": name, "actions": [["true"]], "task_dep": before, "uptodate": [run_once]}
"""

_FILE = """def task_step():
    for name, after in STEPS:
        task = {"name": name, "actions": [ACTION], "targets": [f"out/{name}"]}
        if after:
            task["file_dep"] = [f"out/{each}" for each in after]
        else:
            task["uptodate"] = [run_once]
        yield task
"""

#: A list is started without a shell, which is faster; `%(targets)s` is filled in by doit.
ACTIONS = {"touch": '["touch", f"out/{name}"]', "write": '"echo %(targets)s > %(targets)s"'}


def program(graph: Graph, work: Work) -> str:
    """One task a step. What is done is not done again: by the files, and by `run_once` where there are none."""
    steps = ",\n".join(f"    ({step.name!r}, {step.after!r})" for step in graph.steps)
    body = _TRUE if work == "true" else _FILE.replace("ACTION", ACTIONS[work])
    return f"{_HEAD}STEPS = [\n{steps},\n]\n{body}"
