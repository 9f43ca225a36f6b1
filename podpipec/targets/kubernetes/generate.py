"""Writes `api.py`: the Kubernetes API types that the target uses, as msgspec structs.

`python -m podpipec.targets.kubernetes.generate` prints the module; it needs the official Python client,
which is a dependency of the tests alone. Of each type only the fields listed here are taken, in the order
in which they are to stand in a manifest. That keeps the module small and makes two mistakes impossible: a
misspelt field, and a field that Advanced StatefulSet would silently drop because it is newer than the API
that OpenKruise 1.9 was built with (Kubernetes 1.32; its webhook and its pod factory decode the template
into that version's types).
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from typing import Protocol

#: Fields of the types below that the client has and API 1.32 has not: never to be selected.
NEWER_THAN_KRUISE: Mapping[str, frozenset[str]] = {
    "V1PodSpec": frozenset(("eviction_responders", "hostname_override", "scheduling_group")),
    "V1Container": frozenset(("restart_policy_rules",)),
    "V1EmptyDirVolumeSource": frozenset(("mode",)),
    "V1ProjectedVolumeSource": frozenset(("default_user",)),
    "V1EnvVarSource": frozenset(("file_key_ref",)),
    "V1ConfigMapVolumeSource": frozenset(("default_user",)),
    "V1VolumeMount": frozenset(("bind_mount_options",)),
    "V1ServiceAccountTokenProjection": frozenset(("user",)),
    "V1KeyToPath": frozenset(("user",)),
    "V1DownwardAPIVolumeFile": frozenset(("user",)),
    "V1VolumeProjection": frozenset(("pod_certificate",)),
}

#: The fields that the target writes, by the client's names. A type stands after those that it refers to.
SELECTION: Mapping[str, str] = {
    "V1ObjectMeta": "name namespace labels annotations",
    "V1LabelSelector": "match_labels",
    "V1LocalObjectReference": "name",
    "V1ObjectFieldSelector": "field_path",
    "V1SecretKeySelector": "name key",
    "V1EnvVarSource": "field_ref secret_key_ref",
    "V1EnvVar": "name value value_from",
    "V1ResourceRequirements": "requests limits",
    "V1Capabilities": "drop",
    "V1SeccompProfile": "type",
    "V1SecurityContext": "allow_privilege_escalation capabilities read_only_root_filesystem run_as_non_root",
    "V1PodSecurityContext": (
        "run_as_non_root run_as_user run_as_group fs_group fs_group_change_policy seccomp_profile"
    ),
    "V1VolumeMount": "name mount_path sub_path sub_path_expr read_only",
    "V1ExecAction": "command",
    "V1Probe": "_exec period_seconds timeout_seconds failure_threshold",
    "V1Container": (
        "name image image_pull_policy command args env resources readiness_probe security_context "
        "termination_message_policy volume_mounts"
    ),
    "V1EmptyDirVolumeSource": "medium size_limit",
    "V1KeyToPath": "key path",
    "V1ConfigMapVolumeSource": "name items default_mode",
    "V1ConfigMapProjection": "name items",
    "V1ServiceAccountTokenProjection": "path expiration_seconds",
    "V1DownwardAPIVolumeFile": "path field_ref",
    "V1DownwardAPIProjection": "items",
    "V1VolumeProjection": "service_account_token config_map downward_api",
    "V1ProjectedVolumeSource": "default_mode sources",
    "V1PersistentVolumeClaimVolumeSource": "claim_name",
    "V1Volume": "name empty_dir config_map projected persistent_volume_claim",
    "V1PodReadinessGate": "condition_type",
    "V1PodSpec": (
        "service_account_name automount_service_account_token enable_service_links restart_policy "
        "termination_grace_period_seconds node_selector image_pull_secrets security_context readiness_gates "
        "init_containers containers volumes"
    ),
    "V1PodTemplateSpec": "metadata spec",
    "V1VolumeResourceRequirements": "requests",
    "V1PersistentVolumeClaimSpec": "access_modes volume_mode storage_class_name resources",
    "V1PersistentVolumeClaim": "api_version kind metadata spec",
    "V1StatefulSetPersistentVolumeClaimRetentionPolicy": "when_deleted when_scaled",
    "V1ConfigMap": "api_version kind metadata immutable data binary_data",
    "V1ServiceSpec": "type cluster_ip publish_not_ready_addresses selector",
    "V1Service": "api_version kind metadata spec",
    "V1NetworkPolicyPeer": "pod_selector",
    "V1NetworkPolicyIngressRule": "_from",
    "V1NetworkPolicySpec": "pod_selector policy_types ingress",
    "V1NetworkPolicy": "api_version kind metadata spec",
    "V1ServiceAccount": "api_version kind metadata automount_service_account_token",
    "V1PolicyRule": "api_groups resources resource_names verbs",
    "V1Role": "api_version kind metadata rules",
    "V1RoleRef": "api_group kind name",
    "RbacV1Subject": "kind name namespace",
    "V1RoleBinding": "api_version kind metadata role_ref subjects",
    "V1NamedRuleWithOperations": "api_groups api_versions operations resources scope",
    "V1MatchResources": "match_policy namespace_selector object_selector resource_rules",
    "V1MatchCondition": "name expression",
    "V1Variable": "name expression",
    "V1Validation": "expression message",
    "V1ValidatingAdmissionPolicySpec": ("failure_policy match_constraints match_conditions variables validations"),
    "V1ValidatingAdmissionPolicy": "api_version kind metadata spec",
    "V1ValidatingAdmissionPolicyBindingSpec": "policy_name validation_actions match_resources",
    "V1ValidatingAdmissionPolicyBinding": "api_version kind metadata spec",
}

HEAD = '''\
"""Types of the Kubernetes API, as far as the target writes them.

