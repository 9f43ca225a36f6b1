"""Secrets on a cluster: by reference, in the slots of the stages that ask for them, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podpipec.graph.slots import allot
from podpipec.plan import lower
from podpipec.targets.kubernetes import KubernetesOptions, Refused, manifests
from podpipec_runtime.plan.types import Plan
from tests.types.programs import compiled

_PROGRAM = """
service quotes {{ url "https://quotes.example" }}
secret api_token
secret other
snapshot ticks {{ from "s3://lake/ticks.csv"  size 1MiB }}
pod bench {{ slots {slots}  cpu {slots}  memory 16GiB  volume 1GiB }}
stage fetch(day: Csv) -> raw: Csv {{ image "f:1"  calls quotes  secret api_token  run ["fetch", quotes, day, raw] }}
stage post(raw: Csv) -> sent: Csv {{ image "p:1"  calls quotes  secret other  run ["post", quotes, raw, sent] }}
stage clean(raw: Csv) -> book: Csv {{ image "c:1"  run ["clean", raw, book] }}
flow day(t: ticks) -> book on bench {{
  {body}
  fixed = pin raw in volume
  book  = clean(fixed)
}}
"""
_ALONE = "raw = fetch(t)"
_MANY = 'raws = each n in ["a", "b", "c"] { fetch(t) }  all = pin raws in volume  raw = fetch(t)'


def planned(slots: int, body: str = _ALONE) -> Plan:
    found = compiled(_PROGRAM.format(slots=slots, body=body))
    assert found.ok, found.diagnostics
    (graph,) = found.checked.graphs
    return lower(graph)


def containers(plan: Plan, options: KubernetesOptions | None = None) -> list[dict[str, Any]]:
    (set_,) = (one for one in manifests(plan, options or KubernetesOptions()) if one.kind == "StatefulSet")
    spec: dict[str, Any] = set_.body["spec"]["template"]["spec"]
    return [*spec["initContainers"], *spec["containers"]]


def told(container: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The Secret and key that each environment variable of a container comes from."""
    found = {}
    for one in container.get("env") or ():
        ref = one.get("valueFrom", {}).get("secretKeyRef")
        if ref is not None:
            found[one["name"]] = (ref["name"], ref["key"])
    return found


def test_only_the_slot_of_the_stage_is_told() -> None:
    plan = planned(2)
    by_slot = {container["name"]: told(container) for container in containers(plan)}
    having = {name: refs for name, refs in by_slot.items() if refs}
    assert list(having.values()) == [{"API_TOKEN": ("api-token", "api_token")}]
    homes = {step.id: step.slots for step in plan.steps if hasattr(step, "slots")}
    assert not set(homes["raw"]) & set(homes["book"])
    assert [bool(slot.secrets) for slot in plan.pod.slots].count(True) == 1


def test_a_secret_can_be_any_secret_of_the_cluster() -> None:
    found = containers(planned(2), KubernetesOptions(secrets={"api_token": "vault.quotes/TOKEN-1"}))
    assert [told(one) for one in found if told(one)] == [{"API_TOKEN": ("vault.quotes", "TOKEN-1")}]


def test_a_fan_out_leaves_slots_to_those_that_are_told_something_else() -> None:
    plan = planned(3, _MANY)
    told_slots = {index for index, slot in enumerate(plan.pod.slots) if slot.secrets}
    assert told_slots and told_slots != set(range(len(plan.pod.slots)))
    assert containers(plan)


def test_every_kind_of_stage_has_slots_of_its_own() -> None:
    plan = planned(3, "raw = fetch(t)  sent = post(raw)")
    assert sorted(slot.secrets for slot in plan.pod.slots) == [(), ("api_token",), ("other",)]


def test_a_slot_that_would_tell_a_stage_too_much_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        manifests(planned(1), KubernetesOptions())
    assert [str(reason) for reason in caught.value.reasons] == [
        "stage `clean` would share slot 0 with stages that are told `api_token`, and could read it; "
        "give the pod `bench` more slots, with the cores and memory that they need"
    ]


def test_what_stands_in_a_branch_is_looked_at_too() -> None:
    body = "n = count(t)  raw = if n > 3 { fetch(t) } else { clean(t) }"
    count = 'stage count(day: Csv) -> n: Int { image "n:1"  run ["count", day, n] }\nflow day('
    found = compiled(_PROGRAM.format(slots=1, body=body).replace("flow day(", count))
    assert found.ok, found.diagnostics
    with pytest.raises(Refused, match="`clean` would share slot 0 with stages that are told `api_token`"):
        manifests(lower(found.checked.graphs[0]), KubernetesOptions())


@pytest.mark.parametrize("where", ["Upper/key", "name", "a b/key", "name/two/keys", "/key"])
def test_what_cannot_be_a_secret_of_the_cluster(where: str) -> None:
    with pytest.raises(Refused) as caught:
        manifests(planned(2), KubernetesOptions(secrets={"api_token": where}))
    (reason,) = caught.value.reasons
    assert "cannot be the Secret and the key that hold the secret `api_token`" in reason.message


def test_a_secret_that_nobody_asks_for_is_told() -> None:
    with pytest.raises(Refused, match="no stage asks for a secret `tokn`"):
        manifests(planned(2), KubernetesOptions(secrets={"tokn": "a/b"}))


def test_no_object_but_the_set_speaks_of_secrets() -> None:
    """The quarterback is given no right to read any."""
    for manifest in manifests(planned(2), KubernetesOptions()):
        if manifest.kind == "Role":
            resources = {one for rule in manifest.body["rules"] for one in rule["resources"]}
            assert "secrets" not in resources
        if manifest.kind != "StatefulSet":
            assert "secretKeyRef" not in json.dumps(manifest.body)


def test_without_secrets_slots_are_shared_as_before() -> None:
    text = _PROGRAM.format(slots=1, body=_ALONE).replace("  secret api_token", "")
    (graph,) = compiled(text).checked.graphs
    assert allot(graph).slots[0].secrets == ()
    assert manifests(lower(graph), KubernetesOptions())
