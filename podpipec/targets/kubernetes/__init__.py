"""The Kubernetes target: a plan becomes manifests for OpenKruise's Advanced StatefulSet.

`manifests(plan, options)` is all there is to call. It first collects every reason to refuse
(`check_options`, `check_plan`), settles names and the plan's file (`names`, `plan_map`), and then builds
typed values of the API (`api`, generated; `kruise`) from the top down: `statefulset` → `template` →
`containers`, `volumes`, `resources`, `security`; beside them `service`, `rbac` and `admission`. A plan across
pods is several such sets and what they share (`across`, `team`). Nothing is
merged as text and no field is spelt in a string, because the cluster keeps unknown fields of an Advanced
StatefulSet's template without a word.

What the cluster must have: Kubernetes 1.30 or later (admission policies), OpenKruise 1.9 or later, a
StorageClass for each claimed place (`volumes`), and the quarterback's image (`containers` says what is in
it). What it refuses to do: stages without images, root, host paths, names that Kubernetes does not have,
plans beyond a ConfigMap. It applies nothing and speaks to no cluster.
"""

from __future__ import annotations

import msgspec

from podpipec.targets.kubernetes import admission, names, rbac
from podpipec.targets.kubernetes.across import across_objects, across_reasons
from podpipec.targets.kubernetes.api import Api
from podpipec.targets.kubernetes.check_options import option_reasons
from podpipec.targets.kubernetes.check_plan import plan_reasons
from podpipec.targets.kubernetes.images import plan_images
from podpipec.targets.kubernetes.metadata import Identity
from podpipec.targets.kubernetes.names import revision, set_name
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.plan_map import PlanFile, plan_file, plan_map, plan_text
from podpipec.targets.kubernetes.service import service
from podpipec.targets.kubernetes.shards import replicas
from podpipec.targets.kubernetes.statefulset import statefulset
from podpipec.targets.manifest import Manifest, Reason, Refused
from podpipec_runtime.plan.types import Macro, Plan

__all__ = ["KubernetesOptions", "Manifest", "Reason", "Refused", "manifests"]

_DEFAULTS = KubernetesOptions()


def manifests(plan: Plan | Macro, options: KubernetesOptions = _DEFAULTS) -> tuple[Manifest, ...]:
    """The objects that run the plan, each after those that it refers to.

    Raises Refused, with every reason, for a plan or options that Kubernetes cannot do.
    """
    file = plan_file(plan_text(plan))
    if isinstance(plan, Macro):
        if refused := (*option_reasons(options), *across_reasons(plan, options, file)):
            raise Refused(refused)
        return tuple(map(_manifest, across_objects(plan, options, file)))
    reasons = (*option_reasons(options), *plan_reasons(plan, options, file))
    if reasons:
        raise Refused(reasons)
    return tuple(map(_manifest, _objects(plan, options, _identity(plan, options, file), file)))


def _identity(plan: Plan, options: KubernetesOptions, file: PlanFile) -> Identity:
    name = options.name or set_name(plan.flow) or ""
    return Identity(
        set_name=name,
        namespace=options.namespace,
        revision=revision(file.text, options.quarterback_image, name),
        user_labels=options.labels,
    )


def _objects(plan: Plan, options: KubernetesOptions, identity: Identity, file: PlanFile) -> tuple[Api, ...]:
    return (
        rbac.service_account(identity),
        rbac.role(identity, replicas(plan)),
        rbac.role_binding(identity),
        plan_map(identity, file),
        admission.policy(
            identity,
            names.swapped(len(plan.pod.slots), len(plan.pod.seats)),
            plan_images(plan, options.quarterback_image),
        ),
        admission.binding(identity),
        service(identity),
        statefulset(plan, options, identity, file),
    )


def _manifest(value: Api) -> Manifest:
    body = msgspec.json.decode(msgspec.json.encode(value))  # lists, where to_builtins would leave tuples
    return Manifest(kind=body["kind"], name=body["metadata"]["name"], body=body)
