"""Image references: which are well formed, and which of them a slot may be given in a swap.

A swap needs a reference that this slot has not had before (the kubelet's back-off counts by the text of the
reference), and it must be the same image. Container runtimes ignore the tag of a reference with a digest,
so the quarterback makes references unique by the tag alone, and only for images that the plan names with
their digest.
"""

from __future__ import annotations

import re

from podpipec_runtime.plan.types import Plan

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_HOST}/)?{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?P<digest>@sha256:[0-9a-f]{64})?"
)


def is_reference(image: str) -> bool:
    """Whether it is `[host[:port]/]name[:tag][@sha256:digest]`."""
    return len(image) <= 512 and _REFERENCE.fullmatch(image) is not None


def plan_images(plan: Plan, idle: str) -> tuple[str, ...]:
    """Every image that a slot of the plan, or a helper's container, may run, `idle` among them: sorted, each once."""
    images = {stage.image for stage in plan.stages} | {slot.image for slot in plan.pod.slots}
    images |= {helper.image for helper in plan.helpers} | {seat.image for seat in plan.pod.seats}
    return tuple(sorted({image for image in images if image} | {idle}))


def pinned(image: str) -> str | None:
    """`name@digest` of a reference with a digest, its tag dropped; None without a digest."""
    match = _REFERENCE.fullmatch(image)
    return match["name"] + match["digest"] if match and match["digest"] else None
