"""Text with holes: the window, the shard and elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from podpipec_runtime.plan.types import ItemPart, PathPart, ShardPart, WindowPart

#: How a window's start is written where no format is given.
ISO = "%Y-%m-%dT%H:%M:%SZ"


class Unknown(Exception):  # noqa: N818 - a hole that nothing was given for
    """A text needs a window or a shard, and the run was started without."""


def expand(
    parts: Iterable[PathPart],
    window: datetime | None,
    shard: str,
    item: Callable[[str], str] | None = None,
) -> str:
    """The text of `parts`; `item` gives the element's text for the id of an `each`. Raises Unknown."""
    found: list[str] = []
    for part in parts:
        match part:
            case str():
                found.append(part)
            case WindowPart():
                if window is None:
                    raise Unknown("window")
                found.append(window.astimezone(UTC).strftime(part.format or ISO))
            case ShardPart():
                if not shard:
                    raise Unknown("shard")
                found.append(shard)
            case ItemPart():
                if item is None:
                    raise Unknown("element")
                found.append(item(part.each))
    return "".join(found)
