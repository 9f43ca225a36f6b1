"""Reading values while a graph is made: what a name in one call of a flow is in the whole, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from podpipec.graph.nodes import Captured, Datum
from podpipec.source import Span
from podpipec.types.sizes import Bound
from podpipec.types.templates import Part, joined_parts
from podpipec.types.typed import (
    Flow,
    FromConstant,
    FromInput,
    FromItem,
    FromShards,
    FromStep,
    FromText,
    Given,
    Item,
    Origin,
    Pod,
    Stage,
    Template,
    Value,
)


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


class Data:
    """Every value of a graph in the making, by its origin."""

    def __init__(self) -> None:
        self.known: dict[Origin, Datum] = {}
        self.scalars: dict[Origin, Captured] = {}
        self._scopes: dict[Origin, tuple[bool, ...]] = {}
        self.uses: dict[str, tuple[Span | None, Span | None]] = {}  # of an input: as one shard, as all of them

    def add(self, datum: Datum, scope: tuple[bool, ...]) -> None:
        """Note a value, and whether only the data knows the lengths of the fan outs around it."""
        self.known[datum.origin] = datum
        self._scopes[datum.origin] = scope

    def origin(self, value: Value, frame: Frame, read: bool = True) -> Origin | None:
        """What a value is in the whole graph; nothing if it is broken. A slice that is handed on is not `read` yet."""
        return self._found(value.origin, value.span, frame, read)

    def _found(self, origin: Origin | None, span: Span, frame: Frame, read: bool) -> Origin | None:
        match origin:
            case FromInput(name=name):
                found = frame.inputs.get(name)
                if read:
                    self._used(found, span, many=isinstance(found, FromShards))
                return found
            case FromShards(name=name):
                given = frame.inputs.get(name)
                if not isinstance(given, FromInput):
                    return None
                found = FromShards(given.name)
                self._used(found, span, many=True)
                return found
            case FromStep(step=step, output=output):
                replaced = frame.steps.get(step)
                if isinstance(replaced, dict):
                    return replaced.get(output)
                return replaced or FromStep(frame.prefix + step, output)
            case FromItem(each=each):
                return FromItem(frame.prefix + each)
            case FromText(template=template):
                return self._text(template, span, frame)
            case other:
                return other

    def _text(self, template: Template, span: Span, frame: Frame) -> Origin | None:
        """A text with the scalars that fill its holes; nothing if one is broken."""
        parts: list[Part] = []
        for part in self.template(template, frame):
            origin = self._found(part.origin, span, frame, True) if isinstance(part, Given) else None
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

    def _used(self, origin: Origin | None, at: Span, many: bool) -> None:
        if isinstance(origin, FromInput | FromShards) and origin.name in self.uses:
            one, all_ = self.uses[origin.name]
            self.uses[origin.name] = (one, all_ or at) if many else (one or at, all_)

    def template(self, template: Template, frame: Frame) -> Template:
        """A text with the ids that its elements have in the whole graph."""
        return tuple(Item(frame.prefix + part.name) if isinstance(part, Item) else part for part in template)

    def bound_in(self, origin: Origin, frame: Frame) -> Bound | None:
        """A value's bound where it is read: what comes from outside a fan out is not shared among its elements."""
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

    def alone(self, origin: Origin, frame: Frame) -> Datum | None:
        """A value as it is known to one who is given it here, and knows nothing of the fan outs around."""
        datum = self.known.get(origin)
        if datum is None or datum.bound is None:
            return datum
        inner = frame.scope[len(self._scopes[origin]) :]
        share = datum.bound.share and not any(inner)
        whole = datum.whole or (datum.length is None and datum.bound.share)
        return datum._replace(bound=datum.bound._replace(share=share), whole=whole)
