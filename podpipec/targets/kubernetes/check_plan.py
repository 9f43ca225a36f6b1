"""What Kubernetes cannot do for a plan that is sound in itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from podpipec.targets.kubernetes import names, quantity
from podpipec.targets.kubernetes.images import is_reference
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.plan_map import MOST_BYTES, PlanFile
from podpipec.targets.kubernetes.resources import quarterback_memory
from podpipec.targets.kubernetes.scratch import all_steps
from podpipec.targets.kubernetes.secrets import secret_reasons
from podpipec.targets.kubernetes.shards import replicas, sharded_input
from podpipec.targets.manifest import Reason
from podpipec_runtime.plan.types import Helper, Keep, Pin, Plan, Stage


def plan_reasons(plan: Plan, options: KubernetesOptions, file: PlanFile) -> Iterator[Reason]:
    """Every reason to refuse the plan with these options."""
    yield from name_reasons(plan.flow, options)
    yield from flow_reasons(plan, options)
    yield from size_reasons(plan.flow, file)


def flow_reasons(plan: Plan, options: KubernetesOptions) -> Iterator[Reason]:
    """Every reason in what one pod does."""
    yield from _images(plan)
    yield from _pod(plan, options)
    yield from _places(plan, options)
    yield from _shards(plan)
    yield from secret_reasons(plan, options)


def size_reasons(flow: str, file: PlanFile) -> Iterator[Reason]:
    """Whether a ConfigMap can hold the plan."""
    if not file.fits:
        size = len(file.compressed or b"")
        yield Reason(
            about="plan",
            name=flow,
            message=f"the plan is {size:,} bytes when compressed; a ConfigMap holds {MOST_BYTES:,}",
            hint="move code files and long constants into the stages' images, or split the flow",
        )


def name_reasons(flow: str, options: KubernetesOptions) -> Iterator[Reason]:
    """Whether the flow's name can be one in Kubernetes."""
    if options.name is None and names.set_name(flow) is None:
        yield Reason(
            about="flow",
            name=flow,
            message=f"flow `{flow}` cannot be a name in Kubernetes",
            hint="begin it with a letter and use A-Z, a-z, 0-9 and _ inside, or set the option name",
        )


def _images(plan: Plan) -> Iterator[Reason]:
    blocks: tuple[Stage | Helper, ...] = (*plan.stages, *plan.helpers)
    for stage in blocks:
        word: Literal["stage", "helper"] = "stage" if isinstance(stage, Stage) else "helper"
        if not stage.image:
            message, hint = "names no image; Kubernetes needs one", 'write `image "name:tag"` in it'
        elif not is_reference(stage.image):
            message = f"names the image `{stage.image}`, which is not a reference"
            hint = "write name:tag or name@sha256:digest"
        else:
            continue
        yield Reason(about=word, name=stage.name, message=f"{word} `{stage.name}` {message}", hint=hint)
    for index, slot in enumerate(plan.pod.slots):
        if slot.image and not is_reference(slot.image):
            yield _about_pod(plan, f"slot {index} starts with `{slot.image}`, which is not an image reference")


def _pod(plan: Plan, options: KubernetesOptions) -> Iterator[Reason]:
    if not plan.pod.slots:
        yield _about_pod(plan, "it has no slots", "write `slots 1` or more")
    for index, slot in enumerate(plan.pod.slots):
        if slot.memory <= 0:
            yield _about_pod(plan, f"slot {index} has no memory", "give its stages some: `memory 512MiB`")
        if slot.cpu < 0 or (plan.pod.exclusive and (slot.cpu <= 0 or slot.cpu % 1000)):
            yield _about_pod(
                plan,
                f"slot {index} has {quantity.cpu(slot.cpu)} cores, and exclusive cores are whole",
                "give its stages whole cores, or leave out `exclusive`",
            )
    for index, seat in enumerate(plan.pod.seats):
        if seat.memory <= 0 or seat.cpu < 0 or (plan.pod.exclusive and (seat.cpu <= 0 or seat.cpu % 1000)):
            yield _about_pod(
                plan,
                f"helper {index} has {quantity.cpu(seat.cpu)} cores and {quantity.size(seat.memory)} of memory",
                "give it some of both: whole cores where they are exclusive",
            )
    if plan.pod.exclusive and options.quarterback_cpu % 1000:
        yield _about_pod(
            plan,
            f"its cores are exclusive and the quarterback has {quantity.cpu(options.quarterback_cpu)}",
            "set the option quarterback_cpu to whole cores",
        )
    yield from _memory(plan, options)


def _memory(plan: Plan, options: KubernetesOptions) -> Iterator[Reason]:
    """An in-memory volume is never larger than the sum of its containers' limits."""
    limit = sum(slot.memory for slot in plan.pod.slots) + sum(seat.memory for seat in plan.pod.seats)
    limit += quarterback_memory(plan, options)
    peak = max((peak.bytes for peak in plan.peaks if peak.place == "ram"), default=0)
    if peak > limit:
        yield _about_pod(
            plan,
            f"`ram` holds {quantity.size(peak)} at its peak, and all containers together may use "
            f"{quantity.size(limit)} of memory",
            "give the pod more memory, or fewer bytes to `ram`",
        )


def _places(plan: Plan, options: KubernetesOptions) -> Iterator[Reason]:
    for place in plan.pod.places:
        if place.name != "remote" and place.bytes <= 0:
            yield _about_pod(plan, f"its place `{place.name}` has no size", f"write `{place.name} 1GiB`")
        if place.storage_class is not None and not names.is_dns_subdomain(place.storage_class):
            yield _about_pod(plan, f"`{place.storage_class}` cannot be a storage class's name")
    if options.node_place == "emptydir":
        for step in all_steps(plan):
            if isinstance(step, Keep | Pin) and step.place == "node":
                word = "keeps" if isinstance(step, Keep) else "pins"
                yield Reason(
                    about="keep",
                    name=step.id,
                    message=f"`{step.id}` {word} a value in `node` to outlive the pod; an emptydir does not",
                    hint="set the option node_place to claim, or keep it in `volume`",
                )


def _shards(plan: Plan) -> Iterator[Reason]:
    chosen = sharded_input(plan)
    if chosen is None:
        return
    for other in plan.inputs:
        if other.slice == "shard" and other.shards != chosen.shards:
            yield Reason(
                about="input",
                name=other.name,
                message=f"inputs `{chosen.name}` and `{other.name}` have different shards",
                hint="a pod works on one shard: give both snapshots the same, in the same order",
            )
    if not 0 < replicas(plan) <= names.MOST_SHARDS:
        yield Reason(
            about="input",
            name=chosen.name,
            message=f"input `{chosen.name}` has {replicas(plan):,} shards, and needs a pod for each",
            hint=f"a set has 1 to {names.MOST_SHARDS:,} pods",
        )


def _about_pod(plan: Plan, message: str, hint: str = "") -> Reason:
    return Reason(about="pod", name=plan.pod.name, message=f"pod `{plan.pod.name}`: {message}", hint=hint)
