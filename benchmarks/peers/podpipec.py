"""The graph as a `.flow` program."""

from __future__ import annotations

from benchmarks.graph import Graph, Step, Work

POD = """pod bench {{
  slots  {slots}
  cpu    {slots}
  memory {memory}GiB
  node   1GiB
  volume 1GiB
}}
"""

_FILE = """stage first(n: String) -> out: File {{
{command}
  size out 1KiB
}}
stage next(prev: File, n: String) -> out: File {{
{command}
  size out 1KiB
}}
"""

_MARK = """stage mark(n: String) {{
{command}
}}
"""

COMMANDS: dict[Work, str] = {
    "true": '  run ["true"]',
    "touch": '  run ["touch", out]',
    "write": '  sh "echo {n} > {out}"',
}

IMAGE = '  image "registry.example/step:1"\n'

#: The ten lines of which `check` is asked how fast it starts.
TEN_LINES = """pod small { slots 1 cpu 1 memory 1GiB node 1GiB volume 1GiB }
snapshot words: Text { from "words.txt" size 1MiB }
stage count(text: Text) -> total: Text {
  sh "wc -w < {text} > {total}"
  size total 1KiB
}
flow all(w: words) -> total on small {
  total = count(w)
  keep total in volume
}
"""


def program(graph: Graph, work: Work, slots: int, image: bool = False) -> str:
    """One call a step. Each has its number as an argument: without, equal calls would be one result."""
    pod = POD.format(slots=slots, memory=slots)
    command = (IMAGE if image else "") + COMMANDS[work]
    last = graph.steps[-1].name
    if work == "true":
        stage = _MARK.format(command=command)
        calls = "\n".join(_mark(step) for step in graph.steps)
        return f"{pod}{stage}flow {graph.name}() on bench {{\n{calls}\n}}\n"
    calls = "\n".join(_call(step) for step in graph.steps)
    return (
        f"{pod}{_FILE.format(command=command)}flow {graph.name}() -> {last} on bench {{\n{calls}\n"
        f"  keep {last} in volume\n}}\n"
    )


def each(width: int, work: Work, slots: int) -> str:
    """The fan as one `each` over `width` names: the language's own way to say it."""
    names = ", ".join(f'"{i}"' for i in range(width))
    command = COMMANDS[work]
    if work == "true":
        return (
            f"{POD.format(slots=slots, memory=slots)}{_MARK.format(command=command)}flow fan() on bench {{\n"
            f'  root = mark("root")\n  all = each n in [{names}] {{ mark(n) after root }}\n'
            f'  last = mark("join") after all\n}}\n'
        )
    join = command.replace("{n}", "join")
    return (
        f"{POD.format(slots=slots, memory=slots)}{_FILE.format(command=command)}"
        f"stage join(parts: File[]) -> out: File {{\n{join}\n  size out 1KiB\n}}\n"
        f'flow fan() -> last on bench {{\n  root = first("root")\n'
        f"  parts = each n in [{names}] {{ next(root, n) }}\n  last = join(parts)\n  keep last in volume\n}}\n"
    )


def _mark(step: Step) -> str:
    after = f" after {', '.join(step.after)}" if step.after else ""
    return f'  {step.name} = mark("{step.name}"){after}'


def _call(step: Step) -> str:
    if not step.after:
        return f'  {step.name} = first("{step.name}")'
    data, *rest = step.after
    after = f" after {', '.join(rest)}" if rest else ""
    return f'  {step.name} = next({data}, "{step.name}"){after}'
