"""Builds small plans by hand, so that the runtime is tested without the compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from podpipec_runtime.plan.check import check
from podpipec_runtime.plan.scalars import stored
from podpipec_runtime.plan.types import (
    At,
    Calendar,
    Call,
    Carry,
    Code,
    CodePart,
    ConstantRef,
    Cycle,
    Each,
    Exec,
    Fold,
    Input,
    InputPart,
    InputRef,
    ItemRef,
    Keep,
    Lifetime,
    Move,
    Output,
    OutputPart,
    PathPart,
    Period,
    Pin,
    Place,
    PlaceName,
    Plan,
    Pod,
    Port,
    Range,
    Ref,
    Result,
    ShardPart,
    ShardsRef,
    Shell,
    Slot,
    Stage,
    Step,
    StepRef,
    WindowPart,
    WindowsRef,
    Within,
)

MIB = 1 << 20


def shell(
    name: str,
    script: str,
    inputs: Mapping[str, str] | Sequence[str] = (),
    outputs: Mapping[str, str] | Sequence[str] = ("out",),
    retry: int = 0,
    timeout: int | None = None,
    image: str | None = None,
) -> Stage:
    """A stage that runs `script`, in which `{name}` stands for an input or output."""
    ports_in = _ports(inputs)
    ports_out = _ports(outputs)
    return Stage(
        name=name,
        command=Shell(script=_parts(script, {p.name for p in ports_in}, {p.name for p in ports_out})),
        inputs=ports_in,
        outputs=ports_out,
        image=image,
        cpu=1000,
        memory=MIB,
        retry=retry,
        timeout=timeout,
    )


def program(
    name: str,
    words: Sequence[str],
    inputs: Mapping[str, str] | Sequence[str] = (),
    outputs: Mapping[str, str] | Sequence[str] = ("out",),
    code: str | None = None,
) -> Stage:
    """A stage that starts `words` without a shell; `{name}` stands for an input, an output or `{code}`."""
    ins, outs = _ports(inputs), _ports(outputs)
    names = {port.name for port in ins}, {port.name for port in outs}
    return Stage(
        name=name,
        command=Exec(words=tuple(_parts(word, *names) for word in words)),
        inputs=ins,
        outputs=outs,
        code=None if code is None else Code(name=f"{name}.py", text=code),
        cpu=1000,
        memory=MIB,
    )


def _ports(ports: Mapping[str, str] | Sequence[str]) -> tuple[Port, ...]:
    pairs = ports.items() if isinstance(ports, Mapping) else ((name, "File") for name in ports)
    return tuple(Port(name=name, content=content) for name, content in pairs)


def _parts(text: str, inputs: set[str], outputs: set[str]) -> tuple[str | InputPart | OutputPart | CodePart, ...]:
    parts: list[str | InputPart | OutputPart | CodePart] = []
    while text:
        before, found, rest = text.partition("{")
        name, closed, after = rest.partition("}")
        if before:
            parts.append(before)
        if not found:
            break
        if name in inputs:
            parts.append(InputPart(name=name))
        elif name in outputs:
            parts.append(OutputPart(name=name))
        elif name == "code":
            parts.append(CodePart())
        else:
            parts.append("{" + name + closed)
        text = after
    return tuple(parts)


def ref(value: str | Ref) -> Ref:
    """`step.output`, or `step` alone for its output `out`; anything else is a reference already."""
    if not isinstance(value, str):
        return value
    step, _, output = value.partition(".")
    return StepRef(step=step, output=output or "out")


def call(
    id_: str,
    stage: Stage,
    args: Mapping[str, str | Ref] | None = None,
    place: PlaceName = "ram",
    size: int = MIB,
    slots: tuple[int, ...] = (0, 1),
    after: tuple[str, ...] = (),
) -> Step:
    """A call of `stage`; each output goes to `place`."""
    return Call(
        id=id_,
        stage=stage.name,
        args={name: ref(value) for name, value in (args or {}).items()},
        outputs=tuple(Output(name=port.name, place=place, bytes=size) for port in stored(stage)),
        slots=slots,
        after=after,
    )


def each(
    id_: str, over: str | Ref, body: Sequence[Step], yields: str | Ref, width: int = 2, group: int = 0, step: int = 0
) -> Step:
    return Each(
        id=id_, over=ref(over), body=tuple(body), yields=ref(yields), width=width, group=group, step=step or group
    )


def fold(id_: str, over: str | Ref, by: int, body: Sequence[Step], yields: str | Ref, width: int = 2) -> Step:
    return Fold(id=id_, over=ref(over), by=by, body=tuple(body), yields=ref(yields), width=width)


def cycle(
    id_: str, over: str | Ref, body: Sequence[Step], carries: Mapping[str, tuple[str | Ref, str | Ref]], depth: int = 1
) -> Step:
    """`carries` has where each starts and what gives it."""
    made = tuple(Carry(name=name, start=ref(start), gives=ref(gives)) for name, (start, gives) in carries.items())
    return Cycle(id=id_, over=ref(over), body=tuple(body), carries=made, depth=depth)


def collected(step: str) -> StepRef:
    """The list that an `each` collects, what a `fold` comes to, or what a `move` makes."""
    return StepRef(step=step)


def keep(id_: str, value: str | Ref, place: PlaceName = "volume", path: tuple[PathPart, ...] = ()) -> Step:
    return Keep(id=id_, value=ref(value), place=place, path=path)


def move(id_: str, value: str | Ref, place: PlaceName) -> Step:
    return Move(id=id_, value=ref(value), place=place, bytes=MIB)


def pin(id_: str, value: str | Ref, place: PlaceName = "volume") -> Step:
    return Pin(id=id_, value=ref(value), place=place, bytes=MIB)


def given(
    name: str,
    source: tuple[PathPart, ...] = (),
    shards: Sequence[str] = (),
    one: bool = False,
    content: str = "File",
    size: int = MIB,
    place: PlaceName = "node",
    window: int | None = None,
    calendar: str = "",
    windows: At | Range | Within = At(),  # noqa: B008 - immutable
) -> Input:
    """An input; `one` starts the flow for one of its shards. `windows` says of which windows it is."""
    slice_ = "whole" if not shards else "shard" if one else "shards"
    made = Input(
        name=name,
        parameter=name,
        snapshot=name + "s",
        content=content,
        source=source or ("s3://lake/", WindowPart(format="%Y"), *(("/", ShardPart()) if shards else ()), ".txt"),
        slice=slice_,  # type: ignore[arg-type]  # one of the three
        shards=tuple(shards),
        window=window,
        calendar=calendar,
        windows=windows,
        bytes=size,
        place=place,
    )
    return replace(made, name=made.written)


def lifetime(value: str | Ref, until: Sequence[str], scope: str = "", place: PlaceName = "ram") -> Lifetime:
    return Lifetime(value=ref(value), place=place, bytes=MIB, until=tuple(until), scope=scope)


def plan(
    stages: Sequence[Stage],
    steps: Sequence[Step],
    results: Mapping[str, str | Ref] | None = None,
    inputs: Sequence[Input] = (),
    lifetimes: Sequence[Lifetime] = (),
    slots: int = 2,
    sizes: Mapping[PlaceName, int] | None = None,
    period: Period | None = None,
    calendars: Sequence[Calendar] = (),
) -> Plan:
    """A checked plan on a pod with places `ram`, `node` and `volume`."""
    bytes_of = {"ram": 64 * MIB, "node": 64 * MIB, "volume": 64 * MIB, **(sizes or {})}
    places: tuple[PlaceName, ...] = ("ram", "node", "volume")
    made = Plan(
        version=1,
        flow="test",
        pod=Pod(
            name="bench",
            cpu=1000 * slots,
            exclusive=False,
            memory=slots * MIB,
            slots=tuple(Slot(cpu=1000, memory=MIB) for _ in range(slots)),
            places=tuple(Place(name=name, bytes=bytes_of[name]) for name in places),
        ),
        period=period,
        calendars=tuple(calendars),
        inputs=tuple(inputs),
        stages=tuple(stages),
        steps=tuple(steps),
        results=tuple(Result(name=name, value=ref(value)) for name, value in (results or {}).items()),
        lifetimes=tuple(lifetimes),
        peaks=(),
        swaps=0,
    )
    check(made)
    return made


__all__ = [
    "MIB",
    "ConstantRef",
    "InputRef",
    "ItemRef",
    "ShardsRef",
    "WindowsRef",
    "call",
    "collected",
    "cycle",
    "each",
    "fold",
    "given",
    "keep",
    "lifetime",
    "move",
    "pin",
    "plan",
    "program",
    "ref",
    "shell",
]
