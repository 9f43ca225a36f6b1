"""Security contexts: Pod Security "restricted", and a read-only root on top of it.

Every container has the same user and group. The quarterback must own what stages wrote to seal it, and gets
no capability to change what others own. The group of the volumes is set on their roots when they are
mounted for the first time and not again: a second recursive pass would make sealed files writable.
"""

from __future__ import annotations

from podpipec.targets.kubernetes.api import Capabilities, PodSecurityContext, SeccompProfile, SecurityContext
from podpipec.targets.kubernetes.options import KubernetesOptions


def pod_security(options: KubernetesOptions) -> PodSecurityContext:
    """The context of the pod: who its processes are, and the group that its volumes belong to."""
    return PodSecurityContext(
        run_as_non_root=True,
        run_as_user=options.run_as_user,
        run_as_group=options.run_as_user,
        fs_group=options.run_as_user,
        fs_group_change_policy="OnRootMismatch",
        seccomp_profile=SeccompProfile(type="RuntimeDefault"),
    )


def container_security(read_only_root: bool) -> SecurityContext:
    """The context of one container: no capability, none to be gained."""
    return SecurityContext(
        allow_privilege_escalation=False,
        capabilities=Capabilities(drop=("ALL",)),
        read_only_root_filesystem=read_only_root,
        run_as_non_root=True,
    )
