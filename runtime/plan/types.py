"""The plan: what one pod is to do, as strict immutable values.

A plan is the whole contract between the compiler and the runtime. It is self-contained (it carries
the code files that its commands name), and its size follows the source program: an `each` over ten
thousand shards is one node. Units: bytes for memory and data, thousandths of a core for processors,
seconds for time. Everything that has an order is a tuple in that order; mappings keep theirs.
"""

from datetime import date
from typing import Literal

import msgspec

#: The one plan format that this runtime reads. A plan of another version is refused whole.
VERSION = 1

PlaceName = Literal["ram", "node", "volume", "remote"]

#: The places in the order in which each outlives the one before.
PLACES: tuple[PlaceName, ...] = ("ram", "node", "volume", "remote")


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the plan: immutable, and refused when a field is unknown, missing or ill-typed."""


# --- text with holes ------------------------------------------------------------------------


class WindowPart(Strict, frozen=True, kw_only=True, tag_field="part", tag="window"):
    """The start of the window, in the zone of the calendar that it is on (UTC without one): in a source the window
    of the slice, elsewhere that of the run. `format` is for strftime, empty for ISO 8601."""

    format: str = ""


class ShardPart(Strict, frozen=True, kw_only=True, tag_field="part", tag="shard"):
    """The name of the shard that the run was started for."""


class ItemPart(Strict, frozen=True, kw_only=True, tag_field="part", tag="item"):
    """What the enclosing loop of that id is at: a shard's name, a constant's text, a window's start, else the number of
    the element or group; for a `fold`, level and number (`1.0`). `format` is for strftime, for a window alone; empty
    for ISO 8601."""

    each: str
    format: str = ""


class ValuePart(Strict, frozen=True, kw_only=True, tag_field="part", tag="value"):
    """The text that a stage gave as a scalar. It stands in a text for a stage, never in a path."""

    value: "Ref"


#: A piece of a path or text that is whole once the flow, the element, and what stages gave, are known.
PathPart = str | WindowPart | ShardPart | ItemPart | ValuePart


# --- references: where a value comes from ---------------------------------------------------


class InputRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="input"):
    """The slice of a snapshot that the flow was started with (one shard, or an unsharded slice)."""

    input: str


class ShardsRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="shards"):
    """Every shard of an input's slice, as a list in the order of the snapshot's shards."""

    input: str


class WindowsRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="windows"):
    """Every window of an input that has several, as a list, the oldest first."""

    input: str


class StepRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="step"):
    """An output of a step; `output` is empty for the list that an `each` collects, for what a `fold` comes to, for a
    `move` and for a `pin`. For a `cycle` it is a carry's name: what the last element gave, or its start."""

    step: str
    output: str = ""


class ItemRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="item"):
    """The element that the enclosing loop of that id is at; a list where the loop goes over groups."""

    each: str


class CarryRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="carry"):
    """What the element before this one of the enclosing `cycle` gave under that name; its start in the first."""

    cycle: str
    name: str


class ParentRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="parent"):
    """What goes down under a name to the node that the enclosing walk of that id is at: the parent's `value`, for the
    root `start`."""

    walk: str
    name: str


class ChildrenRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="children"):
    """What came up under a name from the children of the node that the enclosing walk of that id is at, as a list in
    the order of the children. It is there when all of them are done."""

    walk: str
    name: str


class NeedsRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="needs"):
    """What came of the nodes that the node which the enclosing step of that id is at depends on, as a list in the order
    in which the graph names them."""

    run: str


class ConstantRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="constant"):
    """A scalar known when the program was compiled: the text a command shows for it, or a list of such."""

    value: str | tuple[str, ...]


class TextRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="text"):
    """A text with the window, the shard, an element or a stage's scalar in it."""

    parts: tuple[PathPart, ...]


class StreamRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="stream"):
    """What a call writes to its output of that name while it runs: a pipe, whose path a command is shown at both ends.

    Calls that are joined by streams are one step with several containers. It begins when all is there that any of them
    refers to, and when each of them has a slot of its own; what they write is published when all have ended well; and
    if one fails, all have.
    """

    step: str
    output: str


class HelperRef(Strict, frozen=True, kw_only=True, tag_field="from", tag="helper"):
    """The helper that an `open` step started. A command is shown its address, `localhost:PORT`.

    `guarded`: no other call may speak to the helper while this one runs.
    """

    step: str
    guarded: bool = False


