"""Text with holes: the window, the shard and elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo

from podpipec_runtime.calendar.written import shown
from podpipec_runtime.plan.types import ItemPart, PathPart, Ref, ShardPart, ValuePart, WindowPart


class Unknown(Exception):  # noqa: N818 - a hole that nothing was given for
    """A text needs a window or a shard, and the run was started without."""


def expand(
    parts: Iterable[PathPart],
    window: datetime | None,
    shard: str,
    item: Callable[[ItemPart], str] | None = None,
    value: Callable[[Ref], str] | None = None,
    zone: tzinfo = UTC,
) -> str:
    """The text of `parts`, the window as it is called in `zone`; `item` gives the text of an
    element, `value` what a stage gave as a scalar. Raises Unknown."""
    found: list[str] = []
    for part in parts:
        match part:
            case str():
                found.append(part)
            case WindowPart():
                if window is None:
                    raise Unknown("window")
                found.append(shown(window, zone, part.format))
            case ShardPart():
                if not shard:
                    raise Unknown("shard")
                found.append(shard)
            case ItemPart():
                if item is None:
                    raise Unknown("element")
                found.append(item(part))
            case ValuePart():
                if value is None:
                    raise Unknown("value")
                found.append(value(part.value))
    return "".join(found)
