"""The pod's volumes and the places behind them.

- `ram`: an in-memory emptyDir with the place's size as its limit; it lives as long as the pod.
- `node`: must outlive the pod and may die with the node. A hostPath would do, but Pod Security forbids it,
  nothing accounts for it and nothing cleans it up; a generic ephemeral volume or an emptyDir dies with the
  pod. So it is a claim, by the pod's number, of a local volume: a StorageClass of the node's own disks,
  bound on first consumer. A re-created pod of that number goes back to that node and its data. When the
  node is gone for good, the pod stays pending until its claim is deleted. `node_place="emptydir"` is there
  for flows that keep nothing in `node`.
- `volume`: a claim by the pod's number, of the class that the pod names. The pods of a flow across pods share one
  claim instead, which must be of a class whose volumes many nodes can mount (ReadWriteMany): what crosses lies there,
  and a claim by the pod's number is mounted by that pod alone.

Claims outlive the set and are deleted by hand: a plan's kept results are worth more than tidiness.
"""

from __future__ import annotations

import msgspec

from podpipec.targets.kubernetes import layout, quantity
from podpipec.targets.kubernetes.api import (
    ConfigMapProjection,
    ConfigMapVolumeSource,
    DownwardAPIProjection,
    DownwardAPIVolumeFile,
    EmptyDirVolumeSource,
    KeyToPath,
    ObjectFieldSelector,
    ObjectMeta,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpec,
    PersistentVolumeClaimVolumeSource,
    ProjectedVolumeSource,
    ServiceAccountTokenProjection,
    Volume,
    VolumeProjection,
    VolumeResourceRequirements,
)
from podpipec.targets.kubernetes.metadata import Identity
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.resources import SHARED_BYTES
from podpipec.targets.kubernetes.team import Team
from podpipec_runtime.plan.types import Place, Plan

_GROUP_READ = 0o440
#: Seconds; the kubelet renews the token well before.
_TOKEN_LIFE = 3600


def volumes(
    plan: Plan,
    options: KubernetesOptions,
    plan_map: str,
    containers: tuple[str, ...],
    team: Team | None = None,
) -> tuple[Volume, ...]:
    """Every volume that the pod itself declares; claims of its own are added by the set's controller."""
    return (
        _empty_dir(layout.SHARED_VOLUME, SHARED_BYTES),
        Volume(
            name=layout.PLAN_VOLUME,
            config_map=ConfigMapVolumeSource(name=plan_map, default_mode=_GROUP_READ),
        ),
        _token(),
        *(_empty_dir(layout.tmp_volume(name), options.tmp) for name in containers),
        *_place_volumes(plan, options),
        *_shared(team),
    )


def _shared(team: Team | None) -> tuple[Volume, ...]:
    if team is None or team.claim is None:
        return ()
    claim = PersistentVolumeClaimVolumeSource(claim_name=team.claim)
    return (Volume(name="volume", persistent_volume_claim=claim),)


def shared_claim(name: str, place: Place, options: KubernetesOptions, identity: Identity) -> PersistentVolumeClaim:
    """The one claim of `volume` that all pods of a flow across pods mount."""
    found = _claim(place, place.storage_class or options.volume_storage_class, identity.labels(), "ReadWriteMany")
    return msgspec.structs.replace(
        found, metadata=ObjectMeta(name=name, namespace=identity.namespace, labels=identity.labels())
    )


def claims(
    plan: Plan, options: KubernetesOptions, labels: dict[str, str], team: Team | None = None
) -> tuple[PersistentVolumeClaim, ...]:
    """The claims that each pod of the set gets, named as their places."""
    found: list[PersistentVolumeClaim] = []
    for place in plan.pod.places:
        if place.name == "node" and options.node_place == "claim":
            found.append(_claim(place, options.node_storage_class, labels))
        elif place.name == "volume" and team is None:
            found.append(_claim(place, place.storage_class or options.volume_storage_class, labels))
    return tuple(found)


def _place_volumes(plan: Plan, options: KubernetesOptions) -> tuple[Volume, ...]:
    found: list[Volume] = []
    for place in plan.pod.places:
        if place.name == "ram":
            found.append(_empty_dir(place.name, place.bytes, "Memory"))
        elif place.name == "node" and options.node_place == "emptydir":
            found.append(_empty_dir(place.name, place.bytes))
    return tuple(found)


def _empty_dir(name: str, limit: int, medium: str | None = None) -> Volume:
    return Volume(name=name, empty_dir=EmptyDirVolumeSource(medium=medium, size_limit=quantity.size(limit)))


def _claim(
    place: Place, storage_class: str | None, labels: dict[str, str], mode: str = "ReadWriteOnce"
) -> PersistentVolumeClaim:
    return PersistentVolumeClaim(
        api_version="v1",
        kind="PersistentVolumeClaim",
        metadata=ObjectMeta(name=place.name, labels=labels),
        spec=PersistentVolumeClaimSpec(
            access_modes=(mode,),
            volume_mode="Filesystem",
            storage_class_name=storage_class,
            resources=VolumeResourceRequirements(requests={"storage": quantity.size(place.bytes)}),
        ),
    )


def _token() -> Volume:
    """What client libraries expect of a service account's folder, for the one container that mounts it."""
    namespace = DownwardAPIVolumeFile(path="namespace", field_ref=ObjectFieldSelector(field_path="metadata.namespace"))
    return Volume(
        name=layout.TOKEN_VOLUME,
        projected=ProjectedVolumeSource(
            default_mode=_GROUP_READ,
            sources=(
                VolumeProjection(
                    service_account_token=ServiceAccountTokenProjection(path="token", expiration_seconds=_TOKEN_LIFE)
                ),
                VolumeProjection(
                    config_map=ConfigMapProjection(
                        name="kube-root-ca.crt", items=(KeyToPath(key="ca.crt", path="ca.crt"),)
                    )
                ),
                VolumeProjection(downward_api=DownwardAPIProjection(items=(namespace,))),
            ),
        ),
    )
