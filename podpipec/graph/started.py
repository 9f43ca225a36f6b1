"""Which shard, and which window, a unit of a flow across pods is started for: those of the run, unless the call gives
it an element of a loop over others.

`overs` has what each loop of the flow goes over.
"""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Crossing, Unit
from podpipec.graph.values import Entry
from podpipec.types.origin import FromItem, FromShards, FromWindows, Origin


def of_one_shard(unit: Unit) -> Entry | None:
    """The first slice of a unit that is of one shard. Rule S2 sees to it that all such are of the same."""
    sharded = (entry for entry in unit.graph.entries if entry.snapshot.shards)
    return next((entry for entry in sharded if not isinstance(entry.origin, FromShards)), None)


def shard_loop(node: Crossing, unit: Unit, overs: Mapping[str, Origin]) -> str:
    """The loop whose element is the shard that a unit is started for; empty for that of the run, or none."""
    entry = of_one_shard(unit)
    given = node.args[entry.parameter] if entry is not None else None
    return given.each if isinstance(given, FromItem) and isinstance(overs.get(given.each), FromShards) else ""


def window_loop(node: Crossing, unit: Unit, overs: Mapping[str, Origin]) -> str:
    """The loop whose element is the window that a unit is started for; empty for that of the run. Rule S1 sees to it
    that it is one."""
    for entry in unit.graph.entries:
        given = node.args[entry.parameter]
        if isinstance(given, FromItem) and isinstance(overs.get(given.each), FromWindows):
            return given.each
    return ""