Written by `python -m podpipec.targets.kubernetes.generate` from the official Python client; do not edit.
Texts that stand for quantities (`6Gi`, `250m`) are as Kubernetes writes them. Names are those of the API
without version.
"""

from __future__ import annotations

import msgspec


class Api(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """A value of the API: no field but those of its type, and what is not set is not written."""
'''

_SCALARS = {"str": "str", "int": "int", "bool": "bool", "bytes": "str"}  # bytes travel as base64 text


class _Field(Protocol):
    def is_required(self) -> bool: ...


class _Model(Protocol):
    openapi_types: Mapping[str, str]
    attribute_map: Mapping[str, str]
    model_fields: Mapping[str, _Field]


def short(name: str) -> str:
    """The struct's name for a class of the client: `V1Pod` -> `Pod`, `RbacV1Subject` -> `Subject`."""
    return re.sub(r"^(?:Rbac)?V1", "", name)


def module() -> str:
    """The text of `api.py`. Raises LookupError where the selection and the client do not fit."""
    from kubernetes.client import models

    blocks = [_struct(name, fields.split(), getattr(models, name)) for name, fields in SELECTION.items()]
    return "\n\n".join((HEAD, *blocks))


def _struct(name: str, fields: list[str], model: _Model) -> str:
    missing = [field for field, info in model.model_fields.items() if info.is_required() and field not in fields]
    if missing:
        raise LookupError(f"{name} needs {', '.join(missing)}")
    if newer := NEWER_THAN_KRUISE.get(name, frozenset()).intersection(fields):
        raise LookupError(f"{name} in OpenKruise has no {', '.join(sorted(newer))}")
    lines = [f"class {short(name)}(Api, frozen=True, kw_only=True):"]
    return "\n".join([*lines, *(_line(name, field, model) for field in fields)]) + "\n"


def _line(name: str, field: str, model: _Model) -> str:
    if field not in model.openapi_types:
        raise LookupError(f"{name} has no {field}")
    if keyword.iskeyword(field):
        raise LookupError(f"{name}.{field} is a word of Python")
    kind = _kind(model.openapi_types[field])
    own = f"var{field}" if field.startswith("_") else field  # the client's, where its own name would be a builtin's
    optional = not model.model_fields[own].is_required()
    spelt = model.attribute_map[field]
    field = field.lstrip("_")
    field = f"{field}_" if keyword.iskeyword(field) else field
    if spelt == _camel(field):
        return f"    {field}: {kind} | None = None" if optional else f"    {field}: {kind}"
    default = "default=None, " if optional else ""
    return f'    {field}: {kind}{" | None" if optional else ""} = msgspec.field({default}name="{spelt}")'


def _kind(openapi: str) -> str:
    if match := re.fullmatch(r"List\[(.+)\]", openapi):
        return f"tuple[{_kind(match[1])}, ...]"
    if match := re.fullmatch(r"Dict\[str, (.+)\]", openapi):
        return f"dict[str, {_kind(match[1])}]"
    if openapi in _SCALARS:
        return _SCALARS[openapi]
    if openapi not in SELECTION:
        raise LookupError(f"{openapi} is not selected")
    return short(openapi)


def _camel(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


if __name__ == "__main__":
    sys.stdout.write(module())
