"""The names of a flow with their types in five parts: content, origin, place, stability, sharing.

For every name that a flow's statements write, those of its `each` bodies and of the flows that it calls included. What
a flow that is not started by itself is given differs from call to call: of its names only the content is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from podpipec.graph.consuming import owned
from podpipec.graph.liveness import total
from podpipec.graph.nodes import Crossing, Graph
from podpipec.graph.origins import Atom, traced
from podpipec.graph.places import kept
from podpipec.graph.stability import Stabilities, Stability, stability
from podpipec.graph.traversal import walk
from podpipec.graph.values import Entry
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import CHILDREN, NEEDS
from podpipec.types.content import Content, builtin, helper_type
from podpipec.types.declarations import Place
from podpipec.types.every_step import every_step
from podpipec.types.order import in_order
from podpipec.types.origin import (
    FromChildren,
    FromHelper,
    FromInput,
    FromItem,
    FromNeeds,
    FromShards,
    FromStep,
    FromWindows,
    Origin,
)
from podpipec.types.program import Typed
from podpipec.types.scalars import is_number
from podpipec.types.typed import (
    CallStep,
    CycleStep,
    EachStep,
    ExecuteStep,
    FallbackStep,
    Flow,
    FlowStep,
    GivenStep,
    IfStep,
    MoveStep,
    OrderedStep,
    PinStep,
    Step,
    WalkStep,
    WithStep,
)
from podpipec_runtime.tuples import NamedTuple

Sharing = Literal["shared", "owned", "guarded", "live"]


class Lies(NamedTuple):
    """What is known of a value that occupies a place.

    `copies` are the places on which it is kept beside the one where it is written. `bytes` bounds it with all its
    elements, `each` one of them; nothing where there is no bound.
    """

    origin: tuple[Atom, ...]
    place: Place
    copies: tuple[Place, ...]
    stability: Stability
    sharing: Sharing
    bytes: int | None
    each: int | None


class Named(NamedTuple):
    """A name as its flow writes it, its content, and what else is known of it.

    `id` tells it apart in the whole; `depth` is in how many bodies and calls it stands. A scalar lies nowhere,
    nor does a helper, nor what only a call can tell.
    """

    id: str
    name: str
    content: Content
    lies: Lies | None
    depth: int
    sharing: Sharing | None = None  # where it lies nowhere


class Listing(NamedTuple):
    """A flow and its names, in an order in which each comes after what it needs; and whether it was followed."""

    flow: Flow
    names: tuple[Named, ...]
    followed: bool


def listing(typed: Typed, flow: Flow, graph: Graph | None) -> Listing:
    """The names of a flow; `graph` is that of the flow, if it can be started and is sound."""
    return Listing(flow, tuple(_Lister(typed, graph).flow(flow)), graph is not None)


class _Thing(NamedTuple):
    """What a name stands for: an origin in the whole graph, if it is a file or folder that is known."""

    origin: Origin | None
    content: Content


#: What a name stands for, by output; a value that is one has the output ``""``.
_Things = Mapping[str, _Thing]


class _Frame(NamedTuple):
    """One body of one call of a flow."""

    flow: Flow
    steps: Mapping[Span, Step]
    prefix: str
    depth: int
    names: dict[str, _Things]


class _Lister:
    def __init__(self, typed: Typed, graph: Graph | None) -> None:
        self._typed = typed
        self._graph = graph
        self._data = graph.data if graph else {}
        self._atoms = traced(graph).origins if graph else {}
        self._copies = kept(graph) if graph else {}
        self._stabilities = stability(graph) if graph else Stabilities({})
        self._owned = owned(graph) if graph else {}
        self._crossings = (
            {node.id for node, _ in walk(graph.nodes) if isinstance(node, Crossing) and not node.unit}
            if graph
            else set()
        )
        self._items: dict[str, str] = {}  # how the program calls the element of an `each`, by its step

    def flow(self, flow: Flow) -> Iterator[Named]:
        frame = _Frame(flow, dict(_by_span(flow.steps)), "", 0, {})
        entries = self._graph.entries if self._graph else ()
        for parameter in flow.parameters:
            if parameter.callable is not None:
                continue
            one = _Thing(FromInput(parameter.name), parameter.content)
            frame.names[parameter.name] = {"": one}
            if self._graph is None:
                yield self._named(frame, parameter.name, parameter.name, one)
            for entry in entries:
                if entry.parameter == parameter.name:
                    yield self._entry(frame, entry, parameter.content)
        yield from self._body(flow.declared.body, frame)

    def _entry(self, frame: _Frame, entry: Entry, content: Content) -> Named:
        """What the flow reads of a snapshot, by the name that it has in the flow."""
        shards = ".shards" if isinstance(entry.origin, FromShards) else ""
        many = not isinstance(entry.origin, FromInput)
        thing = _Thing(entry.origin, content._replace(lists=1) if many else content)
        return self._named(frame, entry.name, entry.name + shards, thing)

    def _body(self, statements: tuple[tree.Statement, ...], frame: _Frame) -> Iterator[Named]:
        ordered, _ = in_order(statements)
        for statement in ordered:
            if isinstance(statement, tree.Keep):
                continue
            name = statement.name.text if isinstance(statement, tree.Let | tree.Flowing) else ""
            value = statement.value
            step = frame.steps.get(value.span)
            if step is None:
                things = self._of(value, frame)
                if name:
                    yield from self._lines(frame, name, frame.prefix + name, things)
            else:
                things = self._given(step, frame)
                yield from self._lines(frame, name or _last(step.id), frame.prefix + step.id, things)
                yield from self._inside(step, value, frame)
            if name:
                frame.names.setdefault(name, things)

    def _inside(self, step: Step, value: object, frame: _Frame) -> Iterator[Named]:
        """The names in the body of an `each`, or of the flow that is called."""
        if isinstance(step, EachStep) and isinstance(value, tree.Each | tree.Fold):
            id_ = frame.prefix + step.id
            content = step.over.content
            single = content.lists and step.groups is None and step.by is None
            item = _Thing(FromItem(id_), content.element if single else content)
            self._items[id_] = value.item.text
            inner = frame._replace(depth=frame.depth + 1, names={**frame.names, value.item.text: {"": item}})
            yield self._named(inner, f"{id_}/{value.item.text}", value.item.text, item)
            yield from self._body(value.body, inner)
        elif isinstance(step, IfStep) and isinstance(value, tree.If):
            other = value.otherwise
            last: tuple[tree.Statement, ...] = (tree.Do(other.span, other, ()),) if isinstance(other, tree.If) else ()
            for body in (value.then, other if isinstance(other, tuple) else last):
                yield from self._body(body, frame._replace(depth=frame.depth + 1, names=dict(frame.names)))
        elif isinstance(step, WithStep) and isinstance(value, tree.With):
            id_ = frame.prefix + step.id
            helper = _Thing(FromHelper(id_), helper_type(step.helper.name))
            inner = frame._replace(depth=frame.depth + 1, names={**frame.names, value.name.text: {"": helper}})
            yield self._named(inner, f"{id_}/{value.name.text}", value.name.text, helper)
            yield from self._body(value.body, inner)
        elif isinstance(step, CycleStep) and isinstance(value, tree.Cycle):
            id_ = frame.prefix + step.id
            item = _Thing(FromItem(id_), step.over.content.element)
            self._items[id_] = value.item.text
            inner = frame._replace(depth=frame.depth + 1, names={**frame.names, value.item.text: {"": item}})
            yield self._named(inner, f"{id_}/{value.item.text}", value.item.text, item)
            yield from self._body(value.body, inner)
        elif isinstance(step, OrderedStep) and isinstance(value, tree.Ordered):
            id_ = frame.prefix + step.id
            item = _Thing(FromItem(id_), step.over.content.held_in("Graph") or step.over.content)
            given = {value.item.text: {"": item}}
            if step.result is not None:
                given[NEEDS] = {"": _Thing(FromNeeds(id_), _listed(step.result.content))}
            inner = frame._replace(depth=frame.depth + 1, names={**frame.names, **given})
            yield self._named(inner, f"{id_}/{value.item.text}", value.item.text, item)
            yield from self._body(value.body, inner)
        elif isinstance(step, WalkStep) and isinstance(value, tree.Walk):
            id_ = frame.prefix + step.id
            held = step.over.content.held_in("Tree")
            item = _Thing(FromItem(id_), held or step.over.content)
            added: dict[str, _Things] = {value.item.text: {"": item}}
            if step.ups:
                children = {up.name: _Thing(FromChildren(id_, up.name), _listed(up.value.content)) for up in step.ups}
                added[CHILDREN] = children
            inner = frame._replace(depth=frame.depth + 1, names={**frame.names, **added})
            yield self._named(inner, f"{id_}/{value.item.text}", value.item.text, item)
            yield from self._body(value.body, inner)
        elif isinstance(step, FlowStep) and frame.prefix + step.id in self._called():
            called = self._typed.flows[step.flow.name]
            prefix = f"{frame.prefix}{step.id}/"
            names: dict[str, _Things] = {}
            yield from self._body(
                called.declared.body, _Frame(called, dict(_by_span(called.steps)), prefix, frame.depth + 1, names)
            )

    def _called(self) -> Mapping[str, Mapping[str, Origin]]:
        return self._graph.given if self._graph else {}

    # --- what statements give ---

    def _given(self, step: Step, frame: _Frame) -> _Things:
        id_ = frame.prefix + step.id
        match step:
            case FallbackStep(calls=calls):
                return self._given(calls[0], frame)
            case CallStep(stage=stage):
                return _outputs({port.name: _Thing(FromStep(id_, port.name), port.content) for port in stage.outputs})
            case FlowStep(flow=flow):
                results = self._typed.flows[flow.name].results
                origins_ = self._called().get(id_, {name: FromStep(id_, name) for name in results})
                return _outputs({name: _Thing(origins_.get(name), value.content) for name, value in results.items()})
            case GivenStep(parameter=parameter):
                asked = next(one for one in frame.flow.parameters if one.name == parameter)
                origin = next(iter(self._called().get(id_, {}).values()), None)
                return {"": _Thing(origin, asked.content)}
            case EachStep(result=result):
                if result is None:
                    return {}
                lists = 1 if step.by is None else 0
                return {"": _Thing(FromStep(id_, ""), result.content._replace(lists=lists))}
            case IfStep(results=results, content=content):
                if results is None:
                    return {}
                return {"": _Thing(self._called().get(id_, {"": FromStep(id_, "")}).get(""), content)}
            case WithStep(result=result):
                return {} if result is None else {"": _Thing(self._called().get(id_, {}).get(""), result.content)}
            case CycleStep(carries=carries):
                return _outputs({one.name: _Thing(FromStep(id_, one.name), one.value.content) for one in carries})
            case ExecuteStep(content=content):
                return {"": _Thing(FromStep(id_, ""), content)}
            case OrderedStep(result=result):
                return {} if result is None else {"": _Thing(FromStep(id_, ""), _listed(result.content))}
            case WalkStep(ups=ups):
                return _outputs({up.name: _Thing(FromStep(id_, up.name), up.value.content) for up in ups})
            case MoveStep(value=value) | PinStep(value=value):
                return {"": _Thing(FromStep(id_, ""), value.content)}
        return {}

    def _of(self, expression: object, frame: _Frame) -> _Things:
        """What another name, or a constant, stands for."""
        match expression:
            case tree.Name(text=text) if text in frame.names:
                return frame.names[text]
            case tree.Field(base=tree.Name(text=text), name=field) if text in frame.names:
                thing = frame.names[text].get(field.text) or self._slice(expression, frame)
                return {"": thing} if thing else {}
            case tree.Index() | tree.Range():
                thing = self._slice(expression, frame)
                return {"": thing} if thing else {}
            case tree.String():
                return {"": _Thing(None, builtin("String"))}
            case tree.Number() | tree.Negative() | tree.Binary() | tree.Call():
                return self._constant(expression)
            case tree.Name() if isinstance(self._declared(expression), tree.Const | tree.Param):
                return self._constant(expression)
        return {}

    def _slice(self, expression: tree.Field | tree.Index | tree.Range, frame: _Frame) -> _Thing | None:
        """Another slice of a snapshot than the one that the flow is given."""
        base = self._of(expression.base, frame).get("")
        if base is None or not isinstance(base.origin, FromInput):
            return None
        many = base.content._replace(lists=1)
        name, offset = base.origin.name, base.origin.offset
        match expression:
            case tree.Field(name=tree.Name(text="shards")):
                return _Thing(FromShards(name, offset), many)
            case tree.Field(name=tree.Name(text="windows")):
                return _Thing(FromWindows(name, None), many)
            case tree.Index(at=at):
                return _Thing(FromInput(name, offset + self._count(at)), base.content)
            case tree.Range(first=first, last=last):
                reach = (offset + self._count(first), offset + self._count(last))
                return _Thing(FromWindows(name, reach), many)
        return None

    def _count(self, expression: tree.Expression) -> int:
        scalar = self._typed.constants.value(expression)
        return int(scalar.value) if scalar and is_number(scalar.value) else 0

    def _declared(self, name: tree.Name) -> object:
        return self._typed.scopes[name.span.path].get(name.text)

    def _constant(self, expression: tree.Expression) -> _Things:
        scalar = self._typed.constants.value(expression)
        return {"": _Thing(None, builtin(scalar.kind))} if scalar else {}

    # --- lines ---

    def _lines(self, frame: _Frame, name: str, id_: str, things: _Things) -> Iterator[Named]:
        for output, thing in things.items():
            dot = f".{output}" if output else ""
            yield self._named(frame, id_ + dot, name + dot, thing)

    def _named(self, frame: _Frame, id_: str, name: str, thing: _Thing) -> Named:
        datum = self._data.get(thing.origin) if thing.origin is not None else None
        if datum is None:
            return Named(id_, name, thing.content, None, frame.depth, "live" if thing.content.live else None)
        crossed = isinstance(datum.origin, FromStep) and datum.origin.step in self._crossings
        bound = None if crossed or datum.bound is None else datum.bound.bytes
        lies = Lies(
            tuple(self._written(atom) for atom in self._atoms.get(datum.origin, ())),
            datum.place,
            tuple(self._copies.get(datum.origin, {})),
            self._stabilities.of(datum.origin),
            "owned" if datum.origin in self._owned else "shared",
            None if crossed else total(datum),
            bound,
        )
        return Named(id_, name, datum.content, lies, frame.depth)

    def _written(self, atom: Atom) -> Atom:
        """With the shard, and the window, by the name that the program gives the element."""
        windows = atom.windows
        if windows is not None and windows.chosen in self._items:
            atom = atom._replace(windows=windows._replace(chosen=self._items[windows.chosen]))
        return atom._replace(shard=self._items.get(atom.shard, atom.shard)) if atom.shard else atom


def _listed(content: Content) -> Content:
    return content._replace(lists=1)


def _outputs(things: Mapping[str, _Thing]) -> _Things:
    """One output is the value itself; several are its fields."""
    return {"": next(iter(things.values()))} if len(things) == 1 else things


def _by_span(steps: Iterable[Step]) -> Iterator[tuple[Span, Step]]:
    return ((step.span, step) for step in every_step(steps))


def _last(id_: str) -> str:
    return id_.rpartition("/")[2]
