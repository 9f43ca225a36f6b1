"""Which Secrets of the cluster a flow asks for, and whether each slot is told what all of its stages are.

A container's environment is fixed when it is made. So whatever takes a turn in a slot can read what the slot was told,
and stages share a slot only where all of them are told the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from podpipec.targets.kubernetes import names
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.kubernetes.scratch import all_steps
from podpipec.targets.manifest import Reason
from podpipec_runtime.plan.types import Call, Plan

_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")


def secret_of(name: str, options: KubernetesOptions) -> tuple[str, str]:
    """The Secret that holds a secret of the flow, and its key there."""
    object_, _, key = options.secrets.get(name, f"{name.lower().replace('_', '-')}/{name}").partition("/")
    return object_, key


def secret_reasons(plan: Plan, options: KubernetesOptions) -> Iterator[Reason]:
    """Secrets that cannot be referred to, and slots that would tell a stage a secret that it does not ask for."""
    blocks = (*(stage.secrets for stage in plan.stages), *(helper.secrets for helper in plan.helpers))
    asked = dict.fromkeys(name for secrets in blocks for name in secrets)
    for name in options.secrets:
        if name not in asked:
            yield Reason(about="option", name="secrets", message=f"no stage asks for a secret `{name}`")
    for name in asked:
        object_, key = secret_of(name, options)
        if not names.is_dns_subdomain(object_) or not _KEY.fullmatch(key):
            yield Reason(
                about="option",
                name="secrets",
                message=f"`{object_}/{key}` cannot be the Secret and the key that hold the secret `{name}`",
                hint=f"say which they are: --secret {name}=SECRET/KEY",
            )
    yield from _shared(plan)


def _shared(plan: Plan) -> Iterator[Reason]:
    stages = {stage.name: stage for stage in plan.stages}
    told: set[tuple[str, int]] = set()
    calls = [step for step in all_steps(plan) if isinstance(step, Call)]
    for name, index in ((name, index) for call in calls for name in call.stages for index in call.slots):
        secrets = plan.pod.slots[index].secrets if index < len(plan.pod.slots) else ()
        others = [one for one in secrets if one not in stages[name].secrets]
        if others and (name, index) not in told:
            told.add((name, index))
            yield Reason(
                about="stage",
                name=name,
                message=f"stage `{name}` would share slot {index} with stages that are told "
                f"{', '.join(f'`{one}`' for one in others)}, and could read it",
                hint=f"give the pod `{plan.pod.name}` more slots, with the cores and memory that they need",
            )
