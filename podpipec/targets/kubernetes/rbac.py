"""Who the quarterback is to the cluster, and what it may do there: read, watch and patch the set's pods.

A Role cannot say "its own pod" nor "only images"; the admission policy (`admission`) does. The names of the
pods are listed, so that no other pod of the namespace is within reach even without that policy.
"""

from __future__ import annotations

from podpipec.targets.kubernetes.api import PolicyRule, Role, RoleBinding, RoleRef, ServiceAccount, Subject
from podpipec.targets.kubernetes.metadata import Identity

_GROUP = "rbac.authorization.k8s.io"


def service_account(identity: Identity) -> ServiceAccount:
    """The account. Its token is mounted into no container of itself."""
    return ServiceAccount(
        api_version="v1",
        kind="ServiceAccount",
        metadata=identity.metadata(identity.set_name),
        automount_service_account_token=False,
    )


def role(identity: Identity, replicas: int) -> Role:
    """The permission, for the pods of the set by name."""
    pods = tuple(f"{identity.set_name}-{ordinal}" for ordinal in range(replicas))
    rule = PolicyRule(api_groups=("",), resources=("pods",), resource_names=pods, verbs=("get", "watch", "patch"))
    return Role(
        api_version=f"{_GROUP}/v1",
        kind="Role",
        metadata=identity.metadata(identity.set_name),
        rules=(rule,),
    )


def role_binding(identity: Identity) -> RoleBinding:
    """Gives the account the role. Without a namespace the subject is the account beside the binding."""
    name = identity.set_name
    return RoleBinding(
        api_version=f"{_GROUP}/v1",
        kind="RoleBinding",
        metadata=identity.metadata(name),
        role_ref=RoleRef(api_group=_GROUP, kind="Role", name=name),
        subjects=(Subject(kind="ServiceAccount", name=name, namespace=identity.namespace),),
    )
