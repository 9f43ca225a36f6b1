"""The pod's containers: the one that prepares it, the quarterback, the slots, and the helpers' beside them.

The quarterback's image carries the program `podpipec-quarterback`, which is called in two ways:

- `prepare --shim=FILE [--attempts=FOLDER …]` (init container): copies the shim, a static binary, to FILE,
  makes the folders, and ends. The folders must be there before a slot starts: they are what slots mount for
  writing.
- `run --plan=FILE --socket=FILE --slots=N [--helpers=N] [--place=NAME=FOLDER …] [--shard-of=INPUT]`: listens at the
  socket and works through the plan. A plan file that ends in `.gz` is compressed. With `--shard-of`, the
  number at the end of `PODPIPEC_POD` is the index of the pod's shard among those of that input.
- `serve --plan=FILE --set=KIND --leader=HOST:PORT [--attempts=NAME=FOLDER …]`, and the rest as for `run`: the plan
  is one across pods; asks the leader for units of work, one at a time, and works through the plan of each. The
  quarterback whose pod the host names leads (`team`). `--attempts` is the folder that slots see as that of attempts
  on the place, where pods share it and each has one of its own.

A helper's container is started with the pod as well, with the shim as its command: the files that a helper reads are
not there yet. To open a helper's scope the quarterback swaps the container's image if it must, tells the shim to run
the helper's command, and waits until it answers at its port; at the end of the scope the shim ends it. So each scope
begins with a helper that knows nothing, and no two listen at one port unless their scopes may overlap. The probe asks
the shim, called as `--ready`: a container without a helper is ready, one with a helper when it answers at its port. It
is no liveness probe: a helper that hangs is the quarterback's to judge, who then begins the scope again.

A slot's command is the shim, whatever its image: it says its slot's name at the socket, runs what it is
told as children, stops at once on SIGTERM and never ends of itself. A container that ended would be started
again with the same image, and later and later; a warm slot takes its next stage a hundred times sooner than
a new container.

A slot whose stages, or a container whose helpers, are told secrets has them in its environment, by reference to
Secrets of the cluster, and its shim hands its environment on to what it runs. No stage or helper shares one that is not
told the same. The quarterback is told none, and may not read any: only the kubelet looks them up.
"""

from __future__ import annotations

from podpipec.targets.kubernetes import layout, names
from podpipec.targets.kubernetes.api import (
    Container,
    EnvVar,
    EnvVarSource,
    ExecAction,
    ObjectFieldSelector,
    Probe,
    SecretKeySelector,
    VolumeMount,
)
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.resources import (
    prepare_resources,
    quarterback_resources,
    seat_resources,
    slot_resources,
)
from podpipec.targets.kubernetes.secrets import secret_of
from podpipec.targets.kubernetes.security import container_security
from podpipec.targets.kubernetes.shards import sharded_input
from podpipec.targets.kubernetes.team import Team
from podpipec_runtime.plan.secrets import variable
from podpipec_runtime.plan.types import Plan, Seat, Slot

PROGRAM = "podpipec-quarterback"

_POD = "PODPIPEC_POD"

#: The last lines of a container's log become its message when it ends without one.
_MESSAGE_POLICY = "FallbackToLogsOnError"

#: Seconds. The quarterback does not wait for the kubelet: it connects to the port itself.
_PROBED_EVERY = 5


def prepare(plan: Plan, options: KubernetesOptions, team: Team | None = None) -> Container:
    """The init container."""
    attempts = (f"--attempts={_attempts(place, team)}" for place in layout.pod_places(plan))
    return Container(
        name=names.PREPARE,
        image=options.quarterback_image,
        image_pull_policy=options.image_pull_policy,
        command=(PROGRAM, "prepare"),
        args=(f"--shim={layout.SHIM}", *attempts),
        env=_own_name(team),
        resources=prepare_resources(plan, options),
        security_context=container_security(read_only_root=True),
        termination_message_policy=_MESSAGE_POLICY,
        volume_mounts=(_shared(read_only=False), *_whole_places(plan)),
    )


def quarterback(plan: Plan, options: KubernetesOptions, plan_file: str, team: Team | None = None) -> Container:
    """The container that runs the plan, the only one that may speak to the cluster."""
    return Container(
        name=names.QUARTERBACK,
        image=options.quarterback_image,
        image_pull_policy=options.image_pull_policy,
        command=(PROGRAM, "run" if team is None else "serve"),
        args=_quarterback_args(plan, plan_file, team),
        env=(
            _from_pod(_POD, "metadata.name"),
            _from_pod("PODPIPEC_POD_UID", "metadata.uid"),
            _from_pod("PODPIPEC_NAMESPACE", "metadata.namespace"),
        ),
        resources=quarterback_resources(plan, options),
        security_context=container_security(read_only_root=True),
        termination_message_policy=_MESSAGE_POLICY,
        volume_mounts=(
            _shared(read_only=False),
            VolumeMount(name=layout.PLAN_VOLUME, mount_path=layout.PLAN, read_only=True),
            VolumeMount(name=layout.TOKEN_VOLUME, mount_path=layout.TOKEN, read_only=True),
            _tmp(names.QUARTERBACK),
            *_whole_places(plan),
        ),
    )


