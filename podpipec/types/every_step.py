"""All steps of a flow, those in the bodies of others included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from podpipec.types.typed import BlockStep, IfStep, Step, WithStep


def every_step(steps: Iterable[Step]) -> Iterator[Step]:
    """Each step before those inside of it; of a choice both branches."""
    for step in steps:
        yield step
        if isinstance(step, BlockStep | WithStep):
            yield from every_step(step.body)
        elif isinstance(step, IfStep):
            yield from every_step((*step.then, *step.otherwise))
