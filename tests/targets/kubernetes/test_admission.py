"""The admission policy's parts that are data: whom it concerns, which images, and the patterns in it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from podpipec.targets.kubernetes import KubernetesOptions, manifests
from podpipec_runtime.plan.types import Plan, Slot
from tests.targets import plans


def bodies(plan: Plan, options: KubernetesOptions | None = None) -> dict[str, Any]:
    return {manifest.kind: manifest.body for manifest in manifests(plan, options or KubernetesOptions())}


def texts(policy: dict[str, Any], name: str) -> list[str]:
    """The list that a variable stands for, its parts put together."""
    variables = {entry["name"]: entry["expression"] for entry in policy["spec"]["variables"]}
    parts = re.findall(r"variables\.(\w+)", variables[name]) or [name]
    return [text for part in parts for text in re.findall(r"'([^']*)'", variables[part])]


def allows(policy: dict[str, Any], image: str) -> bool:
    """What the policy says of a slot's new image, by the lists and patterns found in it."""
    expression = policy["spec"]["validations"][1]["expression"]
    name, digest = re.findall(r"find\('([^']+)'\)", expression)
    if image in texts(policy, "images"):
        return True
    first, last = re.search(name, image), re.search(digest, image)
    return (first[0] if first else "") + (last[0] if last else "") in texts(policy, "pinned")


NOTE = "registry.example:5000/tools/note"


@pytest.mark.parametrize(
    ("image", "verdict"),
    [
        (NOTE + plans.DIGEST, True),
        (NOTE + ":step-17" + plans.DIGEST, True),
        ("registry.example/clean" + plans.DIGEST, True),
        ("registry.example/clean:2.1" + plans.DIGEST, True),
        ("podpipec-quarterback:0.1.0", True),
        ("podpipec-quarterback:0.2.0", False),
        (NOTE, False),
        (NOTE + ":step-17", False),
        (NOTE + "@sha256:" + "f" * 64, False),
        (NOTE + "@sha256:" + "f" * 64 + plans.DIGEST, False),
        ("evil.example/" + NOTE + plans.DIGEST, False),
        (NOTE + ":a/b" + plans.DIGEST, False),
        ("registry.example:5000/tools/evil" + plans.DIGEST, False),
        ("", False),
    ],
)
def test_images(image: str, verdict: bool) -> None:
    assert allows(bodies(plans.every_place())["ValidatingAdmissionPolicy"], image) is verdict


def test_it_concerns_the_account_and_the_pods_of_the_revision() -> None:
    found = bodies(plans.per_shard(), KubernetesOptions(namespace="lab"))
    policy, binding = found["ValidatingAdmissionPolicy"], found["ValidatingAdmissionPolicyBinding"]
    account = found["StatefulSet"]["spec"]["template"]["spec"]["serviceAccountName"]
    assert f":{account}'" in policy["spec"]["matchConditions"][0]["expression"]
    assert binding["spec"]["policyName"] == policy["metadata"]["name"]
    assert binding["spec"]["validationActions"] == ["Deny"]
    scope = binding["spec"]["matchResources"]
    assert scope["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "lab"}
    labels = found["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    assert scope["objectSelector"]["matchLabels"].items() <= labels.items()
    assert "namespace" not in policy["metadata"]


def test_slots_are_named_and_the_quarterback_is_not_one() -> None:
    found = bodies(plans.every_place())
    containers = [entry["name"] for entry in found["StatefulSet"]["spec"]["template"]["spec"]["containers"]]
    assert containers == ["quarterback", *texts(found["ValidatingAdmissionPolicy"], "slots")]


def test_long_lists_stay_below_the_bound_of_an_expression() -> None:
    stages = tuple(
        plans.stage(f"s{number}", f"registry.example/some/stage-{number}{plans.DIGEST}") for number in range(2000)
    )
    plan = msgspec.structs.replace(plans.minimal(), stages=stages)
    policy = bodies(plan)["ValidatingAdmissionPolicy"]
    assert max(len(entry["expression"]) for entry in policy["spec"]["variables"]) < 100_000
    images = {stage.image for stage in stages}
    assert set(texts(policy, "images")) == images | {"podpipec-quarterback:0.1.0"}
    assert set(texts(policy, "pinned")) == images
    assert allows(policy, f"registry.example/some/stage-1999:again{plans.DIGEST}")


def test_an_image_of_a_slot_that_no_stage_names_is_allowed() -> None:
    plan = plans.minimal()
    pod = msgspec.structs.replace(plan.pod, slots=(Slot(cpu=1, memory=1 << 30, image="first:1"),))
    policy = bodies(msgspec.structs.replace(plan, pod=pod))["ValidatingAdmissionPolicy"]
    assert allows(policy, "first:1")


def test_the_role_names_each_pod_and_nothing_else() -> None:
    role = bodies(plans.per_shard())["Role"]
    assert role["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["pods"],
            "resourceNames": ["by-airport-0", "by-airport-1", "by-airport-2"],
            "verbs": ["get", "watch", "patch"],
        }
    ]
