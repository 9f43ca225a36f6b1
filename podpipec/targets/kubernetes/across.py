"""A macro plan as manifests: a set of pods for each kind, and what they share.

Each set is what the plan of one pod becomes (`statefulset` and what goes with it), with as many pods as the macro plan
says. They share the plan's ConfigMap, the claim of `volume`, and a NetworkPolicy: nothing but the pods of the flow
reaches its pods, since the leading quarterback takes calls from the others (`team`).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from podpipec.targets.kubernetes import admission, rbac
from podpipec.targets.kubernetes.api import (
    Api,
    LabelSelector,
    NetworkPolicy,
    NetworkPolicyIngressRule,
    NetworkPolicyPeer,
    NetworkPolicySpec,
)
from podpipec.targets.kubernetes.check_plan import flow_reasons, name_reasons, size_reasons
from podpipec.targets.kubernetes.images import plan_images
from podpipec.targets.kubernetes.metadata import FLOW_LABEL, Identity
from podpipec.targets.kubernetes.names import LONGEST_SET_NAME, revision, set_name, swapped
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.plan_map import PlanFile, plan_map
from podpipec.targets.kubernetes.scratch import quarterback_scratch
from podpipec.targets.kubernetes.service import service
from podpipec.targets.kubernetes.statefulset import statefulset
from podpipec.targets.kubernetes.team import Team
from podpipec.targets.kubernetes.volumes import shared_claim
from podpipec.targets.manifest import Reason
from podpipec_runtime.plan.types import Input, Macro, Peak, Plan, Set


def across_reasons(macro: Macro, options: KubernetesOptions, file: PlanFile) -> tuple[Reason, ...]:
    """Every reason to refuse the plan with these options, each once."""
    found = [*name_reasons(macro.flow, options)]
    if not macro.sets:
        hint = "let it call a stage, or a flow on a pod"
        found.append(Reason("flow", macro.flow, f"flow `{macro.flow}` has nothing for a pod to do", hint))
    for flow in macro.flows:
        found += flow_reasons(flow, options)
    found += size_reasons(macro.flow, file)
    return tuple(dict.fromkeys(found))


def across_objects(macro: Macro, options: KubernetesOptions, file: PlanFile) -> tuple[Api, ...]:
    """The objects that run the plan, each after those that it refers to."""
    name = options.name or set_name(macro.flow) or ""
    own = options._replace(labels={**options.labels, FLOW_LABEL: name})
    whole = Identity(name, options.namespace, revision(file.text, options.quarterback_image, name), own.labels)
    leader = _name(name, macro, macro.sets[0])
    found: list[Api] = [plan_map(whole, file), _policy(whole)]
    if macro.volume is not None:
        found.append(shared_claim(f"{name}-volume", macro.volume, options, whole))
    for one in macro.sets:
        identity = Identity(_name(name, macro, one), options.namespace, whole.revision, own.labels)
        shares = any(place.name == "volume" for place in one.pod.places)
        team = Team(one.pod.name, f"{leader}-0", leader, f"{name}-volume" if shares else None)
        found += _set(standin(macro, one), one.pods, options, identity, whole, file, team)
    return tuple(found)


def _name(name: str, macro: Macro, one: Set) -> str:
    """The name of a set: the flow's, and for all but the first the kind of its pods behind it."""
    if one is macro.sets[0]:
        return name
    return set_name(f"{name[: LONGEST_SET_NAME // 2]}_{one.pod.name}") or name


def _set(
    plan: Plan,
    pods: int,
    options: KubernetesOptions,
    identity: Identity,
    whole: Identity,
    file: PlanFile,
    team: Team,
) -> Iterator[Api]:
    yield rbac.service_account(identity)
    yield rbac.role(identity, pods)
    yield rbac.role_binding(identity)
    yield admission.policy(
        identity,
        swapped(len(plan.pod.slots), len(plan.pod.seats)),
        plan_images(plan, options.quarterback_image),
    )
    yield admission.binding(identity)
    yield service(identity)
    yield statefulset(plan, options, identity, file, team, pods, whole)


def standin(macro: Macro, one: Set) -> Plan:
    """A plan that asks for what any flow of a set asks for: what a pod of the set must be able to do."""
    flows = [flow for flow in macro.flows if flow.flow in one.flows]
    heaviest = max(flows, key=quarterback_scratch)
    peaks: dict[str, Peak] = {}
    for peak in (peak for flow in flows for peak in flow.peaks):
        if peak.place not in peaks or peaks[peak.place].bytes < peak.bytes:
            peaks[peak.place] = peak
    stages = {(stage.name, stage.image): stage for flow in flows for stage in flow.stages}
    return replace(
        heaviest,
        pod=one.pod,
        inputs=tuple(map(_of_no_shard, heaviest.inputs)),
        stages=tuple(stages.values()),
        helpers=tuple({(helper.name, helper.image): helper for flow in flows for helper in flow.helpers}.values()),
        peaks=tuple(peaks.values()),
    )


def _of_no_shard(given: Input) -> Input:
    """Which shard a pod works on, it is told with each unit."""
    return replace(given, slice="whole", shards=()) if given.slice == "shard" else given


def _policy(whole: Identity) -> NetworkPolicy:
    pods = LabelSelector(match_labels={FLOW_LABEL: whole.set_name})
    return NetworkPolicy(
        api_version="networking.k8s.io/v1",
        kind="NetworkPolicy",
        metadata=whole.metadata(whole.set_name),
        spec=NetworkPolicySpec(
            pod_selector=pods,
            policy_types=("Ingress",),
            ingress=(NetworkPolicyIngressRule(from_=(NetworkPolicyPeer(pod_selector=pods),)),),
        ),
    )
