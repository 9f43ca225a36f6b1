"""The ConfigMap that carries the plan into the pod.

It is immutable and its name ends in the set's revision: another plan is another ConfigMap and another pod
template, so no running pod finds its plan changed beneath it, and the kubelet need not watch for that. Up
to 900 KiB the plan is text that a person can read (`plan.json`); a longer one is compressed
(`plan.json.gz`); the cluster's bound is 1 MiB. The bytes of the compressed form depend on the zlib that
Python was built with; the revision does not.
"""

from __future__ import annotations

import base64
import gzip
import re

from podpipec.targets.kubernetes.api import ConfigMap, ObjectMeta
from podpipec.targets.kubernetes.metadata import Identity
from podpipec_runtime.plan.codec import encode
from podpipec_runtime.plan.types import Macro, Plan
from podpipec_runtime.tuples import NamedTuple

#: Bytes of plan in one ConfigMap. The cluster's own bound is 1 MiB, names and labels included.
MOST_BYTES = 900 * 1024

PLAN_FILE = "plan.json"
COMPRESSED_PLAN_FILE = "plan.json.gz"

#: Characters that YAML writers would escape, and with them give up the literal block. Others stay. Made into an
#: automaton only for a plan that has characters beyond ASCII: that takes longer than a small plan.
_UNPRINTABLE = "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"


class PlanFile(NamedTuple):
    """The plan as a ConfigMap holds it: the key, and the text or else the compressed bytes."""

    name: str
    text: str
    compressed: bytes | None

    @property
    def fits(self) -> bool:
        """Whether a ConfigMap can hold it."""
        return self.compressed is None or len(self.compressed) <= MOST_BYTES


def plan_text(plan: Plan | Macro) -> str:
    """The plan's canonical JSON, with rare characters as JSON escapes: the same plan to every reader."""
    text = encode(plan).decode()
    if text.isascii() and "\x7f" not in text:  # the encoder has escaped the characters below a blank
        return text
    return re.sub(_UNPRINTABLE, _escape, text)


def plan_file(text: str) -> PlanFile:
    """The form in which a plan's text travels."""
    data = text.encode()
    if len(data) <= MOST_BYTES:
        return PlanFile(PLAN_FILE, text, None)
    packed = gzip.compress(data, mtime=0)
    # The tenth byte names the system that compressed it; 255 is "unknown".
    return PlanFile(COMPRESSED_PLAN_FILE, text, packed[:9] + b"\xff" + packed[10:])


def map_name(identity: Identity) -> str:
    """The ConfigMap's name."""
    return f"{identity.set_name}-plan-{identity.revision}"


def plan_map(identity: Identity, file: PlanFile) -> ConfigMap:
    """The ConfigMap."""
    return ConfigMap(
        api_version="v1",
        kind="ConfigMap",
        metadata=ObjectMeta(name=map_name(identity), namespace=identity.namespace, labels=identity.revision_labels()),
        immutable=True,
        data={file.name: file.text} if file.compressed is None else None,
        binary_data={file.name: base64.b64encode(file.compressed).decode()} if file.compressed else None,
    )


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
