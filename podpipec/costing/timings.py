"""The seconds that the steps of a run took, from the lines of JSON that `podpipec run --json` printed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from podpipec_runtime.progress import Progress, RunStarted, StepPublished, StepReused
from podpipec_runtime.tuples import NamedTuple


class Timings(NamedTuple):
    """Seconds by step, one figure for each element that ran; the elements seen of each step; the flow that ran."""

    flow: str
    seconds: Mapping[str, tuple[float, ...]]
    elements: Mapping[str, frozenset[tuple[str, ...]]]


def read(text: str) -> Timings:
    """The timings in a run's events. Raises ValueError, with a message for the user, for what are none."""
    flow = ""
    seconds: dict[str, tuple[float, ...]] = {}
    elements: dict[str, set[tuple[str, ...]]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = msgspec.json.decode(line, type=Progress)
        except (msgspec.MsgspecError, UnicodeError) as problem:
            raise ValueError(f"line {number} is no event of a run: {problem}") from None
        if isinstance(event, RunStarted):
            flow = event.flow
        elif isinstance(event, StepPublished):
            seconds[event.step] = (*seconds.get(event.step, ()), event.seconds)
        if isinstance(event, StepPublished | StepReused):
            elements.setdefault(event.step, set()).add(event.element)
    if not flow:
        raise ValueError("no run starts in it: write it with `podpipec run FILE … --json`")
    return Timings(flow, seconds, {step: frozenset(found) for step, found in elements.items()})
