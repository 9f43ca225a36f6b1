"""The interpreter's state: one immutable value, in parts that each have a concern.

Maps are persistent, so a step costs what it changes and an old state stays good.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Literal

import msgspec
from rpds import HashTrieMap, List

from podpipec_runtime.interpreter.events import Failure
from podpipec_runtime.interpreter.keys import Parts
from podpipec_runtime.interpreter.program import Port, Program
from podpipec_runtime.interpreter.stock import Stock
from podpipec_runtime.interpreter.values import Data, Instance, Item, Loc, Pinned, Record, Stored, Value
from podpipec_runtime.plan.types import PlaceName
from podpipec_runtime.shapes.cycle import Ring
from podpipec_runtime.shapes.fan_in import FanIn
from podpipec_runtime.shapes.fan_out import FanOut
from podpipec_runtime.shapes.graph import Graph
from podpipec_runtime.shapes.heap import Node

Rank = tuple[int, ...]
Queued = tuple[Rank, Instance]
#: A step to be done once more, for which object, and why.
Parked = tuple[Instance, Loc, str]

#: `running`: goes on. `stopping`: waits for what runs to end, then fails. `again`: waits for what runs to
#: end, then asks for a fresh pass. `over`: nothing more happens.
Phase = Literal["running", "stopping", "again", "over"]


class Facts(msgspec.Struct, frozen=True):
    """What is known when a pass begins.

    `window` and `shard` are what the flow was started for; texts call the window as it is called in `zone`.
    `inputs` has each input's slices in the order of their shards or windows, `windows` when the windows of an
    input that is a list of them start, `texts` the inputs that are scalars. `records` are the results known by
    key, `content` the objects on places with their bytes, `kept` those that runs keep for good, `sent` the remote
    paths with the digest of the value there. `recorded` is what was pinned, `effects` which calls of services began
    in a run that did not end (`begun`, or `ended` if the call did), each by its name; `repeat` says that these may be
    made again. `parallel` caps how many calls run at once. A `dry` pass finds out what would run and asks for
    nothing.
    """

    inputs: Mapping[str, tuple[Stored, ...]]
    window: datetime | None = None
    shard: str = ""
    zone: tzinfo = UTC
    windows: Mapping[str, tuple[datetime, ...]] = {}
    texts: Mapping[str, str] = {}
    records: HashTrieMap[str, Record] = HashTrieMap()
    content: HashTrieMap[Loc, int] = HashTrieMap()
    kept: frozenset[Loc] = frozenset()
    sent: HashTrieMap[str, str] = HashTrieMap()
    recorded: HashTrieMap[str, Pinned] = HashTrieMap()
    effects: Mapping[str, str] = {}
    repeat: bool = False
    parallel: int | None = None
    dry: bool = False


class Fan(msgspec.Struct, frozen=True):
    """A loop at work: which elements may go on, and what it goes over.

    `holds` is what it reads from outside, held while elements of a loop that had ended are visited again.
    """

    gate: FanOut | FanIn | Ring
    items: tuple[Item, ...]
    holds: tuple[Loc, ...] = ()

    def label(self, index: int) -> str:
        """What an element is called."""
        return self.gate.groups[index].label if isinstance(self.gate, FanIn) else self.items[index].label


class Flow(msgspec.Struct, frozen=True):
    """How far the traversal is.

    `scopes`: the body graph of the whole (`ROOT`), and of each element and branch under way; an element's scope
    is named by its loop and its path, a branch's is the choice itself. `open`: how much is unfinished in an
    element. `parked`: steps that have to run once more in an element that is not under way. `published`: the
    values of every step that is done. `chosen`: whether the condition of a choice held. `by`: which call of a
    fallback was taken. `recorded`: whether what was pinned together before is taken. `spared`: what need not run for
    that, or was done in an earlier run.
    """

    scopes: HashTrieMap[Instance, Graph]
    fans: HashTrieMap[Instance, Fan] = HashTrieMap()
    open: HashTrieMap[Instance, int] = HashTrieMap()
    parked: HashTrieMap[Instance, tuple[Parked, ...]] = HashTrieMap()
    published: HashTrieMap[Instance, tuple[Value, ...]] = HashTrieMap()
    chosen: HashTrieMap[Instance, bool] = HashTrieMap()
    by: HashTrieMap[Instance, int] = HashTrieMap()
    recorded: HashTrieMap[Instance, bool] = HashTrieMap()
    spared: HashTrieMap[Instance, None] = HashTrieMap()


class Job(msgspec.Struct, frozen=True):
    """A step that has to be done, for the first time (`first`) or because its data is gone (`cause`).

    `stage`: `waiting` for `waits` objects; `queued` for a slot; `fetching` inputs into place, with a slot;
    `running`; `copying` a value to where it is kept. `at`: which call of a fallback it is. `args`: a call's
    arguments, under the names of its stage's inputs; `reads`: the files and directories that it reads. `taken`:
    objects that it consumes, with their bytes, which are on no place any more. `reserved`: bytes that are held for
    what it may still write.
    """

    first: bool
    cause: str = ""
    key: str = ""
    parts: Parts | None = None
    stage: Literal["waiting", "queued", "fetching", "running", "copying"] = "waiting"
    waits: int = 0
    holds: tuple[Loc, ...] = ()
    attempt: int = 1
    at: int = 0
    args: tuple[tuple[str, Value], ...] = ()
    reads: tuple[Data, ...] = ()
    taken: tuple[tuple[Loc, int], ...] = ()
    reserved: tuple[tuple[PlaceName, int], ...] = ()


class Work(msgspec.Struct, frozen=True):
    """What is to be done and what is under way.

    `awaiting`: who waits for an object, the last first. `flight`: who makes the result of a key; `followers`:
    who waits for that (the last first), and whether for the first time. `queue`: what is ready to start, by the
    slots that it may have; what needs none waits there for room. `slots`: the free ones. `running`: who has which
    slot. `reserved`: bytes that calls with a slot may still write, and that copies and slices under way bring.
    `tight`: how far in the plan's order one job starts at a time, since room had to be made. `rooms`: how often it
    was made since a step was done for the first time. `copying`: copies, slices and sendings asked for and not
    answered, with the bytes that they bring. `fallen`: why the calls of a fallback that failed for good did so, in
    order.
    """

    slots: HashTrieMap[int, None]
    jobs: HashTrieMap[Instance, Job] = HashTrieMap()
    awaiting: HashTrieMap[Loc, List[Instance]] = HashTrieMap()
    flight: HashTrieMap[str, Instance] = HashTrieMap()
    followers: HashTrieMap[str, List[tuple[Instance, bool]]] = HashTrieMap()
    queue: HashTrieMap[tuple[int, ...], Node[Queued]] = HashTrieMap()
    running: HashTrieMap[Instance, int] = HashTrieMap()
    reserved: HashTrieMap[str, int] = HashTrieMap()
    tight: Rank | None = None
    rooms: int = 0
    copying: HashTrieMap[Loc | Instance, int] = HashTrieMap()
    fallen: HashTrieMap[Instance, tuple[str, ...]] = HashTrieMap()


class Claim(msgspec.Struct, frozen=True):
    """A live value: its objects, and how many steps must end before it goes (-1: never). `others` are what stays in
    its stead where it is not on its place: a copy elsewhere, or what it would be made of."""

    left: int
    locs: tuple[Loc, ...]
    others: tuple[Loc, ...] = ()


class State(msgspec.Struct, frozen=True):
    """Everything that the interpreter knows in a pass."""

    program: Program
    facts: Facts
    records: HashTrieMap[str, Record]
    sent: HashTrieMap[str, str]
    recorded: HashTrieMap[str, Pinned]
    stock: Stock
    flow: Flow
    work: Work
    claims: HashTrieMap[Port, HashTrieMap[tuple[int, ...], Claim]] = HashTrieMap()
    phase: Phase = "running"
    failure: Failure | None = None
    unstable: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()
    losses: int = 0


#: The scope of the whole.
ROOT = Instance("")


def initial(program: Program, facts: Facts) -> State:
    """The state before anything happened."""
    slots = HashTrieMap(dict.fromkeys(range(len(program.plan.pod.slots))))
    return State(
        program,
        facts,
        facts.records,
        facts.sent,
        facts.recorded,
        Stock.of(facts.content, facts.kept),
        Flow(HashTrieMap({ROOT: program.bodies[""]})),
        Work(slots),
    )
