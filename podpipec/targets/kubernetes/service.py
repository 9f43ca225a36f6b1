"""The headless Service that gives each pod of the set a name of its own.

Pods that are not ready stay in it: during a swap a pod is not ready, and is still there.
"""

from __future__ import annotations

from podpipec.targets.kubernetes.api import Service, ServiceSpec
from podpipec.targets.kubernetes.metadata import Identity


def service(identity: Identity) -> Service:
    """The Service that the set names as its own. Nothing in the pods listens, so it has no ports."""
    return Service(
        api_version="v1",
        kind="Service",
        metadata=identity.metadata(identity.set_name),
        spec=ServiceSpec(
            type="ClusterIP",
            cluster_ip="None",
            publish_not_ready_addresses=True,
            selector=identity.selector(),
        ),
    )
