"""Laws of the pod, for random plans, by judges that know nothing of the target's code."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.targets.kubernetes import KubernetesOptions, Refused, manifests
from podpipec_runtime.plan.types import Keep, Lifetime, Peak, Place, Plan, Pod, Seat, Slot, StepRef
from tests.targets import plans
from tests.targets.kubernetes.oracles import (
    all_containers,
    mounts_without_volume,
    qos_class,
    quantity,
    restricted_breaches,
    webhook_breaches,
)

sizes = st.integers(1, 1 << 42)


@st.composite
def pods(draw: st.DrawFn) -> Pod:
    exclusive = draw(st.booleans())
    cpus = st.integers(1, 64).map(lambda cores: cores * 1000) if exclusive else st.integers(0, 64_000)
    images = st.sampled_from([None, "a:1", "r.example/b" + plans.DIGEST])
    slots = draw(st.lists(st.builds(Slot, cpu=cpus, memory=sizes, image=images), min_size=1, max_size=5))
    seats = draw(st.lists(st.builds(Seat, cpu=cpus, memory=sizes, image=images), max_size=3))
    places = draw(st.lists(st.sampled_from(["ram", "node", "volume"]), unique=True, min_size=1))
    return Pod(
        name="p",
        cpu=sum(slot.cpu for slot in slots) + sum(seat.cpu for seat in seats),
        exclusive=exclusive,
        memory=sum(slot.memory for slot in slots) + sum(seat.memory for seat in seats),
        slots=tuple(slots),
        seats=tuple(seats),
        places=tuple(Place(name=name, bytes=draw(sizes)) for name in places),  # type: ignore[arg-type]
    )


@st.composite
def random_plans(draw: st.DrawFn) -> Plan:
    base = draw(st.sampled_from([plans.minimal(), plans.exclusive(), plans.per_shard()]))
    steps = tuple(step for step in base.steps if not isinstance(step, Keep))
    return msgspec.structs.replace(base, pod=draw(pods()), steps=steps, peaks=())


options = st.builds(
    lambda **chosen: KubernetesOptions(**chosen),  # only these; of a named tuple itself all would be drawn
    quarterback_cpu=st.integers(1, 4).map(lambda cores: cores * 1000),
    quarterback_memory=sizes,
    run_as_user=st.integers(1, 2**31 - 1),
    read_only_root=st.booleans(),
    tmp=sizes,
    node_place=st.sampled_from(["claim", "emptydir"]),
)


def the_set(plan: Plan, chosen: KubernetesOptions) -> dict[str, Any]:
    return manifests(plan, chosen)[-1].body


@settings(max_examples=60, deadline=None)
@given(random_plans(), options)
def test_laws(plan: Plan, chosen: KubernetesOptions) -> None:
    body = the_set(plan, chosen)
    pod = body["spec"]["template"]["spec"]
    assert qos_class(pod) == ("Guaranteed" if plan.pod.exclusive else "Burstable")
    assert list(restricted_breaches(pod)) == []
    assert list(webhook_breaches(body)) == []
    assert mounts_without_volume(body) == set()
    slots = [entry for entry in pod["containers"] if entry["name"].startswith("slot-")]
    assert [quantity(entry["resources"]["limits"]["memory"]) for entry in slots] == [
        slot.memory for slot in plan.pod.slots
    ]
    assert [quantity(entry["resources"]["requests"]["cpu"]) * 1000 for entry in slots] == [
        slot.cpu for slot in plan.pod.slots
    ]
    helpers = [entry for entry in pod["containers"] if entry["name"].startswith("helper-")]
    assert [quantity(entry["resources"]["limits"]["memory"]) for entry in helpers] == [
        seat.memory for seat in plan.pod.seats
    ]
    for container in all_containers(pod):
        resources = container["resources"]
        assert resources["limits"].items() <= resources["requests"].items()
        if plan.pod.exclusive:
            assert resources["limits"] == resources["requests"]
            assert quantity(resources["limits"]["cpu"]) % 1 == 0
        else:
            assert "cpu" not in resources["limits"], "an idle core is never refused to a stage"


@settings(max_examples=40, deadline=None)
@given(random_plans(), options)
def test_places_have_their_size(plan: Plan, chosen: KubernetesOptions) -> None:
    body = the_set(plan, chosen)
    volumes = {entry["name"]: entry for entry in body["spec"]["template"]["spec"]["volumes"]}
    claims = {entry["metadata"]["name"]: entry for entry in body["spec"].get("volumeClaimTemplates", ())}
    for place in plan.pod.places:
        if place.name == "ram" or (place.name == "node" and chosen.node_place == "emptydir"):
            folder = volumes[place.name]["emptyDir"]
            assert quantity(folder["sizeLimit"]) == place.bytes
            assert (folder.get("medium") == "Memory") == (place.name == "ram")
        else:
            assert quantity(claims[place.name]["spec"]["resources"]["requests"]["storage"]) == place.bytes


def test_only_the_quarterback_has_a_token_or_the_plan() -> None:
    pod = the_set(plans.every_place(), KubernetesOptions())["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    secret = {entry["name"] for entry in pod["volumes"] if "projected" in entry or "configMap" in entry}
    holders = {
        container["name"]
        for container in all_containers(pod)
        if secret & {mount["name"] for mount in container["volumeMounts"]}
    }
    assert holders == {"quarterback"}


def test_slots_write_to_attempts_and_tmp_alone() -> None:
    pod = the_set(plans.every_place(), KubernetesOptions())["spec"]["template"]["spec"]
    made = {word.removeprefix("--attempts=") for word in pod["initContainers"][0]["args"] if "attempts" in word}
    for container in pod["containers"][1:]:
        writable = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        assert writable == made | {"/tmp"}
        assert made == {"/podpipec/ram/tmp", "/podpipec/node/tmp", "/podpipec/volume/tmp"}


def test_helpers_read_places_and_write_to_tmp_alone() -> None:
    pod = the_set(plans.beside(), KubernetesOptions())["spec"]["template"]["spec"]
    helper = pod["containers"][-1]
    assert helper["name"] == "helper-0"
    writable = {mount["mountPath"] for mount in helper["volumeMounts"] if not mount.get("readOnly")}
    assert writable == {"/tmp"}
    assert "/podpipec/ram" in {mount["mountPath"] for mount in helper["volumeMounts"]}
    assert helper["readinessProbe"]["exec"]["command"][1:] == ["--ready", "--slot=helper-0"]


def quarterback_memory(plan: Plan) -> int:
    pod = the_set(plan, KubernetesOptions(quarterback_memory=1))["spec"]["template"]["spec"]
    return int(quantity(pod["containers"][0]["resources"]["limits"]["memory"])) - 1


def test_scratch_written_by_the_quarterback_is_in_its_memory() -> None:
    mib = plans.MIB
    assert quarterback_memory(plans.minimal()) == 64 * mib  # the slice alone
    # slice c, the restorable book, the copy `fast`; the slice t lies on the node
    assert quarterback_memory(plans.every_place()) == (64 + 1024 + 64) * mib
    # 12 shards of 64 MiB and 12 restorable parts of 128 MiB are more than the place has
    assert quarterback_memory(plans.exclusive()) == 2048 * mib
    assert quarterback_memory(plans.per_shard()) == 64 * mib


def test_a_checkpoint_makes_room_for_its_restoration() -> None:
    plan = plans.minimal()
    value = StepRef(step="out", output="out")
    kept = msgspec.structs.replace(plan, steps=(*plan.steps, Keep(id="k", value=value, place="remote", path=("x",))))
    assert quarterback_memory(kept) == quarterback_memory(plan) + 64 * plans.MIB
    assert Lifetime(value=value, place="ram", bytes=64 * plans.MIB, until=()) in plan.lifetimes


def test_shards_are_pods_and_the_quarterback_knows_of_whose() -> None:
    body = the_set(plans.per_shard(), KubernetesOptions())
    assert body["spec"]["replicas"] == 3
    quarterback = body["spec"]["template"]["spec"]["containers"][0]
    assert "--shard-of=t" in quarterback["args"]
    assert quarterback["env"][0]["name"] == "PODPIPEC_POD"
    alone = the_set(plans.exclusive(), KubernetesOptions())
    assert alone["spec"]["replicas"] == 1
    assert not [word for word in alone["spec"]["template"]["spec"]["containers"][0]["args"] if "shard-of" in word]


def test_peak_beyond_all_memory_is_told() -> None:
    plan = msgspec.structs.replace(plans.minimal(), peaks=(Peak(place="ram", bytes=1 << 40),))
    assert the_refusals(plan) == [
        "pod `small`: `ram` holds 1Ti at its peak, and all containers together may use 896Mi of memory; "
        "give the pod more memory, or fewer bytes to `ram`"
    ]


def the_refusals(plan: Plan) -> list[str]:
    try:
        manifests(plan)
    except Refused as refused:
        return [str(reason) for reason in refused.reasons]
    return []
