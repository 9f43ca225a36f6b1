"""The pod of a plan: its slots, with what they may be charged, and its places."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.graph.seats import Seating
from podpipec.graph.slots import SlotSize
from podpipec.types.declarations import PLACES, Place, Pod
from podpipec_runtime.plan import types as plan


def pod_of(pod: Pod, slots: Sequence[SlotSize], charged: Sequence[int], seats: Seating) -> plan.Pod:
    """The pod that a flow runs on, with the slots that its steps need, each with the bytes that it may be charged."""
    slots_ = tuple(
        plan.Slot(cpu=slot.cpu, memory=slot.memory + scratch, image=slot.image, secrets=slot.secrets)
        for slot, scratch in zip(slots, charged, strict=True)
    )
    places = tuple(place_of(pod, place) for place in PLACES if place in pod.places)
    return plan.Pod(
        name=pod.name.text,
        cpu=pod.cpu,
        exclusive=pod.exclusive,
        memory=pod.memory,
        slots=slots_,
        seats=tuple(
            plan.Seat(cpu=seat.cpu, memory=seat.memory, image=seat.image, secrets=seat.secrets) for seat in seats.seats
        ),
        places=places,
    )


def place_of(pod: Pod, place: Place) -> plan.Place:
    """A place that the pod has."""
    storage_class = pod.storage_class if place == "volume" else None
    return plan.Place(name=place, bytes=pod.places[place], storage_class=storage_class)
