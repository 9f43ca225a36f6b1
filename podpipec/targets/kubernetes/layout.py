"""Where things lie in a pod. The same path in every container, so none is ever translated.

| path | what | quarterback | slots |
|---|---|---|---|
| `/podpipec/shared` | the shim's binary and the quarterback's socket | writes | read |
| `/podpipec/plan` | the plan | reads | - |
| `/podpipec/<place>` | the place's store | writes | read |
| `/podpipec/<place>/tmp` | private folders of running attempts | writes | write |
| `/tmp` | for programs that know no better place | writes | write, each its own |

The kernel thus holds what the language promises: a stage cannot change an input or a published value.
Publication is a rename from `tmp` into the store by the quarterback, which sees both in one mount.
"""

from __future__ import annotations

from podpipec_runtime.plan.types import Plan

ROOT = "/podpipec"
SHARED = f"{ROOT}/shared"
SHIM = f"{SHARED}/shim"
SOCKET = f"{SHARED}/quarterback.sock"
PLAN = f"{ROOT}/plan"
TMP = "/tmp"  # noqa: S108 - a mount of the container's own, not a file that we make
TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - where client libraries look

#: The folder of a place in which attempts write.
ATTEMPTS = "tmp"

#: Names of the pod's volumes beside the places, whose names are their own.
SHARED_VOLUME = "shared"
PLAN_VOLUME = "plan"
TOKEN_VOLUME = "token"  # noqa: S105 - a volume's name


def place_path(place: str) -> str:
    """Where a place is mounted."""
    return f"{ROOT}/{place}"


def pod_places(plan: Plan) -> tuple[str, ...]:
    """The names of the places that are mounted; `remote` is reached over the network."""
    return tuple(place.name for place in plan.pod.places if place.name != "remote")


def tmp_volume(container: str) -> str:
    """The volume behind a container's /tmp."""
    return f"tmp-{container}"
