"""Secrets: where their values come from, who is told them, and how they are kept out of what is written.

A value is in the memory of this process and in the environment of the stages that ask for it, and nowhere else: the
options hold only where it comes from, and what a stage prints is cleared of it before it is written (`drivers/sieve`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from podpipec_runtime.plan.secrets import variable
from podpipec_runtime.plan.types import Plan, Stage
from podpipec_runtime.snapshots.bind import Unbound

#: What stands where a value stood.
HIDDEN = b"[secret]"

#: A line of a secret that has several is hidden by itself, too, unless it is so short that it is many other things.
_SHORT_LINE = 8


class Secrets:
    """The values of a run's secrets, by name. They are not shown when this is printed."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._values)})"

    def variables(self, stage: Stage) -> dict[str, str]:
        """The environment variables that a stage is told its secrets by."""
        return {variable(name): self._values[name] for name in stage.secrets}

    def hidden(self, text: str, stage: Stage) -> str:
        """A text without the secrets of a stage."""
        words = self.words(stage)
        if not words:
            return text
        return os.fsdecode(re.sub(b"|".join(map(re.escape, words)), HIDDEN, os.fsencode(text)))

    def words(self, stage: Stage) -> list[bytes]:
        """What must not be read in what a stage prints: its secrets, and the lines of those that have several."""
        values = [self._values[name] for name in stage.secrets]
        lines = [line for value in values for line in value.splitlines() if len(line) >= _SHORT_LINE]
        return sorted({os.fsencode(text) for text in (*values, *lines)}, key=lambda each: (-len(each), each))


def wanted(plan: Plan) -> dict[str, str]:
    """The secrets that a plan's stages ask for, each with the first stage that does."""
    found: dict[str, str] = {}
    for stage in plan.stages:
        for name in stage.secrets:
            found.setdefault(name, stage.name)
    return found


def read(plan: Plan, sources: Mapping[str, str], ours: Mapping[str, str]) -> Secrets:
    """The values, from where the options say that they come from. Raises Unbound, with no value in its message."""
    asked = wanted(plan)
    for name in sources:
        if name not in asked:
            raise Unbound(f"no stage of the flow asks for a secret `{name}`")
    values: dict[str, str] = {}
    for name, stage in asked.items():
        if name not in sources:
            raise Unbound(
                f"the stage `{stage}` asks for the secret `{name}`: "
                f"say where it comes from, --secret {name}=env:VARIABLE or --secret {name}=file:PATH"
            )
        values[name] = _value(name, sources[name], ours)
    return Secrets(values)


def _value(name: str, source: str, ours: Mapping[str, str]) -> str:
    kind, sign, where = source.partition(":")
    if not sign or not where or kind not in ("env", "file"):
        raise Unbound(f"the secret `{name}` comes from neither env:VARIABLE nor file:PATH")
    value = _of_variable(name, where, ours) if kind == "env" else _of_file(name, where)
    if not value or "\0" in value:
        raise Unbound(f"the secret `{name}` from {kind}:{where} {'holds a NUL' if value else 'is empty'}")
    return value


def _of_variable(name: str, where: str, ours: Mapping[str, str]) -> str:
    if where not in ours:
        raise Unbound(f"the secret `{name}` is to come from the environment variable {where}, which is not set")
    return ours[where]


def _of_file(name: str, where: str) -> str:
    """What a file holds; a line feed at its end is the editor's."""
    try:
        with open(where, "rb") as file:
            return os.fsdecode(file.read().removesuffix(b"\n"))
    except OSError as error:
        raise Unbound(f"the secret `{name}` is to come from the file {where}: {error.strerror}") from None
