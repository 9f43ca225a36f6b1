"""The pod template.

Containers are restarted whatever their exit, which Advanced StatefulSet demands and a swap relies on. The
time to end is short because the kubelet waits for it in each swap, one container after another; the shim
and the quarterback need almost none of it, since whatever they had not published is done again. No
container finds other services in its environment, and only the quarterback has a token.
"""

from __future__ import annotations

from podpipec.targets.kubernetes import containers, names
from podpipec.targets.kubernetes.api import (
    LocalObjectReference,
    ObjectMeta,
    PodReadinessGate,
    PodSpec,
    PodTemplateSpec,
)
from podpipec.targets.kubernetes.kruise import IN_PLACE_UPDATE_READY, UpdateStrategy
from podpipec.targets.kubernetes.metadata import Identity
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.plan_map import PlanFile, map_name
from podpipec.targets.kubernetes.security import pod_security
from podpipec.targets.kubernetes.team import Team
from podpipec.targets.kubernetes.volumes import volumes
from podpipec_runtime.plan.types import Plan

#: Seconds between SIGTERM and SIGKILL.
GRACE = 5


def template(
    plan: Plan,
    options: KubernetesOptions,
    identity: Identity,
    file: PlanFile,
    strategy: UpdateStrategy,
    team: Team | None = None,
    whole: Identity | None = None,
) -> PodTemplateSpec:
    """The template of the set's pods, the quarterback first among its containers."""
    slots = tuple(containers.slot(plan, options, at, entry, team) for at, entry in enumerate(plan.pod.slots))
    seats = tuple(containers.seat(plan, options, at, entry) for at, entry in enumerate(plan.pod.seats))
    running = (containers.quarterback(plan, options, file.name, team), *slots, *seats)
    spec = PodSpec(
        service_account_name=identity.set_name,
        automount_service_account_token=False,
        enable_service_links=False,
        restart_policy="Always",
        termination_grace_period_seconds=GRACE,
        node_selector=dict(sorted(options.node_selector.items())) or None,
        image_pull_secrets=tuple(LocalObjectReference(name=name) for name in options.image_pull_secrets) or None,
        security_context=pod_security(options),
        readiness_gates=readiness_gates(strategy) or None,
        init_containers=(containers.prepare(plan, options, team),),
        containers=running,
        volumes=volumes(
            plan, options, map_name(whole or identity), tuple(container.name for container in running), team
        ),
    )
    return PodTemplateSpec(
        metadata=ObjectMeta(
            labels=identity.revision_labels(),
            annotations={"kubectl.kubernetes.io/default-container": names.QUARTERBACK},
        ),
        spec=spec,
    )


def readiness_gates(strategy: UpdateStrategy) -> tuple[PodReadinessGate, ...]:
    """The gate that OpenKruise's webhook demands, and injects nowhere, where pods may be updated in place."""
    rolling = strategy.rolling_update
    if rolling is None or rolling.pod_update_policy == "ReCreate":
        return ()
    return (PodReadinessGate(condition_type=IN_PLACE_UPDATE_READY),)
