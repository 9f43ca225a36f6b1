"""Types of the Kubernetes API, as far as the target writes them.

Written by `python -m podpipec.targets.kubernetes.generate` from the official Python client; do not edit.
Texts that stand for quantities (`6Gi`, `250m`) are as Kubernetes writes them. Names are those of the API
without version.
"""

from __future__ import annotations

import msgspec


class Api(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """A value of the API: no field but those of its type, and what is not set is not written."""


class ObjectMeta(Api, frozen=True, kw_only=True):
    name: str | None = None
    namespace: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None


class LabelSelector(Api, frozen=True, kw_only=True):
    match_labels: dict[str, str] | None = None


class LocalObjectReference(Api, frozen=True, kw_only=True):
    name: str | None = None


class ObjectFieldSelector(Api, frozen=True, kw_only=True):
    field_path: str


class SecretKeySelector(Api, frozen=True, kw_only=True):
    name: str | None = None
    key: str


class EnvVarSource(Api, frozen=True, kw_only=True):
    field_ref: ObjectFieldSelector | None = None
    secret_key_ref: SecretKeySelector | None = None


class EnvVar(Api, frozen=True, kw_only=True):
    name: str
    value: str | None = None
    value_from: EnvVarSource | None = None


class ResourceRequirements(Api, frozen=True, kw_only=True):
    requests: dict[str, str] | None = None
    limits: dict[str, str] | None = None


class Capabilities(Api, frozen=True, kw_only=True):
    drop: tuple[str, ...] | None = None


class SeccompProfile(Api, frozen=True, kw_only=True):
    type: str


class SecurityContext(Api, frozen=True, kw_only=True):
    allow_privilege_escalation: bool | None = None
    capabilities: Capabilities | None = None
    read_only_root_filesystem: bool | None = None
    run_as_non_root: bool | None = None


class PodSecurityContext(Api, frozen=True, kw_only=True):
    run_as_non_root: bool | None = None
    run_as_user: int | None = None
    run_as_group: int | None = None
    fs_group: int | None = None
    fs_group_change_policy: str | None = None
    seccomp_profile: SeccompProfile | None = None


class VolumeMount(Api, frozen=True, kw_only=True):
    name: str
    mount_path: str
    sub_path: str | None = None
    sub_path_expr: str | None = None
    read_only: bool | None = None


class ExecAction(Api, frozen=True, kw_only=True):
    command: tuple[str, ...] | None = None


class Probe(Api, frozen=True, kw_only=True):
    exec: ExecAction | None = None
    period_seconds: int | None = None
    timeout_seconds: int | None = None
    failure_threshold: int | None = None


class Container(Api, frozen=True, kw_only=True):
    name: str
    image: str | None = None
    image_pull_policy: str | None = None
    command: tuple[str, ...] | None = None
    args: tuple[str, ...] | None = None
    env: tuple[EnvVar, ...] | None = None
    resources: ResourceRequirements | None = None
    readiness_probe: Probe | None = None
    security_context: SecurityContext | None = None
    termination_message_policy: str | None = None
    volume_mounts: tuple[VolumeMount, ...] | None = None


class EmptyDirVolumeSource(Api, frozen=True, kw_only=True):
    medium: str | None = None
    size_limit: str | None = None


class KeyToPath(Api, frozen=True, kw_only=True):
    key: str
    path: str


class ConfigMapVolumeSource(Api, frozen=True, kw_only=True):
    name: str | None = None
    items: tuple[KeyToPath, ...] | None = None
    default_mode: int | None = None


class ConfigMapProjection(Api, frozen=True, kw_only=True):
    name: str | None = None
    items: tuple[KeyToPath, ...] | None = None


class ServiceAccountTokenProjection(Api, frozen=True, kw_only=True):
    path: str
    expiration_seconds: int | None = None


class DownwardAPIVolumeFile(Api, frozen=True, kw_only=True):
    path: str
    field_ref: ObjectFieldSelector | None = None


class DownwardAPIProjection(Api, frozen=True, kw_only=True):
    items: tuple[DownwardAPIVolumeFile, ...] | None = None


class VolumeProjection(Api, frozen=True, kw_only=True):
    service_account_token: ServiceAccountTokenProjection | None = None
    config_map: ConfigMapProjection | None = None
    downward_api: DownwardAPIProjection | None = msgspec.field(default=None, name="downwardAPI")


class ProjectedVolumeSource(Api, frozen=True, kw_only=True):
    default_mode: int | None = None
    sources: tuple[VolumeProjection, ...] | None = None


class PersistentVolumeClaimVolumeSource(Api, frozen=True, kw_only=True):
    claim_name: str


class Volume(Api, frozen=True, kw_only=True):
    name: str
    empty_dir: EmptyDirVolumeSource | None = None
    config_map: ConfigMapVolumeSource | None = None
    projected: ProjectedVolumeSource | None = None
    persistent_volume_claim: PersistentVolumeClaimVolumeSource | None = None


class PodReadinessGate(Api, frozen=True, kw_only=True):
    condition_type: str


class PodSpec(Api, frozen=True, kw_only=True):
    service_account_name: str | None = None
    automount_service_account_token: bool | None = None
    enable_service_links: bool | None = None
    restart_policy: str | None = None
    termination_grace_period_seconds: int | None = None
    node_selector: dict[str, str] | None = None
    image_pull_secrets: tuple[LocalObjectReference, ...] | None = None
    security_context: PodSecurityContext | None = None
    readiness_gates: tuple[PodReadinessGate, ...] | None = None
    init_containers: tuple[Container, ...] | None = None
    containers: tuple[Container, ...]
    volumes: tuple[Volume, ...] | None = None


class PodTemplateSpec(Api, frozen=True, kw_only=True):
    metadata: ObjectMeta | None = None
    spec: PodSpec | None = None


class VolumeResourceRequirements(Api, frozen=True, kw_only=True):
    requests: dict[str, str] | None = None


class PersistentVolumeClaimSpec(Api, frozen=True, kw_only=True):
    access_modes: tuple[str, ...] | None = None
    volume_mode: str | None = None
    storage_class_name: str | None = None
    resources: VolumeResourceRequirements | None = None


class PersistentVolumeClaim(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    spec: PersistentVolumeClaimSpec | None = None


class StatefulSetPersistentVolumeClaimRetentionPolicy(Api, frozen=True, kw_only=True):
    when_deleted: str | None = None
    when_scaled: str | None = None


class ConfigMap(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    immutable: bool | None = None
    data: dict[str, str] | None = None
    binary_data: dict[str, str] | None = None


class ServiceSpec(Api, frozen=True, kw_only=True):
    type: str | None = None
    cluster_ip: str | None = msgspec.field(default=None, name="clusterIP")
    publish_not_ready_addresses: bool | None = None
    selector: dict[str, str] | None = None


class Service(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    spec: ServiceSpec | None = None


class NetworkPolicyPeer(Api, frozen=True, kw_only=True):
    pod_selector: LabelSelector | None = None


class NetworkPolicyIngressRule(Api, frozen=True, kw_only=True):
    from_: tuple[NetworkPolicyPeer, ...] | None = None


class NetworkPolicySpec(Api, frozen=True, kw_only=True):
    pod_selector: LabelSelector | None = None
    policy_types: tuple[str, ...] | None = None
    ingress: tuple[NetworkPolicyIngressRule, ...] | None = None


class NetworkPolicy(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    spec: NetworkPolicySpec | None = None


class ServiceAccount(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    automount_service_account_token: bool | None = None


class PolicyRule(Api, frozen=True, kw_only=True):
    api_groups: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    resource_names: tuple[str, ...] | None = None
    verbs: tuple[str, ...]


class Role(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    rules: tuple[PolicyRule, ...] | None = None


class RoleRef(Api, frozen=True, kw_only=True):
    api_group: str | None = None
    kind: str
    name: str


class Subject(Api, frozen=True, kw_only=True):
    kind: str
    name: str
    namespace: str | None = None


class RoleBinding(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    role_ref: RoleRef
    subjects: tuple[Subject, ...] | None = None


class NamedRuleWithOperations(Api, frozen=True, kw_only=True):
    api_groups: tuple[str, ...] | None = None
    api_versions: tuple[str, ...] | None = None
    operations: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    scope: str | None = None


class MatchResources(Api, frozen=True, kw_only=True):
    match_policy: str | None = None
    namespace_selector: LabelSelector | None = None
    object_selector: LabelSelector | None = None
    resource_rules: tuple[NamedRuleWithOperations, ...] | None = None


class MatchCondition(Api, frozen=True, kw_only=True):
    name: str
    expression: str


class Variable(Api, frozen=True, kw_only=True):
    name: str
    expression: str


class Validation(Api, frozen=True, kw_only=True):
    expression: str
    message: str | None = None


class ValidatingAdmissionPolicySpec(Api, frozen=True, kw_only=True):
    failure_policy: str | None = None
    match_constraints: MatchResources | None = None
    match_conditions: tuple[MatchCondition, ...] | None = None
    variables: tuple[Variable, ...] | None = None
    validations: tuple[Validation, ...] | None = None


class ValidatingAdmissionPolicy(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    spec: ValidatingAdmissionPolicySpec | None = None


class ValidatingAdmissionPolicyBindingSpec(Api, frozen=True, kw_only=True):
    policy_name: str
    validation_actions: tuple[str, ...]
    match_resources: MatchResources | None = None


class ValidatingAdmissionPolicyBinding(Api, frozen=True, kw_only=True):
    api_version: str | None = None
    kind: str | None = None
    metadata: ObjectMeta | None = None
    spec: ValidatingAdmissionPolicyBindingSpec