Ref = (
    InputRef
    | ShardsRef
    | WindowsRef
    | StepRef
    | ItemRef
    | CarryRef
    | ParentRef
    | ChildrenRef
    | NeedsRef
    | ConstantRef
    | TextRef
    | StreamRef
    | HelperRef
)


# --- commands --------------------------------------------------------------------------------


class InputPart(Strict, frozen=True, kw_only=True, tag_field="part", tag="input"):
    """Replaced by the path of the stage's input of that name, or by a literal argument's text."""

    name: str


class OutputPart(Strict, frozen=True, kw_only=True, tag_field="part", tag="output"):
    """Replaced by the path at which the stage must write its output of that name."""

    name: str


class CodePart(Strict, frozen=True, kw_only=True, tag_field="part", tag="code"):
    """Replaced by the path of the stage's code file."""


#: A piece of a command: text as it stands, or something that is known when the stage starts.
Part = str | InputPart | OutputPart | CodePart


class Exec(Strict, frozen=True, kw_only=True, tag_field="kind", tag="exec"):
    """A command started without a shell. A word that is one list input alone becomes one word an element."""

    words: tuple[tuple[Part, ...], ...]


class Shell(Strict, frozen=True, kw_only=True, tag_field="kind", tag="shell"):
    """A script for `sh -eu`. Each part that is not text is quoted for the shell, lists word by word."""

    script: tuple[Part, ...]


class Code(Strict, frozen=True, kw_only=True):
    """A small file that a command needs; it travels in the plan and is part of a result's key."""

    name: str
    text: str


class Port(Strict, frozen=True, kw_only=True):
    """A named input or output of a stage. `content` is the type as written, e.g. `Parquet` or `Csv[]`.

    An output of a scalar type (`scalars.NAMES`) is captured: the stage writes the text to its path, and the
    text itself is the value from then on. It lies on no place. Neither does a `Stream<…>`: one call reads it while it
    is written.
    """

    name: str
    content: str


class Stage(Strict, frozen=True, kw_only=True):
    """A container's work, as declared: what it runs and what it may use."""

    name: str
    command: Exec | Shell
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    image: str | None = None
    code: Code | None = None
    cpu: int  # thousandths of a core
    memory: int  # bytes of working set, scratch not counted
    retry: int = 0  # further attempts after a failed one
    timeout: int | None = None  # seconds for one attempt
    calls: tuple[str, ...] = ()  # services that are outside, by name: what it gives differs from time to time
    idempotent: bool = False  # whether it may call them again for the same inputs
    secrets: tuple[str, ...] = ()  # what it is told each time that it runs, by name: the plan knows no value


class Helper(Strict, frozen=True, kw_only=True):
    """A container that runs beside the stages for a while, as declared. `port` is where it listens, on localhost."""

    name: str
    command: Exec | Shell
    inputs: tuple[Port, ...]
    image: str | None = None
    code: Code | None = None
    cpu: int  # thousandths of a core
    memory: int  # bytes
    port: int
    calls: tuple[str, ...] = ()  # services that are outside, by name
    secrets: tuple[str, ...] = ()  # what it is told when it starts, by name: the plan knows no value


# --- steps -----------------------------------------------------------------------------------


class Output(Strict, frozen=True, kw_only=True):
    """Where a call's output is written and how large it may become; more is a broken promise.

    Outputs that are captured have none.
    """

    name: str
    place: PlaceName
    bytes: int


