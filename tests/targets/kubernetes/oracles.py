"""Judges of manifests that share no code with the target: they read the emitted bodies alone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Body = dict[str, Any]

_UNITS = {"m": Decimal("0.001")} | {f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGT", 1)}
_RESTRICTED_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def quantity(text: str) -> Decimal:
    """A quantity's value: cores or bytes."""
    for suffix, unit in _UNITS.items():
        if text.endswith(suffix):
            return Decimal(text.removesuffix(suffix)) * unit
    return Decimal(text)


def all_containers(spec: Body) -> list[Body]:
    """Init containers and containers."""
    return [*spec.get("initContainers", []), *spec["containers"]]


def qos_class(spec: Body) -> str:
    """As the kubelet computes it: cpu and memory alone count, of every container."""
    some, guaranteed = False, True
    for container in all_containers(spec):
        resources = container.get("resources", {})
        limits, requests = resources.get("limits", {}), resources.get("requests", {})
        for name in ("cpu", "memory"):
            limit = quantity(limits.get(name, "0"))
            request = quantity(requests.get(name, limits.get(name, "0")))
            some = some or limit > 0 or request > 0
            guaranteed = guaranteed and limit > 0 and limit == request
    return "Guaranteed" if guaranteed and some else "Burstable" if some else "BestEffort"


def restricted_breaches(spec: Body) -> Iterator[str]:
    """What Pod Security "restricted" would refuse of a pod."""
    pod = spec.get("securityContext", {})
    for flag in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(flag):
            yield flag
    for volume in spec.get("volumes", []):
        if not set(volume) - {"name"} <= _RESTRICTED_VOLUMES:
            yield f"volume {volume['name']}"
    for container in all_containers(spec):
        own = container.get("securityContext", {})
        name = container["name"]
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"{name}: privilege escalation"
        if own.get("privileged"):
            yield f"{name}: privileged"
        capabilities = own.get("capabilities", {})
        if "ALL" not in capabilities.get("drop", []) or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
            yield f"{name}: capabilities"
        if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
            yield f"{name}: may be root"
        if own.get("runAsUser", pod.get("runAsUser")) == 0:
            yield f"{name}: is root"
        if own.get("seccompProfile", pod.get("seccompProfile", {})).get("type") not in (
            "RuntimeDefault",
            "Localhost",
        ):
            yield f"{name}: seccomp"
        if any("hostPort" in port for port in container.get("ports", [])):
            yield f"{name}: host port"


def webhook_breaches(body: Body) -> Iterator[str]:
    """What OpenKruise's webhook would refuse of a set, and what its controller would stumble over."""
    spec = body["spec"]
    for name in ("replicas", "revisionHistoryLimit", "podManagementPolicy"):
        if spec.get(name) is None:
            yield f"{name} is not written"
    if spec["podManagementPolicy"] != "Parallel":
        yield "a swap would stall the set"
    strategy = spec["updateStrategy"]
    rolling = strategy.get("rollingUpdate")
    if strategy["type"] == "OnDelete" and rolling is not None:
        yield "OnDelete forbids rollingUpdate"
    if strategy["type"] == "RollingUpdate":
        for name in ("partition", "maxUnavailable", "podUpdatePolicy", "minReadySeconds"):
            if (rolling or {}).get(name) is None:
                yield f"{name} is not written"
    pod = spec["template"]["spec"]
    gates = {gate["conditionType"] for gate in pod.get("readinessGates", [])}
    if (rolling or {}).get("podUpdatePolicy", "").startswith("InPlace") and "InPlaceUpdateReady" not in gates:
        yield "the readiness gate is missing"
    if pod.get("restartPolicy") != "Always" or "activeDeadlineSeconds" in pod:
        yield "pods must be restarted for ever"
    selector = spec["selector"]["matchLabels"]
    if not selector or not selector.items() <= spec["template"]["metadata"]["labels"].items():
        yield "the selector does not match the template"
    if any("restartPolicy" in container for container in pod["containers"]):
        yield "restartPolicy of a container"


def mounts_without_volume(body: Body) -> set[str]:
    """Names of mounts that no volume and no claim of the set stands behind."""
    pod = body["spec"]["template"]["spec"]
    known = {volume["name"] for volume in pod["volumes"]}
    known |= {claim["metadata"]["name"] for claim in body["spec"].get("volumeClaimTemplates", [])}
    used = {mount["name"] for container in all_containers(pod) for mount in container["volumeMounts"]}
    return used - known
