"""Reading values while a graph is made: what a name in one call of a flow is in the whole, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.clocks import most
from podpipec.graph.values import Captured, Datum, Pipe
from podpipec.source import Span
from podpipec.types.declarations import Place, Pod, Snapshot, Stage
from podpipec.types.origin import (
    FromCarry,
    FromChildren,
    FromConstant,
    FromHelper,
    FromInput,
    FromItem,
    FromNeeds,
    FromParent,
    FromShards,
    FromStep,
    FromText,
    FromWindows,
    Given,
    Item,
    Origin,
    Slice,
    Template,
    Window,
    reading,
)
from podpipec.types.sizes import Bound
from podpipec.types.templates import Part, joined_parts
from podpipec.types.time import Clock
from podpipec.types.typed import Flow, Parameter, Value
from podpipec_runtime.tuples import NamedTuple


class Frame(NamedTuple):
    """What holds inside one body of one call of a flow: how its names and steps are to be read."""

    prefix: str
    inputs: Mapping[str, Origin]
    steps: dict[str, Origin | dict[str, Origin]]  # what a called flow gives, in place of the step that called it
    finished: dict[str, tuple[str, ...]]  # the steps that `after` a called flow means
    pod: Pod
    depth: int
    callables: Mapping[str, Stage | Flow]  # what the flow was given to call
    site: Span | None  # where the program calls this flow, if it is not the one that is started
    scope: tuple[bool, ...]  # for each `each` around: whether only the data knows its length
    moved: Span | None = None  # the call that gave this flow slices of another window than the run's


class Started(NamedTuple):
    """A snapshot that the flow is started with, and where its slices lie."""

    parameter: Parameter
    snapshot: Snapshot
    place: Place


class Data:
    """Every value of a graph in the making, by its origin. `read` has the slices that are read, each with where it is
    read first."""

    def __init__(self, period: Clock | None) -> None:
        self.known: dict[Origin, Datum] = {}
        self.scalars: dict[Origin, Captured] = {}
        self.pipes: dict[Origin, Pipe] = {}
        self.given: dict[str, Started] = {}
        self.read: dict[Slice, Span] = {}
        self.elements: dict[Origin, Clock] = {}  # of lists of windows, and how these are cut
        self.period = period
        self._scopes: dict[Origin, tuple[bool, ...]] = {}
        self.wrong: list[Diagnostic] = []
        self.exact: set[Origin] = set()  # lists of what is made of each element of such a list

    def add(self, datum: Datum, scope: tuple[bool, ...]) -> None:
        """Note a value, and whether only the data knows the lengths of the fan outs around it."""
        self.known[datum.origin] = datum
        self._scopes[datum.origin] = scope

    def forget(self, origin: Origin) -> None:
        """A value that is none after all."""
        self.known.pop(origin, None)
        self.scalars.pop(origin, None)

    def start(self, given: Started) -> Origin:
        """Note what the flow is started with: its slice of the run's own window."""
        self.given[given.parameter.name] = given
        origin = FromInput(given.parameter.name)
        self._slice(origin)
        return origin

    def origin(self, value: Value, frame: Frame, read: bool = True) -> Origin | None:
        """What a value is in the whole graph; nothing if it is broken. A slice that is handed on is not `read` yet."""
        return self.found(value.origin, value.span, frame, read)

    def found(self, origin: Origin | None, span: Span, frame: Frame, read: bool = True) -> Origin | None:
        """What an origin in one call of a flow is in the whole graph; nothing if it is broken."""
        match origin:
            case FromInput() | FromShards() | FromWindows() as slice_:
                found = self._handed(slice_, span, frame)
                if read and isinstance(found, Slice):
                    self.read.setdefault(found, span)
                return found
            case FromStep(step=step, output=output):
                replaced = frame.steps.get(step)
                if isinstance(replaced, dict):
                    return replaced.get(output)
                return replaced or FromStep(frame.prefix + step, output)
            case FromItem(each=each):
                return FromItem(frame.prefix + each)
            case FromHelper(step=step):
                return FromHelper(frame.prefix + step)
            case FromNeeds(step=step):
                return FromNeeds(frame.prefix + step)
            case FromParent(step=step, name=name):
                return FromParent(frame.prefix + step, name)
            case FromChildren(step=step, name=name):
                return FromChildren(frame.prefix + step, name)
            case FromCarry(step=step, name=name):
                return FromCarry(frame.prefix + step, name)
            case FromText(template=template):
                return self._text(template, span, frame)
            case other:
                return other

    def _text(self, template: Template, span: Span, frame: Frame) -> Origin | None:
        """A text with the scalars that fill its holes; nothing if one is broken."""
        parts: list[Part] = []
        for part in self.template(template, span, frame):
            origin = self.found(part.origin, span, frame, True) if isinstance(part, Given) else None
            match origin:
                case FromConstant(value=str(text)):
                    parts.append(text)
                case FromText(template=inner):
                    parts += inner
                case None if isinstance(part, Given):
                    return None
                case _:
                    parts.append(part if origin is None else Given(origin))
        joined = tuple(joined_parts(parts))
        if all(isinstance(part, str) for part in joined):
            return FromConstant("".join(part for part in joined if isinstance(part, str)))
        return FromText(joined)

    def _handed(self, slice_: Slice, span: Span, frame: Frame) -> Origin | None:
        """What a slice of a flow's parameter is, from what the flow is given for the parameter."""
        given = frame.inputs.get(slice_.name)
        if given is None or slice_ == FromInput(slice_.name):
            return given
        if not isinstance(given, FromInput):
            self._chosen(slice_, span, frame)
            return None
        match slice_:
            case FromInput(offset=offset):
                found: Slice = FromInput(given.name, given.offset + offset)
            case FromShards(offset=offset):
                found = FromShards(given.name, given.offset + offset)
            case FromWindows(reach=reach):
                shifted = (reach[0] + given.offset, reach[1] + given.offset) if reach else None
                found = FromWindows(given.name, shifted)
        if found == FromWindows(given.name, None) and given.offset:
            self._chosen(slice_, span, frame)
            return None
        self._slice(found)
        return found

    def _chosen(self, slice_: Slice, span: Span, frame: Frame) -> None:
        """The caller has chosen one slice, and the flow asks for others beside it."""
        shards = isinstance(slice_, FromShards)
        others = () if frame.site is None else ((frame.site, "this call gives it one slice that is chosen"),)
        self.wrong.append(
            error(
                "T014",
                f"`{slice_.name}` is one {'shard' if shards else 'window'} here, which the caller chose",
                span,
                "it has no others beside it",
                *others,
                help="give the flow the whole slice, and let it choose",
            )
        )

    def _slice(self, origin: Slice) -> None:
        """Note a slice as a value. One whose shards or windows are broken is none."""
        given = self.given[origin.name]
        snapshot, many = given.snapshot, not isinstance(origin, FromInput)
        length = self._length(origin, given)
        if length is None:
            return
        content = given.parameter.content
        bound = None if snapshot.size is None else Bound(snapshot.size)
        content = content._replace(lists=1) if many else content
        self.add(Datum(origin, reading(origin), content, given.place, bound, given.parameter.span, length), ())

    def _length(self, origin: Slice, given: Started) -> int | None:
        match origin:
            case FromInput():
                return 1
            case FromShards():
                return len(given.snapshot.shards) or None
            case FromWindows(reach=reach):
                if reach is not None:
                    return reach[1] - reach[0] + 1
                return most(given.snapshot, self.period) if self.period and given.snapshot.clock else None

    def template(self, template: Template, at: Span, frame: Frame) -> Template:
        """A text with the ids that its elements have in the whole graph."""
        if frame.moved is not None and any(isinstance(part, Window) for part in template):
            self.wrong.append(
                error(
                    "T011",
                    "`{window}` is the run's window, and this flow is given a slice of another",
                    at,
                    "which window?",
                    (frame.moved, "given here"),
                    help='give the flow the text, as in `f(w, day: "{w}")`',
                )
            )
        return tuple(
            part._replace(name=frame.prefix + part.name) if isinstance(part, Item) else part for part in template
        )

    def goes_over(self, over: Origin, item: Origin) -> None:
        """Note that an `each` goes over a list; an element of a list of windows is of a window of its own."""
        clock = self.given[over.name].snapshot.clock if isinstance(over, FromWindows) else None
        if clock is not None:
            self.elements[item] = clock

    def is_moved(self, slices: Iterable[Origin]) -> bool:
        """Whether one of these slices is of another window than the run's."""
        return any(
            origin in self.elements or (isinstance(origin, FromInput) and origin.offset != 0) for origin in slices
        )

    def shift(self, started: Iterable[Origin]) -> bool:
        """Note the slices of windows before the run's that a unit is started with; whether there are any."""
        moved = [one for one in started if isinstance(one, FromInput) and one.offset]
        for one in moved:
            self._slice(one)
        return bool(moved)

    def bound_in(self, origin: Origin, frame: Frame) -> Bound | None:
        """A value's bound where it is read: what comes from outside a fan out is not shared among its elements."""
        if origin in self.pipes:
            return self.pipes[origin].bound
        datum = self.known.get(origin)
        if datum is None or datum.bound is None:
            return None
        total = datum.bound.bytes
        if datum.content.lists:
            if datum.length is None and not (datum.bound.share or datum.whole):
                return None
            total *= datum.length or 1
        inner = frame.scope[len(self._scopes[origin]) :]
        return Bound(total, datum.bound.share and not any(inner))

    def is_exact(self, list_: Origin) -> bool:
        """Whether a list always has as many elements as it is known to have at most."""
        if isinstance(list_, FromWindows):
            return list_.reach is not None
        return isinstance(list_, FromConstant | FromShards) or list_ in self.exact

    def alone(self, origin: Origin, frame: Frame) -> Datum | None:
        """A value as it is known to one who is given it here, and knows nothing of the fan outs around."""
        datum = self.known.get(origin)
        if datum is None or datum.bound is None:
            return datum
        inner = frame.scope[len(self._scopes[origin]) :]
        share = datum.bound.share and not any(inner)
        whole = datum.whole or (datum.length is None and datum.bound.share)
        return datum._replace(bound=datum.bound._replace(share=share), whole=whole)
