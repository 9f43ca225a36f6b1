"""What each container asks for, and with it the pod's quality of service.

Exclusive cores need the CPU manager's static policy, which pins whole cores, and only in a pod whose every
container (those that prepare it too) has limits equal to its requests. So then each container gets whole
cores and both sides alike: QoS `Guaranteed`. Without exclusive cores there is no limit on processors, so
that an idle core is never refused to a stage: QoS `Burstable`. Memory is always limited, and asked for in
full, since what is promised to a stage must be there. The node's disk is asked for as far as the pod's own
folders may grow.
"""

from __future__ import annotations

from podpipec.targets.kubernetes import quantity
from podpipec.targets.kubernetes.api import ResourceRequirements
from podpipec.targets.kubernetes.options import MIB, KubernetesOptions
from podpipec.targets.kubernetes.scratch import quarterback_scratch
from podpipec_runtime.plan.types import Plan, Seat, Slot

#: Bound of the volume that holds the shim and the socket.
SHARED_BYTES = 64 * MIB
#: Room for a container's log files; the kubelet's default keeps five of 10 MiB.
LOG_BYTES = 256 * MIB


def slot_resources(plan: Plan, slot: Slot, options: KubernetesOptions) -> ResourceRequirements:
    """A slot's share: the plan's figures, scratch in memory included."""
    return _resources(plan, slot.cpu, slot.memory, options.tmp + LOG_BYTES)


def seat_resources(plan: Plan, seat: Seat, options: KubernetesOptions) -> ResourceRequirements:
    """The share of a container for helpers, which is the pod's from its start to its end."""
    return _resources(plan, seat.cpu, seat.memory, options.tmp + LOG_BYTES)


def quarterback_resources(plan: Plan, options: KubernetesOptions) -> ResourceRequirements:
    """The quarterback's share: its own memory and the scratch that it may be charged with."""
    disk = options.tmp + LOG_BYTES + SHARED_BYTES
    if options.node_place == "emptydir":
        disk += sum(place.bytes for place in plan.pod.places if place.name == "node")
    return _resources(plan, options.quarterback_cpu, quarterback_memory(plan, options), disk)


def prepare_resources(plan: Plan, options: KubernetesOptions) -> ResourceRequirements:
    """The init container's share. It runs before the others, so it adds nothing to what the pod asks for."""
    return _resources(plan, options.quarterback_cpu, options.quarterback_memory, SHARED_BYTES + LOG_BYTES)


def quarterback_memory(plan: Plan, options: KubernetesOptions) -> int:
    """Bytes."""
    return options.quarterback_memory + quarterback_scratch(plan)


def _resources(plan: Plan, cpu: int, memory: int, disk: int) -> ResourceRequirements:
    bounds = {"memory": quantity.size(memory), "ephemeral-storage": quantity.size(disk)}
    requests = {"cpu": quantity.cpu(cpu), **bounds}
    return ResourceRequirements(requests=requests, limits=requests if plan.pod.exclusive else bounds)
