"""The units of a flow across pods, as steps of its plan."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Crossing, Entry, Unit
from podpipec.plan.values import output, ref
from podpipec.types.typed import FromInput, FromItem, FromShards, FromWindows, Origin
from podpipec_runtime.plan import types as plan

#: A window's start, in full.
_START = "%Y-%m-%dT%H:%M:%S%z"


def unit_of(node: Crossing, unit: Unit, overs: Mapping[str, Origin]) -> plan.Unit:
    """The step of a call: the arguments by the inputs of the flow's plan, and which shard and window it is for.

    `overs` has what each loop of the flow goes over.
    """
    graph = unit.graph
    slices = {entry.name: ref(_slice(entry, node)) for entry in graph.entries}
    given = (*(one.name for one in graph.handed), *graph.texts)
    return plan.Unit(
        id=node.id,
        flow=unit.name,
        args={**slices, **{name: ref(node.args[name]) for name in given}},
        results=tuple(output(datum) for datum in node.results),
        shard=_shard(node, unit, overs),
        window=_window(node, unit, overs),
        after=node.after,
    )


def _slice(entry: Entry, node: Crossing) -> Origin:
    """What a slice that the unit reads is, in the flow that calls it."""
    given = node.args[entry.parameter]
    return entry.origin._replace(name=given.name) if isinstance(given, FromInput) else given


def _shard(node: Crossing, unit: Unit, overs: Mapping[str, Origin]) -> tuple[plan.PathPart, ...]:
    """The name of the shard that a unit is started for. Rule S2 sees to it that its slices are of one shard."""
    for entry in unit.graph.entries:
        if entry.snapshot.shards and not isinstance(entry.origin, FromShards):
            given = node.args[entry.parameter]
            if isinstance(given, FromItem) and isinstance(overs.get(given.each), FromShards):
                return (plan.ItemPart(each=given.each),)
            return (plan.ShardPart(),)
    return ()


def _window(node: Crossing, unit: Unit, overs: Mapping[str, Origin]) -> tuple[plan.PathPart, ...]:
    """The start of the window that a unit is started for, unless it is the run's. Rule S1 sees to it that it is one."""
    for entry in unit.graph.entries:
        given = node.args[entry.parameter]
        if isinstance(given, FromItem) and isinstance(overs.get(given.each), FromWindows):
            return (plan.ItemPart(each=given.each, format=_START),)
    return ()
