"""The pod of a plan: its slots, with what they may be charged, and its places."""

from __future__ import annotations

from podpipec.graph.liveness import Liveness
from podpipec.graph.nodes import Graph
from podpipec.graph.seats import Seating
from podpipec.graph.slots import Allotment
from podpipec.types import typed
from podpipec_runtime.plan import types as plan


def pod_of(graph: Graph, allotment: Allotment, seats: Seating, liveness: Liveness) -> plan.Pod:
    """The pod that a flow runs on, as its steps need it."""
    pod = graph.pod
    charged = liveness.charged(allotment.homes, len(allotment.slots))
    slots = tuple(
        plan.Slot(cpu=slot.cpu, memory=slot.memory + scratch, image=slot.image, secrets=slot.secrets)
        for slot, scratch in zip(allotment.slots, charged, strict=True)
    )
    places = tuple(
        plan.Place(
            name=place,
            bytes=pod.places[place],
            storage_class=pod.storage_class if place == "volume" else None,
        )
        for place in typed.PLACES
        if place in pod.places
    )
    return plan.Pod(
        name=pod.name.text,
        cpu=pod.cpu,
        exclusive=pod.exclusive,
        memory=pod.memory,
        slots=slots,
        seats=tuple(
            plan.Seat(cpu=seat.cpu, memory=seat.memory, image=seat.image, secrets=seat.secrets) for seat in seats.seats
        ),
        places=places,
    )
