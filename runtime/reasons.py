"""Why a step runs, or doesn't, in words."""

from __future__ import annotations

from podpipec_runtime.interpreter.keys import Parts

REUSED = "published before, same inputs"
SPARED = "all that came of it is pinned"
DONE = "done before, in a run that did not come to its end"


def reused(stage: str, why: str) -> str:
    """Why a call of `stage` does not run; `why` tells what failed before it, in a fallback."""
    return f"published before by `{stage}`, same inputs: {why}" if why else REUSED


def reason(parts: Parts, last: Parts | None) -> str:
    """Why a step without a known result runs, from what its key is made of now and was made of last."""
    if last is None:
        return "never ran"
    changed = [
        name
        for name, now, before in (
            ("image", parts.image, last.image),
            ("command", parts.command, last.command),
            ("code", parts.code, last.code),
            ("outputs", parts.outputs, last.outputs),
        )
        if now != before
    ]
    old = dict(last.inputs)
    inputs = [f"input {name}" for name, digest in parts.inputs if old.get(name) != digest]
    if not changed and not inputs:
        return "its result is no longer known"
    told = ["its " + ", ".join(changed)] if changed else []
    return " and ".join(told + inputs) + " changed"
