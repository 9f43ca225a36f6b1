"""OpenKruise's Advanced StatefulSet, `apps.kruise.io/v1beta1`, as far as the target writes it.

Its schema keeps unknown fields of the pod template, so the cluster reports no misspelt one; these types do.
Without its mutating webhook the controller dereferences what it expects to be defaulted, so the fields
concerned are required here: replicas, revisionHistoryLimit, podManagementPolicy, updateStrategy.type and,
for a rolling update, all of partition, maxUnavailable, podUpdatePolicy, minReadySeconds and paused.
"""

from __future__ import annotations

from typing import Literal

from podpipec.targets.kubernetes.api import (
    Api,
    LabelSelector,
    ObjectMeta,
    PersistentVolumeClaim,
    PodTemplateSpec,
    StatefulSetPersistentVolumeClaimRetentionPolicy,
)

#: The condition type that the webhook demands as a readiness gate when pods may be updated in place.
IN_PLACE_UPDATE_READY = "InPlaceUpdateReady"


class RollingUpdate(Api, frozen=True, kw_only=True):
    """`partition` is the number of pods that keep the old template (since OpenKruise 1.8)."""

    pod_update_policy: Literal["ReCreate", "InPlaceIfPossible", "InPlaceOnly"]
    partition: int
    max_unavailable: int | str
    min_ready_seconds: int
    paused: bool


class UpdateStrategy(Api, frozen=True, kw_only=True):
    """`OnDelete` forbids `rolling_update`; `RollingUpdate` needs it."""

    type: Literal["OnDelete", "RollingUpdate"]
    rolling_update: RollingUpdate | None = None


class StatefulSetSpec(Api, frozen=True, kw_only=True):
    """Of these only replicas, template, strategy and history may change once the set exists."""

    replicas: int
    service_name: str
    pod_management_policy: Literal["Parallel", "OrderedReady"]
    revision_history_limit: int
    selector: LabelSelector
    update_strategy: UpdateStrategy
    persistent_volume_claim_retention_policy: StatefulSetPersistentVolumeClaimRetentionPolicy | None = None
    template: PodTemplateSpec
    volume_claim_templates: tuple[PersistentVolumeClaim, ...] | None = None


class StatefulSet(Api, frozen=True, kw_only=True):
    """The set itself; its status belongs to the controller."""

    api_version: Literal["apps.kruise.io/v1beta1"]
    kind: Literal["StatefulSet"]
    metadata: ObjectMeta
    spec: StatefulSetSpec
