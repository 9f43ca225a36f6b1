"""What each stage asks of its pod (R1, R3), and what a program says of services (F2)."""

from __future__ import annotations

from fractions import Fraction

from podpipec.syntax import tree
from tests.oracle.sizes import high

MIB = 2**20


def settings(of: tree.Stage | tree.Pod) -> dict[str, tree.Setting]:
    """The settings of a stage or pod, those that are about one output left out."""
    return {one.word.text: one for one in of.settings if one.target is None}


def misfits(pod: tree.Pod, stages: list[tree.Stage], survives: bool) -> dict[str, str]:
    """The codes of what does not fit, each with a reason."""
    found: dict[str, str] = {}
    told = settings(pod)
    cores, memory = high(told["cpu"].values[0], {}), high(told["memory"].values[0], {})
    ram = high(told["ram"].values[0], {}) if "ram" in told else Fraction(0)
    exclusive = any(flag.text == "exclusive" for flag in told["cpu"].flags)
    if exclusive and cores.denominator != 1:
        found["R3"] = "the pod has a part of an exclusive core"
    if ram >= memory:
        found["R1"] = "scratch takes all memory"
    for stage in stages:
        asked = settings(stage)
        cpu = high(asked["cpu"].values[0], {}) if "cpu" in asked else Fraction(1)
        needed = high(asked["memory"].values[0], {}) if "memory" in asked else Fraction(512 * MIB)
        if cpu > cores or needed > memory - ram:
            found["R1"] = f"`{stage.name.text}` does not fit"
        if exclusive and cpu.denominator != 1:
            found["R3"] = f"`{stage.name.text}` asks for a part of an exclusive core"
        if survives and effects(stage):
            found["F2"] = f"`{stage.name.text}` may be called twice"
    return found


def effects(stage: tree.Stage) -> bool:
    """Whether to call a stage again may do something to a service again."""
    told = settings(stage)
    return "calls" in told and "idempotent" not in told


def retried(stages: list[tree.Stage]) -> str | None:
    """A stage that is tried again although it may have done something to a service."""
    return next((stage.name.text for stage in stages if effects(stage) and "retry" in settings(stage)), None)