class Call(Strict, frozen=True, kw_only=True, tag_field="kind", tag="call"):
    """One use of a stage. It starts when all that its arguments refer to, and `after`, are published.

    What it `consumes`, by the names of its inputs, it may write to, and nobody reads it any more.
    """

    id: str
    stage: str
    args: dict[str, Ref]
    outputs: tuple[Output, ...]
    slots: tuple[int, ...]  # the slots it may run in, the preferred one first
    after: tuple[str, ...] = ()
    consumes: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that may run for it."""
        return (self.stage,)


class Alternative(Strict, frozen=True, kw_only=True):
    """What is called instead of a stage that failed. Its outputs are those of the stage, by their order."""

    stage: str
    args: dict[str, Ref]


class Fallback(Call, frozen=True, kw_only=True, tag_field="kind", tag="fallback"):
    """A call with others behind it: each is tried when the one before has failed for good.

    What all arguments refer to is published before the first of them starts. What one of them published is
    what the step gives from then on, also after a resume.
    """

    otherwise: tuple[Alternative, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        return (self.stage, *(other.stage for other in self.otherwise))


class Unit(Strict, frozen=True, kw_only=True, tag_field="kind", tag="unit"):
    """One use of a flow by a flow across pods: a unit of work for one pod of a set.

    `flow` names a flow of the plan, `args` are what its inputs are, `results` where others find what it gives: on
    the volume that all pods share, or in `remote`, where it is kept. `shard` tells the name of the shard that the
    pod starts the flow for, `window` the start of the window; empty: for none, and for that of the run.
    """

    id: str
    flow: str
    args: dict[str, Ref]
    results: tuple[Output, ...]
    shard: tuple[PathPart, ...] = ()
    window: tuple[PathPart, ...] = ()
    after: tuple[str, ...] = ()


class Each(Strict, frozen=True, kw_only=True, tag_field="kind", tag="each"):
    """A fan out: the body once for each element of a list, at most `width` elements under way at once.

    Its own value (`StepRef(step=id)`) is the list of what `yields` refers to, in the list's order.
    Steps of the body have ids of their own, unique in the plan.

    `group` is 0 for single elements. Otherwise the body is there for each group of so many, which is a list,
    and a group begins `step` elements after the one before. Where `step` is `group` the last one may be
    shorter; where it is less, there are full groups alone.
    """

    id: str
    over: Ref
    body: "tuple[Step, ...]"
    yields: Ref
    width: int
    group: int = 0
    step: int = 0
    after: tuple[str, ...] = ()


class Fold(Strict, frozen=True, kw_only=True, tag_field="kind", tag="fold"):
    """A fan in: groups of `by` become one value each, those are grouped again, until one is left: its value.

    Groups are formed by position alone. `ItemRef(each=id)` in the body is the group, a list of two to `by`; what
    is left over alone goes up a level as it is. At most `width` groups are under way at once. The one element
    of a list is the value itself; an empty list has none, which ends the run.
    """

    id: str
    over: Ref
    by: int
    body: "tuple[Step, ...]"
    yields: Ref
    width: int
    after: tuple[str, ...] = ()


class Carry(Strict, frozen=True, kw_only=True):
    """What one element of a cycle hands to the next: `gives`, as seen in the body. The first gets `start`."""

    name: str
    start: Ref
    gives: Ref


class Cycle(Strict, frozen=True, kw_only=True, tag_field="kind", tag="cycle"):
    """A loop that looks back: elements begin in the list's order, at most `depth` of them are under way at once.

    A step that refers to a carry waits for what the element before gives; the others run ahead. The cycle's
    values (`StepRef(step=id, output=name)`) are those of the last element.
    """

    id: str
    over: Ref
    body: "tuple[Step, ...]"
    carries: tuple[Carry, ...]
    depth: int
    after: tuple[str, ...] = ()


class Down(Strict, frozen=True, kw_only=True):
    """What goes from a node to its children under a name, and what the root is given in place of a parent's."""

    name: str
    start: Ref
    value: Ref


class Up(Strict, frozen=True, kw_only=True):
    """What goes from a node to its parent under a name."""

    name: str
    value: Ref


class Walk(Strict, frozen=True, kw_only=True, tag_field="kind", tag="walk"):
    """A way through a tree: the body once for each node, `ItemRef(each=id)` being what the node holds.

    `over` is a folder: its entry `value` is what the root holds, each other entry a folder that is a child, in the
    order of their names. The steps of a node that need nothing of its children come first, then the children begin,
    and when the last of them is done, the other steps; a helper that any of these speaks to starts among them. At most
    `width` nodes are at their steps at once.

    Depth first, a child of the node that was at its steps last comes before all others, so that no more than `width`
    ways from the root have begun and are not done. Breadth first, nodes begin level by level. A node deeper than
    `depth`, the root's being 1, is an error of the data. `StepRef(step=id, output=name)` is what came up from the root.
    """

    id: str
    over: Ref
    order: Literal["depth_first", "breadth_first"]
    body: "tuple[Step, ...]"
    downs: tuple[Down, ...]
    ups: tuple[Up, ...]
    width: int
    depth: int | None = None
    after: tuple[str, ...] = ()


