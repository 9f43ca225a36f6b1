"""Plans written by hand for the tests of the targets: small, and different where targets must differ."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from podpipec_runtime.plan.types import (
    Call,
    Close,
    Code,
    Each,
    Exec,
    Helper,
    HelperRef,
    Input,
    InputPart,
    InputRef,
    ItemPart,
    ItemRef,
    Keep,
    Lifetime,
    Move,
    Open,
    Output,
    OutputPart,
    Peak,
    Period,
    Place,
    PlaceName,
    Plan,
    Pod,
    Port,
    Result,
    Seat,
    ShardPart,
    ShardsRef,
    Shell,
    Slot,
    Stage,
    StepRef,
    WindowPart,
)

MIB = 1 << 20
GIB = 1 << 30
DIGEST = "@sha256:" + "0123456789abcdef" * 4


def stage(name: str, image: str | None, *, cpu: int = 1000, memory: int = 512 * MIB) -> Stage:
    """A stage that reads `raw` and writes `out`."""
    command = Exec(words=((name,), ("--in",), (InputPart(name="raw"),), ("--out",), (OutputPart(name="out"),)))
    parquet = "Parquet"
    return Stage(
        name=name,
        command=command,
        inputs=(Port(name="raw", content=parquet),),
        outputs=(Port(name="out", content=parquet),),
        image=image,
        cpu=cpu,
        memory=memory,
    )


def source(name: str, slice_: str = "whole", shards: Sequence[str] = (), place: PlaceName = "ram") -> Input:
    """An input of 64 MiB, or of 64 MiB a shard."""
    assert slice_ in ("whole", "shard", "shards")
    return Input(
        name=name,
        parameter=name,
        snapshot=name,
        content="Parquet",
        source=(f"s3://lake/{name}/", WindowPart(format="%Y-%m-%d"), *((ShardPart(),) if shards else ())),
        slice=slice_,  # type: ignore[arg-type]  # asserted above
        shards=tuple(shards),
        window=86400,
        bytes=64 * MIB,
        place=place,
    )


def minimal() -> Plan:
    """One stage, one slot, memory alone."""
    call = Call(
        id="out",
        stage="clean",
        args={"raw": InputRef(input="t")},
        outputs=(Output(name="out", place="ram", bytes=64 * MIB),),
        slots=(0,),
    )
    return Plan(
        version=1,
        flow="hourly",
        pod=Pod(
            name="small",
            cpu=1500,
            exclusive=False,
            memory=GIB,
            slots=(Slot(cpu=1500, memory=576 * MIB),),
            places=(Place(name="ram", bytes=256 * MIB),),
        ),
        period=Period(window=86400),
        inputs=(source("t"),),
        stages=(stage("clean", "registry.example/clean:2.1"),),
        steps=(call,),
        results=(Result(name="out", value=StepRef(step="out", output="out")),),
        lifetimes=(
            Lifetime(value=InputRef(input="t"), place="ram", bytes=64 * MIB, until=("out",)),
            Lifetime(value=StepRef(step="out", output="out"), place="ram", bytes=64 * MIB, until=()),
        ),
        peaks=(Peak(place="ram", bytes=128 * MIB),),
        swaps=0,
    )


def every_place() -> Plan:
    """Shared cores, all places, checkpoints, a copy between places, a script with odd characters."""
    book, pv, fast = (StepRef(step=name, output="out") for name in ("book", "pv", "pv"))
    note = Stage(
        name="note",
        command=Shell(script=("wc -c < ", InputPart(name="raw"), " > ", OutputPart(name="out"), "\n# größer: 🚀\n")),
        inputs=(Port(name="raw", content="Parquet"),),
        outputs=(Port(name="out", content="Text"),),
        image="registry.example:5000/tools/note" + DIGEST,
        code=Code(name="note.py", text="print('a: b')\n\tx = 1  \n"),
        cpu=250,
        memory=100 * MIB,
    )
    return Plan(
        version=1,
        flow="Hourly_Report",
        pod=Pod(
            name="bench",
            cpu=4250,
            exclusive=False,
            memory=24 * GIB,
            slots=(
                Slot(cpu=4000, memory=10 * GIB, image="registry.example/clean:2.1" + DIGEST),
                Slot(cpu=250, memory=300_000_000, image="registry.example:5000/tools/note" + DIGEST),
            ),
            places=(
                Place(name="ram", bytes=8 * GIB),
                Place(name="node", bytes=200 * GIB),
                Place(name="volume", bytes=100 * GIB, storage_class="standard"),
            ),
        ),
        inputs=(source("t", "whole", place="node"), source("c", "whole")),
        stages=(stage("clean", "registry.example/clean:2.1" + DIGEST, cpu=4000, memory=6 * GIB), note),
        steps=(
            Call(
                id="book",
                stage="clean",
                args={"raw": InputRef(input="t")},
                outputs=(Output(name="out", place="ram", bytes=GIB),),
                slots=(0,),
            ),
            Keep(id="keep-book", value=book, place="node"),
            Call(
                id="pv",
                stage="note",
                args={"raw": book},
                outputs=(Output(name="out", place="node", bytes=64 * MIB),),
                slots=(1,),
            ),
            Move(id="fast", value=fast, place="ram", bytes=64 * MIB),
            Keep(id="keep-pv", value=pv, place="volume"),
        ),
        results=(Result(name="pv", value=pv),),
        lifetimes=(
            Lifetime(value=InputRef(input="c"), place="ram", bytes=64 * MIB, until=()),
            Lifetime(value=book, place="ram", bytes=GIB, until=("pv", "keep-book")),
            Lifetime(value=pv, place="node", bytes=64 * MIB, until=()),
            Lifetime(value=StepRef(step="fast"), place="ram", bytes=64 * MIB, until=()),
        ),
        peaks=(Peak(place="ram", bytes=GIB + 128 * MIB), Peak(place="node", bytes=GIB + 128 * MIB)),
        swaps=0,
    )


def exclusive() -> Plan:
    """Exclusive cores, an idle slot, an `each` over all shards in one pod."""
    element = Call(
        id="part",
        stage="clean",
        args={"raw": ItemRef(each="parts")},
        outputs=(Output(name="out", place="ram", bytes=128 * MIB),),
        slots=(0, 1),
    )
    keep = Keep(
        id="keep-parts",
        value=StepRef(step="part", output="out"),
        place="remote",
        path=("s3://lake/parts/", ItemPart(each="parts")),
    )
    shards = tuple(f"{number:02}" for number in range(12))
    return Plan(
        version=1,
        flow="all_shards",
        pod=Pod(
            name="pinned",
            cpu=4000,
            exclusive=True,
            memory=8 * GIB,
            slots=(
                Slot(cpu=2000, memory=3 * GIB, image="registry.example/clean:2.1"),
                Slot(cpu=2000, memory=GIB),
            ),
            places=(Place(name="ram", bytes=2 * GIB),),
        ),
        inputs=(source("t", "shards", shards),),
        stages=(stage("clean", "registry.example/clean:2.1", cpu=2000),),
        steps=(
            Each(
                id="parts",
                over=ShardsRef(input="t"),
                body=(element, keep),
                yields=StepRef(step="part", output="out"),
                width=2,
            ),
        ),
        results=(Result(name="parts", value=StepRef(step="parts")),),
        lifetimes=(
            Lifetime(value=ShardsRef(input="t"), place="ram", bytes=768 * MIB, until=()),
            Lifetime(
                value=StepRef(step="part", output="out"),
                place="ram",
                bytes=128 * MIB,
                until=(),
                scope="parts",
                copies=12,
            ),
        ),
        peaks=(Peak(place="ram", bytes=2 * GIB),),
        swaps=1,
    )


def beside() -> Plan:
    """A helper beside the slots, which one of two stages has for itself."""
    plan = exclusive()
    asked = Stage(
        name="ask",
        command=Exec(words=(("ask",), (InputPart(name="cache"),), (InputPart(name="raw"),), (OutputPart(name="out"),))),
        inputs=(Port(name="raw", content="Parquet"), Port(name="cache", content="redis")),
        outputs=(Port(name="out", content="Parquet"),),
        image="registry.example/ask:1",
        cpu=1000,
        memory=512 * MIB,
    )
    ask = Call(
        id="cache/ask",
        stage="ask",
        args={"raw": InputRef(input="t"), "cache": HelperRef(step="cache", guarded=True)},
        outputs=(Output(name="out", place="ram", bytes=64 * MIB),),
        slots=(0,),
    )
    command = Exec(words=(("redis-server",), ("--load",), (InputPart(name="data"),)))
    data = Port(name="data", content="Parquet")
    redis = Helper(name="redis", command=command, inputs=(data,), image="redis:8", cpu=1000, memory=GIB, port=6379)
    return msgspec.structs.replace(
        plan,
        flow="cached",
        pod=msgspec.structs.replace(plan.pod, seats=(Seat(cpu=1000, memory=GIB, image="redis:8"),)),
        inputs=(source("t"),),
        stages=(asked,),
        helpers=(redis,),
        steps=(
            Open(id="cache", helper="redis", args={"data": InputRef(input="t")}, seat=0),
            ask,
            Close(id="cache-close", opened="cache", after=("cache", "cache/ask")),
        ),
        results=(Result(name="out", value=StepRef(step="cache/ask", output="out")),),
        lifetimes=(
            Lifetime(value=InputRef(input="t"), place="ram", bytes=64 * MIB, until=("cache/ask", "cache-close")),
            Lifetime(value=StepRef(step="cache/ask", output="out"), place="ram", bytes=64 * MIB, until=()),
        ),
        peaks=(Peak(place="ram", bytes=128 * MIB),),
        swaps=0,
    )


def per_shard() -> Plan:
    """One pod for each of three shards; the slices lie on the node's disk."""
    one = minimal()
    pod = Pod(
        name="shardwise",
        cpu=2000,
        exclusive=False,
        memory=2 * GIB,
        slots=(Slot(cpu=1000, memory=GIB), Slot(cpu=1000, memory=GIB)),
        places=(Place(name="ram", bytes=GIB), Place(name="node", bytes=10 * GIB)),
    )
    return Plan(
        version=1,
        flow="by_airport",
        pod=pod,
        inputs=(source("weather", "whole"), source("t", "shard", ("EWR", "JFK", "LGA"), "node")),
        stages=one.stages,
        steps=one.steps,
        results=one.results,
        lifetimes=(one.lifetimes[1],),
        peaks=(Peak(place="ram", bytes=64 * MIB),),
        swaps=0,
    )
