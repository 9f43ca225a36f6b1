"""What is refused, and in which words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from podpipec.targets.kubernetes import KubernetesOptions, Refused, manifests
from podpipec_runtime.plan.types import Input, Place, Plan, Slot
from tests.targets import plans

replace = msgspec.structs.replace


def reasons(plan: Plan, options: KubernetesOptions | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        manifests(plan, options or KubernetesOptions())
    return [str(reason) for reason in caught.value.reasons]


def with_pod(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, pod=replace(plan.pod, **changes))


def test_every_stage_without_image_is_listed() -> None:
    stages = (plans.stage("clean", None), plans.stage("good", "a:1"), plans.stage("price", None))
    assert reasons(replace(plans.minimal(), stages=stages)) == [
        'stage `clean` names no image; Kubernetes needs one; write `image "name:tag"` in it',
        'stage `price` names no image; Kubernetes needs one; write `image "name:tag"` in it',
    ]


@pytest.mark.parametrize("image", ["two words", "Upper/Case", "a:1\nb", "a'||true||'", "a@sha256:12", "/a", "a:"])
def test_malformed_image(image: str) -> None:
    (reason,) = reasons(replace(plans.minimal(), stages=(plans.stage("clean", image),)))
    assert reason.startswith(f"stage `clean` names the image `{image}`, which is not a reference")


@pytest.mark.parametrize("flow", ["_hidden", "9lives", "größe", "x_", "", "a b", "-"])
def test_flow_that_is_no_name(flow: str) -> None:
    assert reasons(replace(plans.minimal(), flow=flow)) == [
        f"flow `{flow}` cannot be a name in Kubernetes; "
        "begin it with a letter and use A-Z, a-z, 0-9 and _ inside, or set the option name"
    ]


def test_a_name_given_mends_it() -> None:
    found = manifests(replace(plans.minimal(), flow="größe"), KubernetesOptions(name="size"))
    assert found[-1].name == "size"


@pytest.mark.parametrize(("cpu", "text"), [(0, "0"), (1500, "1500m")], ids=["none", "not whole"])
def test_exclusive_cores_are_whole(cpu: int, text: str) -> None:
    plan = with_pod(plans.exclusive(), slots=(Slot(cpu=cpu, memory=4 << 30),))
    assert reasons(plan) == [
        f"pod `pinned`: slot 0 has {text} cores, and exclusive cores are whole; "
        "give its stages whole cores, or leave out `exclusive`"
    ]


def test_exclusive_quarterback() -> None:
    assert reasons(plans.exclusive(), KubernetesOptions(quarterback_cpu=500)) == [
        "pod `pinned`: its cores are exclusive and the quarterback has 500m; "
        "set the option quarterback_cpu to whole cores"
    ]


def test_slots() -> None:
    assert reasons(with_pod(plans.per_shard(), slots=())) == [
        "pod `shardwise`: it has no slots; write `slots 1` or more"
    ]
    assert reasons(with_pod(plans.per_shard(), slots=(Slot(cpu=1, memory=0),))) == [
        "pod `shardwise`: slot 0 has no memory; give its stages some: `memory 512MiB`"
    ]
    found = reasons(with_pod(plans.minimal(), slots=(Slot(cpu=1, memory=1 << 30, image="A B"),)))
    assert found == ["pod `small`: slot 0 starts with `A B`, which is not an image reference"]


def test_places() -> None:
    places = (Place(name="ram", bytes=256 << 20), Place(name="volume", bytes=0, storage_class="Fast one"))
    assert reasons(with_pod(plans.minimal(), places=places)) == [
        "pod `small`: its place `volume` has no size; write `volume 1GiB`",
        "pod `small`: `Fast one` cannot be a storage class's name",
    ]


def test_a_checkpoint_on_a_folder_that_dies_with_the_pod() -> None:
    assert reasons(plans.every_place(), KubernetesOptions(node_place="emptydir")) == [
        "`keep-book` keeps a value in `node` to outlive the pod; an emptydir does not; "
        "set the option node_place to claim, or keep it in `volume`"
    ]


def shard_input(name: str, shards: int) -> Input:
    return plans.source(name, "shard", [str(number) for number in range(shards)])


@pytest.mark.parametrize("shards", [0, 10_001])
def test_number_of_shards(shards: int) -> None:
    (reason,) = reasons(replace(plans.minimal(), inputs=(shard_input("t", shards),)))
    assert reason == f"input `t` has {shards:,} shards, and needs a pod for each; a set has 1 to 10,000 pods"


def test_inputs_with_different_shards() -> None:
    plan = replace(plans.minimal(), inputs=(shard_input("a", 2), shard_input("b", 3), shard_input("c", 2)))
    assert reasons(plan) == [
        "inputs `a` and `b` have different shards; "
        "a pod works on one shard: give both snapshots the same, in the same order"
    ]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name": "Big"}, "option name: `Big` cannot name a set"),
        ({"name": "a" * 53}, "cannot name a set"),
        ({"namespace": "a.b"}, "option namespace: `a.b` cannot name a namespace"),
        ({"labels": {"bad key": "x"}}, "option labels: `bad key` cannot be a label's key"),
        ({"labels": {"x": "a b"}}, "option labels: `a b` cannot be a label's value"),
        ({"labels": {"podpipec/revision": "x"}}, "is set by podpipec"),
        ({"node_selector": {"/x": "y"}}, "option node_selector: `/x` cannot be"),
        ({"quarterback_image": "x y"}, "option quarterback_image: `x y` is not an image reference"),
        ({"run_as_user": 0}, "option run_as_user: user 0 is refused; choose one above 0: never root"),
        ({"quarterback_cpu": 0}, "option quarterback_cpu"),
        ({"quarterback_memory": 0}, "option quarterback_memory"),
        ({"tmp": -1}, "option tmp: tmp is -1"),
        ({"node_storage_class": "A"}, "option node_storage_class: `A`"),
        ({"volume_storage_class": ""}, "option volume_storage_class: ``"),
        ({"image_pull_secrets": ("ok", "no_no")}, "option image_pull_secrets: `no_no`"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_options(change: dict[str, Any], text: str) -> None:
    (reason,) = [line for line in reasons(plans.minimal(), KubernetesOptions(**change)) if text in line]
    assert ";" in reason


def test_all_reasons_at_once_in_a_fixed_order() -> None:
    plan = replace(plans.minimal(), flow="_x", stages=(plans.stage("a", None),))
    found = reasons(plan, KubernetesOptions(namespace="N", run_as_user=0))
    assert [line.split()[0] for line in found] == ["option", "option", "flow", "stage"]
