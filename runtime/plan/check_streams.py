"""What the types can't say about streams: each is read once, by a call of the same body that has a slot beside."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.order import chains, refs
from podpipec_runtime.plan.scalars import streamed
from podpipec_runtime.plan.types import Call, Fallback, Stage, Step, StreamRef


def streams(call: Call, stages: Mapping[str, Stage]) -> tuple[str, ...]:
    """The outputs of a call that are streams."""
    stage = stages.get(call.stage)
    return () if stage is None else tuple(port.name for port in stage.outputs if streamed(port))


def check_streams(body: tuple[Step, ...], stages: Mapping[str, Stage], path: str) -> None:
    """Raises PlanError for a stream that is not read by one call of the body, and for calls that cannot run at once."""
    read: dict[tuple[str, str], int] = {}
    for at, step in enumerate(body):
        for ref in refs(step):
            if isinstance(ref, StreamRef):
                key = (ref.step, ref.output)
                if not isinstance(step, Call) or isinstance(step, Fallback) or key in read:
                    raise PlanError(
                        f"stream `{ref.output}` of step `{ref.step}` has one reader, a call", f"{path}[{at}]"
                    )
                read[key] = at
        if isinstance(step, Call):
            _check_ports(step, stages, f"{path}[{at}]")
    calls = {step.id: step for step in body if isinstance(step, Call)}
    for at, step in enumerate(body):
        for name in streams(step, stages) if isinstance(step, Call) else ():
            if (step.id, name) not in read:
                raise PlanError(f"nobody reads stream `{name}`", f"{path}[{at}]")
    for names in dict.fromkeys(chains(body).values()):
        if not _apart([calls[name].slots for name in names if name in calls]):
            at = next(at for at, step in enumerate(body) if step.id == names[-1])
            raise PlanError(f"{', '.join(names)} run at once, and have no slot each", f"{path}[{at}].slots")


def _check_ports(call: Call, stages: Mapping[str, Stage], path: str) -> None:
    """A stream is given where one is asked for, and nothing else is; what has gone through one is not tried again."""
    stage = stages.get(call.stage)
    if stage is None:
        return
    for port in stage.inputs:
        if streamed(port) != isinstance(call.args.get(port.name), StreamRef):
            raise PlanError(f"`{port.name}` is {'' if streamed(port) else 'no '}stream", f"{path}.args.{port.name}")
    if stage.retry and any(streamed(port) for port in (*stage.inputs, *stage.outputs)):
        raise PlanError(f"stage `{stage.name}` has a stream, and can't be tried again", path)


def _apart(homes: list[tuple[int, ...]]) -> bool:
    """Whether each can have a slot that no other has."""
    taken: dict[int, int] = {}

    def place(index: int, tried: set[int]) -> bool:
        for slot in homes[index]:
            if slot not in tried:
                tried.add(slot)
                if slot not in taken or place(taken[slot], tried):
                    taken[slot] = index
                    return True
        return False

    return all(place(index, set()) for index in range(len(homes)))
