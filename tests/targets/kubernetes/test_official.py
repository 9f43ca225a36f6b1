"""The manifests against the official API: the client's models, and what OpenKruise's webhook asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kubernetes.client import models

from podpipec.targets.kubernetes import KubernetesOptions, api, generate, manifests
from podpipec.targets.kubernetes.kruise import RollingUpdate, UpdateStrategy
from podpipec.targets.kubernetes.template import readiness_gates
from podpipec_runtime.plan.types import Plan
from tests.targets import plans
from tests.targets.kubernetes.oracles import webhook_breaches

PLANS = (plans.minimal, plans.every_place, plans.exclusive, plans.per_shard, plans.beside)


def check(body: dict[str, Any]) -> None:
    """Raises where the official models do not know a field or its type. The set itself is OpenKruise's."""
    if not body["apiVersion"].startswith("apps.kruise.io/"):
        getattr(models, f"V1{body['kind']}").model_validate(body)
        return
    models.V1ObjectMeta.model_validate(body["metadata"])
    models.V1PodTemplateSpec.model_validate(body["spec"]["template"])
    for claim in body["spec"].get("volumeClaimTemplates", ()):
        models.V1PersistentVolumeClaim.model_validate(claim)
    # What is left is common to both kinds of set, and so are the names of the parts.
    models.V1StatefulSetSpec.model_validate(body["spec"])


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
@pytest.mark.parametrize("node_place", ["claim", "emptydir"])
def test_every_field_is_known(plan: Callable[[], Plan], node_place: Any) -> None:
    if plan is plans.every_place:
        node_place = "claim"
    options = KubernetesOptions(
        namespace="lab", node_place=node_place, node_selector={"disk": "ssd"}, image_pull_secrets=("login",)
    )
    for manifest in manifests(plan(), options):
        check(manifest.body)


def test_a_misspelt_field_is_found() -> None:
    body = manifests(plans.minimal())[-1].body
    body["spec"]["template"]["spec"]["containers"][0]["volumeMount"] = []  # type: ignore[index,call-overload]
    with pytest.raises(ValueError, match="volumeMount"):
        check(body)


def test_generated_types_are_fresh() -> None:
    assert api.__file__ is not None
    assert Path(api.__file__).read_text() == generate.module(), "run the generator again"


def test_generator_refuses_what_openkruise_would_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "SELECTION", {"V1EmptyDirVolumeSource": "medium mode"})
    with pytest.raises(LookupError, match="no mode"):
        generate.module()


def test_generator_refuses_a_type_without_its_required_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "SELECTION", {"V1VolumeMount": "name"})
    with pytest.raises(LookupError, match="mount_path"):
        generate.module()


def test_generated_types_refuse_unknown_fields() -> None:
    with pytest.raises(msgspec.ValidationError, match="sizelimit"):
        msgspec.convert({"sizelimit": "1Gi"}, api.EmptyDirVolumeSource)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
def test_webhook_accepts_the_set(plan: Callable[[], Plan]) -> None:
    assert list(webhook_breaches(manifests(plan())[-1].body)) == []


@pytest.mark.parametrize(("policy", "gates"), [("ReCreate", ()), ("InPlaceIfPossible", 1), ("InPlaceOnly", 1)], ids=str)
def test_in_place_policies_ask_for_the_gate(policy: Any, gates: object) -> None:
    rolling = RollingUpdate(pod_update_policy=policy, partition=0, max_unavailable=1, min_ready_seconds=0, paused=True)
    found = readiness_gates(UpdateStrategy(type="RollingUpdate", rolling_update=rolling))
    assert found == (() if not gates else (api.PodReadinessGate(condition_type="InPlaceUpdateReady"),))
