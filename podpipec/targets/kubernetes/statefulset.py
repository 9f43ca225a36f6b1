"""The Advanced StatefulSet: as many pods as the flow has shards.

- *Parallel*, since in the ordered mode one pod in the middle of a swap (not ready) would hold up all
  others.
- *OnDelete*, since every other strategy touches running pods when the template changes: a new plan or image
  would kill the run, or put a slot's image back in the middle of a stage. A pod takes the new template when
  it is deleted, by whoever knows that its run is over. No pod is updated in place by the controller, so
  none needs its readiness gate, and pods become ready even while OpenKruise's manager is down.
- Nothing here changes once it is created but the template: service, selector, claims and management stay.
"""

from __future__ import annotations

from podpipec.targets.kubernetes.api import LabelSelector, StatefulSetPersistentVolumeClaimRetentionPolicy
from podpipec.targets.kubernetes.kruise import StatefulSet, StatefulSetSpec, UpdateStrategy
from podpipec.targets.kubernetes.metadata import Identity
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.plan_map import PlanFile
from podpipec.targets.kubernetes.shards import replicas
from podpipec.targets.kubernetes.team import Team
from podpipec.targets.kubernetes.template import template
from podpipec.targets.kubernetes.volumes import claims
from podpipec_runtime.plan.types import Plan

#: Old templates that the controller keeps; a pod's revision must be among them to be compared.
_HISTORY = 10

ON_DELETE = UpdateStrategy(type="OnDelete")


def statefulset(
    plan: Plan,
    options: KubernetesOptions,
    identity: Identity,
    file: PlanFile,
    team: Team | None = None,
    pods: int | None = None,
    whole: Identity | None = None,
) -> StatefulSet:
    """The set for a plan whose file and names have been settled.

    Of a flow across pods it is one among several, whose `whole` the plan is of, and has so many `pods`.
    """
    return StatefulSet(
        api_version="apps.kruise.io/v1beta1",
        kind="StatefulSet",
        metadata=identity.metadata(identity.set_name),
        spec=StatefulSetSpec(
            replicas=pods or replicas(plan),
            service_name=identity.set_name,
            pod_management_policy="Parallel",
            revision_history_limit=_HISTORY,
            selector=LabelSelector(match_labels=identity.selector()),
            update_strategy=ON_DELETE,
            persistent_volume_claim_retention_policy=StatefulSetPersistentVolumeClaimRetentionPolicy(
                when_deleted="Retain", when_scaled="Retain"
            ),
            template=template(plan, options, identity, file, ON_DELETE, team, whole),
            volume_claim_templates=claims(plan, options, identity.selector(), team) or None,
        ),
    )
