"""What a user may choose about the manifests; everything else follows from the plan."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from podpipec_runtime.tuples import NamedTuple

#: The quarterback's image when none is named. A plain name: the cluster's registry settings find it.
QUARTERBACK_IMAGE = "podpipec-quarterback:0.1.0"

MIB = 1 << 20
GIB = 1 << 30


class KubernetesOptions(NamedTuple):
    """Choices for one set of manifests. Units: bytes, and thousandths of a core."""

    #: The name of the set and of all that belongs to it. Derived from the flow's name when None.
    name: str | None = None
    #: Written into every manifest. None leaves it to `kubectl -n`.
    namespace: str | None = None
    #: Further labels for every object and pod.
    labels: Mapping[str, str] = MappingProxyType({})

    quarterback_image: str = QUARTERBACK_IMAGE
    #: The quarterback hashes and copies what stages publish, so it gets a core of its own.
    quarterback_cpu: int = 1000
    #: Working memory; what it writes to `ram` is added from the plan.
    quarterback_memory: int = 256 * MIB
    image_pull_policy: Literal["IfNotPresent", "Always", "Never"] = "IfNotPresent"
    #: Names of Secrets in the namespace that hold registry credentials.
    image_pull_secrets: tuple[str, ...] = ()
    node_selector: Mapping[str, str] = MappingProxyType({})
    #: For secrets of the flow `NAME/KEY` of the Secret in the namespace that holds each. One that is not named is the
    #: key of its own name in the Secret that is called as it is, with `-` for `_`.
    secrets: Mapping[str, str] = MappingProxyType({})

    #: User and group of every container, never root. One for all: the quarterback seals what stages write.
    run_as_user: int = 65532
    #: Stages write to their places and to /tmp alone. False is for images that must write elsewhere.
    read_only_root: bool = True
    #: Bound of each slot's /tmp, on the node's disk. A pod that writes more is evicted.
    tmp: int = GIB

    #: `claim`: a volume of the node's own disk, claimed by the pod's number, which outlives the pod.
    #: `emptydir`: dies with the pod, so it is refused for a flow that keeps values in `node`.
    node_place: Literal["claim", "emptydir"] = "claim"
    #: A StorageClass of local volumes (bound on first consumer).
    node_storage_class: str = "local-storage"
    #: For `volume` where the pod names no class. None is the cluster's default class.
    volume_storage_class: str | None = None