def slot(plan: Plan, options: KubernetesOptions, index: int, entry: Slot, team: Team | None = None) -> Container:
    """A container that stages take turns in. Without a first image it idles in the quarterback's."""
    name = names.slot_name(index)
    return Container(
        name=name,
        image=entry.image or options.quarterback_image,
        image_pull_policy=options.image_pull_policy,
        command=(layout.SHIM, f"--socket={layout.SOCKET}", f"--slot={name}"),
        env=(*(_own_name(team) or ()), *(_from_secret(secret, options) for secret in entry.secrets)) or None,
        resources=slot_resources(plan, entry, options),
        security_context=container_security(options.read_only_root),
        termination_message_policy=_MESSAGE_POLICY,
        volume_mounts=(_shared(read_only=True), _tmp(name), *_sealed_places(plan, team)),
    )


def seat(plan: Plan, options: KubernetesOptions, index: int, entry: Seat) -> Container:
    """A container that helpers take turns in. They read what was published, and write to their own /tmp alone."""
    name = names.seat_name(index)
    return Container(
        name=name,
        image=entry.image or options.quarterback_image,
        image_pull_policy=options.image_pull_policy,
        command=(layout.SHIM, f"--socket={layout.SOCKET}", f"--slot={name}"),
        env=tuple(_from_secret(secret, options) for secret in entry.secrets) or None,
        resources=seat_resources(plan, entry, options),
        readiness_probe=Probe(
            exec=ExecAction(command=(layout.SHIM, "--ready", f"--slot={name}")),
            period_seconds=_PROBED_EVERY,
            timeout_seconds=1,
            failure_threshold=1,
        ),
        security_context=container_security(options.read_only_root),
        termination_message_policy=_MESSAGE_POLICY,
        volume_mounts=(_shared(read_only=True), _tmp(name), *_read_places(plan)),
    )


def _quarterback_args(plan: Plan, plan_file: str, team: Team | None) -> tuple[str, ...]:
    places = (f"--place={name}={layout.place_path(name)}" for name in layout.pod_places(plan))
    chosen = sharded_input(plan)
    shared = team is not None and team.claim is not None
    return (
        f"--plan={layout.PLAN}/{plan_file}",
        f"--socket={layout.SOCKET}",
        f"--slots={len(plan.pod.slots)}",
        *((f"--helpers={len(plan.pod.seats)}",) if plan.pod.seats else ()),
        *places,
        *((f"--shard-of={chosen.name}",) if chosen else ()),
        *(team.args() if team else ()),
        *((f"--attempts=volume={_attempts('volume', team)}",) if shared else ()),
    )


def _attempts(place: str, team: Team | None) -> str:
    """The folder of attempts on a place: of a place that pods share, each has one of its own."""
    folder = f"{layout.place_path(place)}/{layout.ATTEMPTS}"
    return f"{folder}/$({_POD})" if place == "volume" and team is not None and team.claim is not None else folder


def _own_name(team: Team | None) -> tuple[EnvVar, ...] | None:
    """The pod's name, by which its folder on a shared place is found."""
    return (_from_pod(_POD, "metadata.name"),) if team is not None and team.claim is not None else None


def _from_pod(name: str, path: str) -> EnvVar:
    return EnvVar(name=name, value_from=EnvVarSource(field_ref=ObjectFieldSelector(field_path=path)))


def _from_secret(name: str, options: KubernetesOptions) -> EnvVar:
    """What the kubelet puts into the container's environment; neither a manifest nor the plan ever has the value."""
    object_, key = secret_of(name, options)
    return EnvVar(name=variable(name), value_from=EnvVarSource(secret_key_ref=SecretKeySelector(name=object_, key=key)))


def _shared(read_only: bool) -> VolumeMount:
    # A socket on a read-only mount can still be connected to.
    return VolumeMount(name=layout.SHARED_VOLUME, mount_path=layout.SHARED, read_only=read_only or None)


def _tmp(container: str) -> VolumeMount:
    return VolumeMount(name=layout.tmp_volume(container), mount_path=layout.TMP)


def _whole_places(plan: Plan) -> tuple[VolumeMount, ...]:
    return tuple(VolumeMount(name=name, mount_path=layout.place_path(name)) for name in layout.pod_places(plan))


def _read_places(plan: Plan) -> tuple[VolumeMount, ...]:
    return tuple(
        VolumeMount(name=name, mount_path=layout.place_path(name), read_only=True) for name in layout.pod_places(plan)
    )


def _sealed_places(plan: Plan, team: Team | None) -> tuple[VolumeMount, ...]:
    mounts: list[VolumeMount] = []
    for name in layout.pod_places(plan):
        path = layout.place_path(name)
        mounts.append(VolumeMount(name=name, mount_path=path, read_only=True))
        inner = _attempts(name, team).removeprefix(f"{path}/")
        own = inner != layout.ATTEMPTS
        mounts.append(
            VolumeMount(
                name=name,
                mount_path=f"{path}/{layout.ATTEMPTS}",
                sub_path=None if own else inner,
                sub_path_expr=inner if own else None,
            )
        )
    return tuple(mounts)