class Ordered(Strict, frozen=True, kw_only=True, tag_field="kind", tag="ordered"):
    """A way through a graph: the body once for each node, `ItemRef(each=id)` being what the node holds.

    `over` is a folder: in its entry `nodes` is what each node holds, under the node's name; its entry `needs` is a text
    with a line `node other` for each dependence. A node begins when all that it depends on are done; a circle is an
    error of the data. At most `width` nodes are under way at once. Its own value is the list of what `yields` refers
    to, in the order of the nodes' names.
    """

    id: str
    over: Ref
    body: "tuple[Step, ...]"
    yields: Ref
    width: int
    after: tuple[str, ...] = ()


class Room(Strict, frozen=True, kw_only=True):
    """How many bytes of a place a flow that is written at run time may fill."""

    place: PlaceName
    bytes: int


class Execute(Strict, frozen=True, kw_only=True, tag_field="kind", tag="execute"):
    """A run of a flow that was written at run time: `flow` is a program of the language, with one flow to start.

    `args` are what it is given, by the names of its parameters, or by their numbers from 1. Before any of it is
    started it is checked by the same rules as this plan was, as a flow on this pod. It is refused, as an error of the
    data, unless it takes these arguments and gives one value of `content`; its values never fill more than `room` of
    each place, and what comes of it no more than `bytes`; each of its stages fits one of `slots`, with what it may
    write to `ram`; and it calls no service and is told no secret. It takes its turns in the slots as other steps do.
    What comes of it is `StepRef(step=id)`.
    """

    id: str
    flow: Ref
    args: dict[str, Ref]
    content: str
    place: PlaceName
    bytes: int
    room: tuple[Room, ...]
    slots: tuple[int, ...]
    after: tuple[str, ...] = ()


class Keep(Strict, frozen=True, kw_only=True, tag_field="kind", tag="keep"):
    """A checkpoint: a copy of a value on a place that outlives the one it lies on.

    `path` is for `remote` alone: where the copy goes, as a template. The copy goes again when all steps in
    `until` have finished; without any it stays for good.
    """

    id: str
    value: Ref
    place: PlaceName
    path: tuple[PathPart, ...] = ()
    after: tuple[str, ...] = ()
    until: tuple[str, ...] = ()


class Move(Strict, frozen=True, kw_only=True, tag_field="kind", tag="move"):
    """A copy of a value on another place, a value of its own: `StepRef(step=id)`."""

    id: str
    value: Ref
    place: PlaceName
    bytes: int
    after: tuple[str, ...] = ()


class Open(Strict, frozen=True, kw_only=True, tag_field="kind", tag="open"):
    """A helper starts, in the container of that number: it is done when the helper answers at its port.

    From here to the `close` of it is the helper's scope. All calls that speak to it are in between. A helper that is
    lost before has lost what it was told: the scope begins again, with all of its steps.
    """

    id: str
    helper: str
    args: dict[str, Ref]
    seat: int
    after: tuple[str, ...] = ()


class Close(Strict, frozen=True, kw_only=True, tag_field="kind", tag="close"):
    """A helper ends. `after` has all steps of its scope, in the same body as the `open` step `opened`."""

    id: str
    opened: str
    after: tuple[str, ...]


ScalarName = Literal["Int", "Float", "Bool", "String", "Size", "Duration"]


class Pin(Strict, frozen=True, kw_only=True, tag_field="kind", tag="pin"):
    """A copy of a value on a place that outlives the pod, a value of its own: `StepRef(step=id)`.

    What it was is recorded for the run's window and shard and the elements around it, and is so from then on: a
    later run takes it from there, and does not run what was only there for it.
    """

    id: str
    value: Ref
    place: PlaceName
    bytes: int
    after: tuple[str, ...] = ()


class Operand(Strict, frozen=True, kw_only=True):
    """A side of a comparison: a scalar, and as what its text is read."""

    value: Ref
    type: ScalarName


