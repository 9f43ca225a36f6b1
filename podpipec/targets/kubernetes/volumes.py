"""The pod's volumes and the places behind them.

- `ram`: an in-memory emptyDir with the place's size as its limit; it lives as long as the pod.
- `node`: must outlive the pod and may die with the node. A hostPath would do, but Pod Security forbids it,
  nothing accounts for it and nothing cleans it up; a generic ephemeral volume or an emptyDir dies with the
  pod. So it is a claim, by the pod's number, of a local volume: a StorageClass of the node's own disks,
  bound on first consumer. A re-created pod of that number goes back to that node and its data. When the
  node is gone for good, the pod stays pending until its claim is deleted. `node_place="emptydir"` is there
  for flows that keep nothing in `node`.
- `volume`: a claim by the pod's number, of the class that the pod names.

Claims outlive the set and are deleted by hand: a plan's kept results are worth more than tidiness.
"""

from __future__ import annotations

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
    ProjectedVolumeSource,
    ServiceAccountTokenProjection,
    Volume,
    VolumeProjection,
    VolumeResourceRequirements,
)
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.resources import SHARED_BYTES
from podpipec_runtime.plan.types import Place, Plan

_GROUP_READ = 0o440
#: Seconds; the kubelet renews the token well before.
_TOKEN_LIFE = 3600


def volumes(plan: Plan, options: KubernetesOptions, plan_map: str, containers: tuple[str, ...]) -> tuple[Volume, ...]:
    """Every volume that the pod itself declares; claims are added by the set's controller."""
    return (
        _empty_dir(layout.SHARED_VOLUME, SHARED_BYTES),
        Volume(
            name=layout.PLAN_VOLUME,
            config_map=ConfigMapVolumeSource(name=plan_map, default_mode=_GROUP_READ),
        ),
        _token(),
        *(_empty_dir(layout.tmp_volume(name), options.tmp) for name in containers),
        *_place_volumes(plan, options),
    )


def claims(plan: Plan, options: KubernetesOptions, labels: dict[str, str]) -> tuple[PersistentVolumeClaim, ...]:
    """The claims that each pod of the set gets, named as their places."""
    found: list[PersistentVolumeClaim] = []
    for place in plan.pod.places:
        if place.name == "node" and options.node_place == "claim":
            found.append(_claim(place, options.node_storage_class, labels))
        elif place.name == "volume":
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


def _claim(place: Place, storage_class: str | None, labels: dict[str, str]) -> PersistentVolumeClaim:
    return PersistentVolumeClaim(
        api_version="v1",
        kind="PersistentVolumeClaim",
        metadata=ObjectMeta(name=place.name, labels=labels),
        spec=PersistentVolumeClaimSpec(
            access_modes=("ReadWriteOnce",),
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
