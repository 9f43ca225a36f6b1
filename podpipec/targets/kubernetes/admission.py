"""The admission policy (CEL, Kubernetes 1.30 and later) that makes the quarterback's permission as small as
its need.

RBAC lets the account patch any pod of the set in any field that a pod's update may touch. This policy looks
at each update by the account and denies it unless

- the token was issued to that very pod (name and UID; the kubelet binds projected tokens to their pod), and
- nothing changes but images of slots, each to an image of the plan. Of an image with a digest any tag will
  do: the digest decides what runs, and the quarterback makes references unique by the tag (see `images`).

Both objects are cluster-scoped: who applies them needs that right, once for each revision. The policy is
bound to the pods of one revision, so two plans, or the same plan in two namespaces, never judge each
other's pods, and a failure to evaluate it (`failurePolicy: Fail`) touches no other workload. They go with
`kubectl delete validatingadmissionpolicies,validatingadmissionpolicybindings -l podpipec/revision=…`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from podpipec.targets.kubernetes import images
from podpipec.targets.kubernetes.api import (
    LabelSelector,
    MatchCondition,
    MatchResources,
    NamedRuleWithOperations,
    ObjectMeta,
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
    ValidatingAdmissionPolicyBindingSpec,
    ValidatingAdmissionPolicySpec,
    Validation,
    Variable,
)
from podpipec.targets.kubernetes.metadata import INSTANCE_LABEL, REVISION_LABEL, Identity

_API = "admissionregistration.k8s.io/v1"

#: CEL refuses expressions of more than 100,000 characters; long lists are cut into several variables.
_MOST_CHARACTERS = 60_000

_OWN_POD = """\
request.userInfo.?extra[?'authentication.kubernetes.io/pod-name'].orValue([]) == [oldObject.metadata.name] &&
request.userInfo.?extra[?'authentication.kubernetes.io/pod-uid'].orValue([]) == [oldObject.metadata.uid]
"""

_PLAN_IMAGES = """\
object.spec.containers.all(c,
  oldObject.spec.containers.exists(o, o.name == c.name && o.image == c.image) ||
  c.name in variables.slots && (
    c.image in variables.images ||
    c.image.find('^(.*/)?[^/:@]+') + c.image.find('@.*$') in variables.pinned))
"""

_NOTHING_ELSE = """\
object.metadata.?labels == oldObject.metadata.?labels &&
object.metadata.?annotations == oldObject.metadata.?annotations &&
object.metadata.?finalizers == oldObject.metadata.?finalizers &&
object.metadata.?ownerReferences == oldObject.metadata.?ownerReferences &&
object.spec.?initContainers == oldObject.spec.?initContainers &&
object.spec.?ephemeralContainers == oldObject.spec.?ephemeralContainers &&
object.spec.?tolerations == oldObject.spec.?tolerations &&
object.spec.?activeDeadlineSeconds == oldObject.spec.?activeDeadlineSeconds &&
object.spec.?terminationGracePeriodSeconds == oldObject.spec.?terminationGracePeriodSeconds &&
object.spec.containers.all(c,
  oldObject.spec.containers.exists(o, o.name == c.name && o.?resources == c.?resources))
"""


def policy_name(identity: Identity) -> str:
    """The name of the policy and of its binding; unique in the cluster for what the policy says."""
    return f"{identity.set_name}-{identity.revision}.podpipec"


def policy(identity: Identity, slots: tuple[str, ...], allowed: tuple[str, ...]) -> ValidatingAdmissionPolicy:
    """The policy for a set whose pods have these slots and images."""
    return ValidatingAdmissionPolicy(
        api_version=_API,
        kind="ValidatingAdmissionPolicy",
        metadata=_metadata(identity),
        spec=ValidatingAdmissionPolicySpec(
            failure_policy="Fail",
            match_constraints=MatchResources(match_policy="Equivalent", resource_rules=(_pod_updates(),)),
            match_conditions=(MatchCondition(name="by-the-quarterback", expression=_account(identity)),),
            variables=tuple(_variables(slots, allowed)),
            validations=(
                Validation(
                    expression=_OWN_POD,
                    message="a quarterback patches only the pod that its token was issued to",
                ),
                Validation(expression=_PLAN_IMAGES, message="a quarterback gives slots only the images of its plan"),
                Validation(
                    expression=_NOTHING_ELSE,
                    message="a quarterback changes nothing of its pod but images of slots",
                ),
            ),
        ),
    )


def binding(identity: Identity) -> ValidatingAdmissionPolicyBinding:
    """Puts the policy in force for the pods of this revision."""
    namespace = {"kubernetes.io/metadata.name": identity.namespace} if identity.namespace else None
    pods = {INSTANCE_LABEL: identity.set_name, REVISION_LABEL: identity.revision}
    return ValidatingAdmissionPolicyBinding(
        api_version=_API,
        kind="ValidatingAdmissionPolicyBinding",
        metadata=_metadata(identity),
        spec=ValidatingAdmissionPolicyBindingSpec(
            policy_name=policy_name(identity),
            validation_actions=("Deny",),
            match_resources=MatchResources(
                match_policy="Equivalent",
                namespace_selector=LabelSelector(match_labels=namespace) if namespace else None,
                object_selector=LabelSelector(match_labels=pods),
            ),
        ),
    )


def _metadata(identity: Identity) -> ObjectMeta:
    return ObjectMeta(name=policy_name(identity), labels=identity.revision_labels())


def _pod_updates() -> NamedRuleWithOperations:
    return NamedRuleWithOperations(
        api_groups=("",),
        api_versions=("v1",),
        operations=("UPDATE",),
        resources=("pods",),
        scope="Namespaced",
    )


def _account(identity: Identity) -> str:
    return f"request.userInfo.username == 'system:serviceaccount:' + request.namespace + ':{identity.set_name}'"


def _variables(slots: tuple[str, ...], allowed: tuple[str, ...]) -> Iterator[Variable]:
    yield from _list("slots", slots)
    yield from _list("images", allowed)
    yield from _list("pinned", sorted({name for image in allowed if (name := images.pinned(image))}))


def _list(name: str, texts: Iterable[str]) -> Iterator[Variable]:
    """A variable that holds the texts; parts of it come before where it is long.

    The texts are image references and our own names: nothing in them needs an escape.
    """
    chunks: list[list[str]] = [[]]
    room = _MOST_CHARACTERS
    for text in texts:
        if room < len(text):
            chunks.append([])
            room = _MOST_CHARACTERS
        chunks[-1].append(f"'{text}'")
        room -= len(text) + 4
    if len(chunks) == 1:
        yield Variable(name=name, expression=_literal(chunks[0]))
        return
    parts = [f"{name}{number}" for number in range(len(chunks))]
    for part, chunk in zip(parts, chunks, strict=True):
        yield Variable(name=part, expression=_literal(chunk))
    yield Variable(name=name, expression=" + ".join(f"variables.{part}" for part in parts))


def _literal(quoted: list[str]) -> str:
    if len(quoted) <= 1:
        return f"[{''.join(quoted)}]"
    return "[\n" + "".join(f"  {text},\n" for text in quoted)[:-2] + "\n]\n"