class Compare(Strict, frozen=True, kw_only=True, tag_field="is", tag="compare"):
    """Numbers compare with numbers, exactly; texts and truths with their like, for being the same alone."""

    op: Literal["==", "!=", "<", "<=", ">", ">="]
    left: Operand
    right: Operand


class Truth(Strict, frozen=True, kw_only=True, tag_field="is", tag="true"):
    """A Bool by itself."""

    value: Ref


class Not(Strict, frozen=True, kw_only=True, tag_field="is", tag="not"):
    """Holds when `of` does not."""

    of: "Condition"


class All(Strict, frozen=True, kw_only=True, tag_field="is", tag="all"):
    """Holds when each of `of` does."""

    of: "tuple[Condition, ...]"


class Any(Strict, frozen=True, kw_only=True, tag_field="is", tag="any"):
    """Holds when one of `of` does."""

    of: "tuple[Condition, ...]"


Condition = Compare | Truth | Not | All | Any


class Branch(Strict, frozen=True, kw_only=True):
    """One way that a choice can go, and the value that it gives, if the choice gives one."""

    steps: "tuple[Step, ...]"
    yields: Ref | None = None


class If(Strict, frozen=True, kw_only=True, tag_field="kind", tag="if"):
    """A choice: the steps of one branch run, those of the other never do.

    Its value is `StepRef(step=id)`. Steps of the branches have ids of their own, unique in the plan, and are
    seen in their branch alone. Everything that either branch refers to is published before it is made.
    """

    id: str
    condition: Condition
    then: Branch
    otherwise: Branch
    after: tuple[str, ...] = ()


#: The steps that have a body of steps, which goes over a list.
Loop = Each | Fold | Cycle

#: All steps with a body that is run many times.
Repeated = Loop | Walk | Ordered

Step = Call | Fallback | Unit | Loop | Walk | Ordered | Execute | Keep | Move | If | Pin | Open | Close


# --- time ------------------------------------------------------------------------------------

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Calendar(Strict, frozen=True, kw_only=True):
    """Which days there are: those of the weekdays `days` but `excluded`, in the time zone `zone`."""

    name: str
    zone: str
    days: tuple[Weekday, ...]
    excluded: tuple[date, ...] = ()


class Period(Strict, frozen=True, kw_only=True):
    """What one run is for: a window of so many seconds, on the days of a calendar (empty: all days, in UTC)."""

    window: int
    calendar: str = ""


class At(Strict, frozen=True, kw_only=True, tag_field="windows", tag="at"):
    """One window: `offset` windows after the one that the start of the run lies in; never after it, so 0 or less."""

    offset: int = 0


class Range(Strict, frozen=True, kw_only=True, tag_field="windows", tag="range"):
    """A list of windows, from the offset `first` to `last`, both included."""

    first: int
    last: int


class Within(Strict, frozen=True, kw_only=True, tag_field="windows", tag="within"):
    """A list of windows: all that start in the period of the run. `most` bounds how many that can be."""

    most: int


# --- the whole -------------------------------------------------------------------------------


class Input(Strict, frozen=True, kw_only=True):
    """A reading of a snapshot that the flow is started with. One snapshot may be read in several ways.

    `name` is `parameter`, what the flow calls the snapshot, and behind it how it is read unless that is as
    usual: `t`, `t[-1]`, `t[-3..0]`, `t.windows`.
    `slice` says what one run gets: `whole` (the snapshot has no shards), `shard` (one of them, chosen
    at the start) or `shards` (all of them, in one pod). `windows` says of which windows it is; lists of
    windows are of one shard or a whole.

    What a unit is started with beside slices is an input, too, without a snapshot: its `slice` is `value` or
    `values` (a list), a copy of which lies on `place`, or `text`, a scalar. `bytes` bounds all of it.
    """

    name: str
    parameter: str
    snapshot: str
    content: str
    source: tuple[PathPart, ...]
    slice: Literal["whole", "shard", "shards", "value", "values", "text"]
    shards: tuple[str, ...]
    window: int | None  # seconds
    calendar: str = ""  # empty: all days, in UTC
    windows: At | Range | Within = At()
    bytes: int  # upper bound of one window, of one shard if it has shards
    place: PlaceName

    @property
    def written(self) -> str:
        """The name that goes with `parameter` and `windows`."""
        match self.windows:
            case At(offset=offset):
                return f"{self.parameter}[{offset}]" if offset else self.parameter
            case Range(first=first, last=last):
                return f"{self.parameter}[{first}..{last}]"
            case Within():
                return f"{self.parameter}.windows"

    @property
    def most(self) -> int:
        """No run has more slices of this input."""
        shards = len(self.shards) if self.slice == "shards" else 1
        match self.windows:
            case At():
                return shards
            case Range(first=first, last=last):
                return (last - first + 1) * shards
            case Within(most=most):
                return most * shards


