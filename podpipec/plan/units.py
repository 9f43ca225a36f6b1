"""The units of a flow across pods, as steps of its plan."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.graph.nodes import Crossing, Unit
from podpipec.graph.started import of_one_shard, shard_loop, window_loop
from podpipec.graph.values import Entry
from podpipec.plan.values import output, ref
from podpipec.types.origin import FromInput, Origin
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
    """The name of the shard that a unit is started for."""
    if of_one_shard(unit) is None:
        return ()
    loop = shard_loop(node, unit, overs)
    return (plan.ItemPart(each=loop) if loop else plan.ShardPart(),)


def _window(node: Crossing, unit: Unit, overs: Mapping[str, Origin]) -> tuple[plan.PathPart, ...]:
    """The start of the window that a unit is started for, unless it is the run's."""
    loop = window_loop(node, unit, overs)
    return (plan.ItemPart(each=loop, format=_START),) if loop else ()
