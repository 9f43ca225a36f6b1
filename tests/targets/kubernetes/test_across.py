"""The sets of a flow across pods, as the cluster would be told of them: judged by the emitted bodies alone."""

from __future__ import annotations

from typing import Any

import pytest

from podpipec.compiler import compile_program
from podpipec.names.loading import Unreadable
from podpipec.plan import lower_across
from podpipec.targets.kubernetes import KubernetesOptions, Refused, manifests
from podpipec.targets.yaml import dump
from podpipec_runtime.plan.codec import decode_any, encode
from podpipec_runtime.plan.types import Macro
from tests.targets.kubernetes.oracles import qos_class, restricted_breaches, webhook_breaches
from tests.targets.kubernetes.test_official import check

TWO_KINDS = """\
snapshot ticks { from "s3://lake/{window:%Y}/{shard}.csv"  window 1d  shards 6  size 1GiB }
pod bench { slots 2  cpu 2 exclusive  memory 16GiB  ram 4GiB  volume 100GiB class "shared" }
pod large { slots 1  cpu 8 exclusive  memory 64GiB  volume 100GiB class "shared" }
stage clean(raw: Csv) -> book: Csv { image "r.example/clean:1"  run ["clean", raw, book]  cpu 1 }
stage add(parts: Csv[]) -> sum: Csv { image "r.example/add:1"  run ["add", sum, parts]  cpu 4  size sum 1GiB }
flow part(t: ticks) -> book on bench {
  book = clean(t)
  keep book in volume
}
flow together(parts: Csv[]) -> total on large {
  total = add(parts)
}
flow day(t: ticks) -> total across bench {
  parts = each s in t.shards { part(s) }
  total = together(parts)
}
"""


def macro(text: str = TWO_KINDS, pods: int = 32) -> Macro:
    """The macro plan of the flow `day` of a program."""
    done = compile_program("p.flow", lambda path: text.encode() if path == "p.flow" else Unreadable("none"), {}, pods)
    assert done.ok, done.diagnostics
    return lower_across(next(one for one in done.checked.graphs if one.flow.declared.name.text == "day"))


def bodies(kind: str, plan: Macro) -> list[dict[str, Any]]:
    """The bodies of a kind."""
    return [one.body for one in manifests(plan) if one.kind == kind]  # type: ignore[misc]


def test_every_field_is_known_to_the_official_models() -> None:
    for one in manifests(macro(), KubernetesOptions(namespace="lab", labels={"team": "risk"})):
        check(one.body)  # type: ignore[arg-type]


def test_the_webhook_and_the_kubelet_accept_each_set() -> None:
    found = bodies("StatefulSet", macro())
    assert [(one["metadata"]["name"], one["spec"]["replicas"]) for one in found] == [("day", 6), ("day-large", 1)]
    for one in found:
        spec = one["spec"]["template"]["spec"]
        assert list(webhook_breaches(one)) == []
        assert list(restricted_breaches(spec)) == []
        assert qos_class(spec) == "Guaranteed"


def test_all_pods_mount_one_volume_that_many_nodes_can_mount_and_write_apart() -> None:
    plan = macro()
    (claim,) = bodies("PersistentVolumeClaim", plan)
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert claim["spec"]["storageClassName"] == "shared"
    for one in bodies("StatefulSet", plan):
        spec = one["spec"]["template"]["spec"]
        (volume,) = [each for each in spec["volumes"] if each["name"] == "volume"]
        assert volume["persistentVolumeClaim"] == {"claimName": claim["metadata"]["name"]}
        assert all(each["metadata"]["name"] != "volume" for each in one["spec"].get("volumeClaimTemplates", ()))
        for slot in spec["containers"][1:]:
            mounts = [each for each in slot["volumeMounts"] if each["name"] == "volume" and not each.get("readOnly")]
            assert [each["subPathExpr"] for each in mounts] == ["tmp/$(PODPIPEC_POD)"]
            assert "PODPIPEC_POD" in {each["name"] for each in slot["env"]}


def test_one_pod_leads_and_only_pods_of_the_flow_reach_it() -> None:
    plan = macro()
    told = [one["spec"]["template"]["spec"]["containers"][0]["args"] for one in bodies("StatefulSet", plan)]
    assert {word for words in told for word in words if word.startswith("--leader=")} == {"--leader=day-0.day:7070"}
    assert [next(word for word in words if word.startswith("--set=")) for words in told] == [
        "--set=bench",
        "--set=large",
    ]
    (policy,) = bodies("NetworkPolicy", plan)
    label = policy["spec"]["podSelector"]["matchLabels"]
    assert policy["spec"]["ingress"] == [{"from": [{"podSelector": {"matchLabels": label}}]}]
    for one in bodies("StatefulSet", plan):
        assert label.items() <= one["spec"]["template"]["metadata"]["labels"].items()


def test_fewer_pods_are_fewer_at_once_and_nothing_is_unrolled() -> None:
    few, many = macro(pods=2), macro(TWO_KINDS.replace("shards 6", "shards 5000").replace("100GiB", "9000GiB"))
    assert [one.pods for one in few.sets] == [2, 1]
    assert few.steps[0].width == 2  # type: ignore[union-attr]
    assert [one.pods for one in many.sets] == [32, 1]
    assert len(many.steps) == len(few.steps)


def test_plans_come_back_and_are_the_same_bytes() -> None:
    plan = macro()
    assert decode_any(encode(plan)) == plan
    assert dump(manifests(plan)) == dump(manifests(macro()))


def test_a_flow_that_calls_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="flow `day` has nothing for a pod to do; let it call a stage"):
        manifests(macro(TWO_KINDS[: TWO_KINDS.index("flow day")] + "flow day(t: ticks) across bench { }\n"))


def test_a_stage_without_an_image_is_told_once() -> None:
    with pytest.raises(Refused) as refused:
        manifests(macro(TWO_KINDS.replace('image "r.example/clean:1"', "")))
    assert [reason.name for reason in refused.value.reasons] == ["clean"]