class Slot(Strict, frozen=True, kw_only=True):
    """A container that stages take turns in: the most that any stage allotted to it needs."""

    cpu: int
    memory: int  # bytes: working set and the scratch in memory that is charged to it
    image: str | None = None  # what it starts with
    secrets: tuple[str, ...] = ()  # what all stages that it is allotted to are told, or some of them


class Seat(Strict, frozen=True, kw_only=True):
    """A container beside the slots, in which helpers take turns: the most that any of them needs."""

    cpu: int
    memory: int  # bytes
    image: str | None = None  # what it starts with
    secrets: tuple[str, ...] = ()  # what all helpers in it are told


class Place(Strict, frozen=True, kw_only=True):
    """A place that the pod has, and its size in bytes. `storage_class` is for `volume`."""

    name: PlaceName
    bytes: int
    storage_class: str | None = None


class Pod(Strict, frozen=True, kw_only=True):
    """What one pod gets, and where data can lie in it."""

    name: str
    cpu: int
    exclusive: bool
    memory: int
    slots: tuple[Slot, ...]
    seats: tuple[Seat, ...] = ()
    places: tuple[Place, ...]


class Result(Strict, frozen=True, kw_only=True):
    """A value that the flow returns, by its name. `content` is the type of the language that it is at bottom."""

    name: str
    value: Ref
    content: str = ""


class Lifetime(Strict, frozen=True, kw_only=True):
    """How long a value occupies a place: from the start of the step that writes it until every step in
    `until` has finished; to the end of the flow when `until` is empty.

    `scope` is the id of the loop, or walk, whose every element has such a value of its own, or empty. What an element
    of a `cycle` gives lives besides until the next one has finished. What a `fold` or a `cycle` comes to lives
    as long as its own lifetime says, whatever it is made of. Where `until` is the `walk` of the scope itself, the value
    goes down, or up: it lives until all below the node is done, or until the parent is.
    `copies` is how many can exist at once on the place.
    """

    value: Ref
    place: PlaceName
    bytes: int
    until: tuple[str, ...]
    scope: str = ""
    copies: int = 1


class Peak(Strict, frozen=True, kw_only=True):
    """The most bytes that can be alive on a place at once, under the worst schedule."""

    place: PlaceName
    bytes: int


class Set(Strict, frozen=True, kw_only=True):
    """So many pods of one kind. Any of them may be given any unit of the flows that are named."""

    pod: Pod
    pods: int
    flows: tuple[str, ...]


class Plan(Strict, frozen=True, kw_only=True):
    """What one pod does for one activation of a flow."""

    version: Literal[1]
    flow: str
    period: Period | None = None  # none where nothing has windows
    calendars: tuple[Calendar, ...] = ()
    pod: Pod
    inputs: tuple[Input, ...]
    stages: tuple[Stage, ...]
    helpers: tuple[Helper, ...] = ()
    steps: tuple[Step, ...]
    results: tuple[Result, ...]
    lifetimes: tuple[Lifetime, ...]
    peaks: tuple[Peak, ...]
    swaps: int  # expected, for the order that the compiler laid down


class Macro(Strict, frozen=True, kw_only=True):
    """What the pods of one or more sets do for one activation of a flow across pods.

    Its steps are those of any plan, one level up: each call is a `Unit`, and `flows` has what a pod does for it.
    A slice lies nowhere here (`remote`): each pod brings in its own. `volume` is the one that all pods share.
    """

    version: Literal[1]
    across: Literal[True]
    flow: str
    period: Period | None = None
    calendars: tuple[Calendar, ...] = ()
    volume: Place | None
    sets: tuple[Set, ...]
    flows: tuple[Plan, ...]
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    results: tuple[Result, ...]
    lifetimes: tuple[Lifetime, ...]
    peaks: tuple[Peak, ...]
