"""A flow across pods on this machine: each unit of work is a process with folders of its own.

The macro plan becomes a plan whose stages stand for flows (`plan.across`), each run by a quarterback as a process
(`quarterback`); the engine follows it as any other. The folder of the volume is what the pods share. A slice is read
here to know what it contains, and then by each unit that is given it.
"""

from __future__ import annotations

import os
import sys

import msgspec
from msgspec.structs import replace

from podpipec_runtime.engine import run
from podpipec_runtime.executor import Listen
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import Outcome
from podpipec_runtime.plan.across import SHARD, WINDOW, Doing, as_plan, port
from podpipec_runtime.plan.codec import encode_compact
from podpipec_runtime.plan.types import Code, CodePart, Exec, InputPart, Macro, OutputPart, Part, Plan
from podpipec_runtime.quarterback import PODS, Pods

_MODULE = "podpipec_runtime.quarterback"


def run_across(macro: Macro, options: RunOptions, listen: Listen) -> Outcome:
    """Runs a macro plan, as `engine.run` runs the plan of one pod."""
    kinds = {str(place.name) for one in macro.sets for place in one.pod.places if place.name != "volume"}
    theirs: dict[str, str] = {
        name: os.path.realpath(folder) for name, folder in options.places.items() if name in kinds
    }
    pods = Pods(
        root=f"{os.path.realpath(options.work)}/pods",
        places=theirs,
        base=os.path.realpath(options.base),
        remote=os.path.realpath(options.places["remote"]) if options.places.get("remote") else "",
        window=options.window,
        env=options.env,
        secrets={name: _anywhere(source) for name, source in options.secrets.items()},
        parallel=1 if options.parallel else None,
        repeat_effects=options.repeat_effects,
        grace=options.grace / 2,
    )
    at_once = options.parallel or os.cpu_count() or 1  # so many pods are more than one machine's cores
    told = {**options.told, PODS: msgspec.json.encode(pods).decode()}
    named = [source.removeprefix("env:") for source in options.secrets.values() if source.startswith("env:")]
    env = (*options.env, *named, "PYTHONPATH")
    ours = {name: folder for name, folder in options.places.items() if name not in theirs}
    each = replace(options, places=ours, env=env, secrets={}, told=told, parallel=at_once)
    return run(as_plan(macro, _as_process), each, listen)


def _anywhere(source: str) -> str:
    """Where a secret comes from, for a process in another folder."""
    path = source.removeprefix("file:")
    return source if path == source else f"file:{os.path.abspath(path)}"


def _as_process(flow: Plan) -> Doing:
    """The command that runs a flow. Nothing in it is of this run alone, for it is part of the result's key."""
    words: list[tuple[Part, ...]] = [(sys.executable,), ("-m",), (_MODULE,), ("--plan",), (CodePart(),)]
    words += [("--shard=", InputPart(name=SHARD)), ("--window=", InputPart(name=WINDOW))]
    for at, given in enumerate(flow.inputs):
        part = InputPart(name=port(at))
        words += [(f"--text={given.name}=", part)] if given.slice == "text" else [("--input",), (given.name,), (part,)]
    for result in flow.results:
        words += [("--output",), (result.name,), (OutputPart(name=result.name),)]
    return Doing(Exec(words=tuple(words)), Code(name=f"{flow.flow}.json", text=encode_compact(flow).decode()))
