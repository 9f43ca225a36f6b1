"""Names of objects and of what is in a pod: deterministic, and legal wherever Kubernetes uses them."""

from __future__ import annotations

import hashlib
import re

#: `<set>-<hash of ten>` is a label's value and `<set>-<ordinal>` a host's name: 63 characters at most.
LONGEST_SET_NAME = 52

#: More pods than this need more names than one Role should hold.
MOST_SHARDS = 10_000

QUARTERBACK = "quarterback"
PREPARE = "prepare"

_DNS_LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")


def slot_name(index: int) -> str:
    """The container of the plan's slot of that index."""
    return f"slot-{index}"


def seat_name(index: int) -> str:
    """The container of the plan's seat of that index, where helpers run."""
    return f"helper-{index}"


def swapped(slots: int, seats: int) -> tuple[str, ...]:
    """The containers whose images change: those of stages and of helpers."""
    return (*(slot_name(index) for index in range(slots)), *(seat_name(index) for index in range(seats)))


def is_set_name(name: str) -> bool:
    """Whether it can name the set: a DNS label that begins with a letter (its Service asks for that)."""
    return len(name) <= LONGEST_SET_NAME and _DNS_LABEL.fullmatch(name) is not None


def is_dns_label(name: str) -> bool:
    """Whether it can name a namespace."""
    return len(name) <= 63 and re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) is not None


def is_dns_subdomain(name: str) -> bool:
    """Whether it can name a Secret or a StorageClass."""
    return len(name) <= 253 and all(map(is_dns_label, name.split(".")))


def set_name(flow: str) -> str | None:
    """The set's name for a flow, or None where there is no legal one that is like it.

    `_` and `.` become `-`. Where that or the length would let two flows share a name, six digits of the
    flow name's hash are appended.
    """
    name = re.sub(r"[_.]", "-", flow.lower())
    if name != flow.replace("_", "-") or len(name) > LONGEST_SET_NAME:
        name = f"{name[: LONGEST_SET_NAME - 7].rstrip('-')}-{_digest(flow)[:6]}"
    return name if is_set_name(name) else None


def revision(*texts: str) -> str:
    """Ten digits that stand for the texts."""
    return _digest("\0".join(texts))[:10]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
