"""A macro plan as a plan: the same steps, each unit a call of a stage that stands for its flow.

So one interpreter runs both levels, and one check covers both. A slot is a pod here: a set of so many pods is as many
slots. What the pods share is the place `volume`; what is reached over the network, slices and what flows keep in
`remote`, is the place `node` of whoever follows the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from podpipec_runtime.plan.types import (
    Call,
    Code,
    Exec,
    Macro,
    Place,
    PlaceName,
    Plan,
    Pod,
    Port,
    Shell,
    Slot,
    Stage,
    Step,
    TextRef,
    Unit,
)
from podpipec_runtime.tuples import NamedTuple

#: An exbibyte: there is no bound for what lies outside of the pods.
BOUNDLESS = 2**60

#: Scalars that a unit's stage is given beside the flow's inputs, which are named by their numbers.
SHARD, WINDOW = "shard", "window"

_S = TypeVar("_S", bound=msgspec.Struct)


class Doing(NamedTuple):
    """What runs a unit: the command, and the file that it needs, given the stage's ports."""

    command: Exec | Shell
    code: Code | None = None


#: How a flow is run by the stage that stands for it.
Do = Callable[[Plan], Doing]


def as_plan(macro: Macro, do: Do) -> Plan:
    """The plan that does the macro plan's units by `do`."""
    homes = _homes(macro)
    volume = [macro.volume] if macro.volume is not None else []
    outside = Place(name="node", bytes=BOUNDLESS)
    pod = Pod(
        name=macro.flow,
        cpu=0,
        exclusive=False,
        memory=0,
        slots=tuple(Slot(cpu=0, memory=0) for one in macro.sets for _ in range(one.pods)),
        places=(outside, *volume),
    )
    return Plan(
        version=1,
        flow=macro.flow,
        period=macro.period,
        calendars=macro.calendars,
        pod=pod,
        inputs=tuple(replace(given, place=_place(given.place)) for given in macro.inputs),
        stages=tuple(_stage(flow, do) for flow in macro.flows),
        steps=tuple(_step(step, homes) for step in macro.steps),
        results=macro.results,
        lifetimes=tuple(replace(life, place=_place(life.place)) for life in macro.lifetimes),
        peaks=macro.peaks,
        swaps=0,
    )


def _place(place: PlaceName) -> PlaceName:
    return "node" if place == "remote" else place


class _Home(NamedTuple):
    """A flow's inputs, in order, and the numbers of the pods that may run it."""

    inputs: tuple[str, ...]
    slots: tuple[int, ...]


def port(number: int) -> str:
    """The input of a unit's stage that stands for the flow's input of that number."""
    return f"input_{number}"


def _homes(macro: Macro) -> dict[str, _Home]:
    flows = {flow.flow: tuple(given.name for given in flow.inputs) for flow in macro.flows}
    found: dict[str, _Home] = {}
    first = 0
    for one in macro.sets:
        slots = tuple(range(first, first + one.pods))
        found |= {name: _Home(flows[name], slots) for name in one.flows}
        first += one.pods
    return found


def _stage(flow: Plan, do: Do) -> Stage:
    inputs = [Port(name=port(at), content=given.content) for at, given in enumerate(flow.inputs)]
    doing = do(flow)
    return Stage(
        name=flow.flow,
        command=doing.command,
        inputs=(*inputs, Port(name=SHARD, content="String"), Port(name=WINDOW, content="String")),
        outputs=tuple(Port(name=result.name, content=result.content) for result in flow.results),
        code=doing.code,
        cpu=0,
        memory=0,
    )


def _step(step: Step, homes: Mapping[str, _Home]) -> Step:
    """A step with its bodies, however it holds them."""
    if not isinstance(step, Unit):
        return _inside(step, homes)
    home = homes[step.flow]
    args = {port(at): step.args[name] for at, name in enumerate(home.inputs)}
    return Call(
        id=step.id,
        stage=step.flow,
        args={**args, SHARD: TextRef(parts=step.shard), WINDOW: TextRef(parts=step.window)},
        outputs=tuple(replace(output, place=_place(output.place)) for output in step.results),
        slots=home.slots,
        after=step.after,
    )


def _inside(value: _S, homes: Mapping[str, _Home]) -> _S:
    """A struct with the steps in its fields, and in those of the structs in them, done likewise."""
    changed: dict[str, object] = {}
    for name in value.__struct_fields__:
        field = getattr(value, name)
        if isinstance(field, tuple) and any(isinstance(one, Step) for one in field):
            changed[name] = tuple(_step(one, homes) for one in field)
        elif isinstance(field, msgspec.Struct):
            changed[name] = _inside(field, homes)
    return replace(value, **changed) if changed else value
