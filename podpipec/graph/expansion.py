"""Putting the steps of a flow, and of the flows that it calls, into one graph: a method for each kind of step."""

from __future__ import annotations

from collections.abc import Container, Mapping

from podpipec.graph.data import Data, Frame
from podpipec.graph.nodes import Asked, Call, Claim, Crossing, Datum, Each, Keep, Move, Node
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.program import Typed
from podpipec.types.sizes import Bound, output_bounds
from podpipec.types.typed import (
    CallStep,
    EachStep,
    Flow,
    FlowStep,
    FromConstant,
    FromInput,
    FromItem,
    FromShards,
    FromStep,
    GivenStep,
    KeepStep,
    MoveStep,
    Origin,
    Place,
    Pod,
    Stage,
    Step,
    Target,
    Value,
)

#: A plan with more steps than this was not meant; calls of flows multiply.
LARGEST = 200_000

#: Flows that call flows that call flows.
_DEEPEST = 60


class TooLargeError(Exception):
    """The graph outgrew its bound; raised here, and caught by `expand`."""


class Expansion:
    """One flow's graph in the making."""

    def __init__(self, typed: Typed, flow: Flow, pod: Pod) -> None:
        self.typed = typed
        self.flow = flow
        self.pod = pod
        self.data = Data()
        self.claims: list[Claim] = []
        self.asked: list[Asked] = []
        self.sites: dict[Span, Span] = {}
        self.given: dict[str, Mapping[str, Origin]] = {}
        self.count = 0
        self.whole = True

    def _left_out(self) -> list[Node]:
        """For a step that reads what is broken or missing, which is told elsewhere."""
        self.whole = False
        return []

    # --- entry ---

    def entries(self) -> dict[str, Origin]:
        inputs: dict[str, Origin] = {}
        for parameter in self.flow.parameters:
            snapshot = parameter.snapshot
            assert snapshot is not None  # entry flows have only snapshots
            lies = self._there(parameter.place, f"`{parameter.name}`", parameter.span, self.pod) or self.pod.inlet
            bound = None if snapshot.size is None else Bound(snapshot.size)
            one: Origin = FromInput(parameter.name)
            self.data.add(Datum(one, parameter.name, parameter.content, lies, bound, parameter.span), ())
            if snapshot.shards:
                content = parameter.content._replace(lists=1)
                self.data.add(
                    Datum(
                        FromShards(parameter.name),
                        parameter.name,
                        content,
                        lies,
                        bound,
                        parameter.span,
                        len(snapshot.shards),
                    ),
                    (),
                )
            inputs[parameter.name] = one
            self.data.uses[parameter.name] = (None, None)
        return inputs

    def _called_from(self, span: Span, frame: Frame) -> None:
        """Note where the program calls the flow that a step stands in."""
        if frame.site is not None:
            self.sites.setdefault(span, frame.site)

    def _there(self, place: Place | None, what: str, span: Span, pod: Pod) -> Place | None:
        """The place, if one is asked for and the pod has it; that it is asked for is noted."""
        if place is not None:
            self.asked.append(Asked(place, what, span))
        return place if place in pod.places else None

    # --- steps ---

    def body(self, steps: tuple[Step, ...], frame: Frame) -> tuple[Node, ...]:
        nodes: list[Node] = []
        for step in steps:
            self.count += 1
            if self.count > LARGEST:
                raise TooLargeError
            self._called_from(step.span, frame)
            match step:
                case CallStep():
                    nodes += self._call(step, frame)
                case FlowStep():
                    nodes += self._flow(step, frame)
                case GivenStep():
                    nodes += self._given(step, frame)
                case EachStep():
                    nodes += self._each(step, frame)
                case KeepStep():
                    nodes += self._keep(step, frame)
                case MoveStep():
                    nodes += self._move(step, frame)
        return tuple(nodes)

    def _args(
        self, args: Mapping[str, Value], frame: Frame, handed_on: Container[str] = ()
    ) -> dict[str, Origin] | None:
        origins = {name: self.data.origin(value, frame, name not in handed_on) for name, value in args.items()}
        known = {name: origin for name, origin in origins.items() if origin is not None}
        return known if len(known) == len(origins) else None

    def _after(self, after: tuple[str, ...], frame: Frame) -> tuple[str, ...]:
        found: list[str] = []
        for step in after:
            found += frame.finished.get(step, (frame.prefix + step,))
        return tuple(dict.fromkeys(found))

    def _call(self, step: CallStep, frame: Frame) -> list[Node]:
        args = self._args(step.args, frame)
        id_ = frame.prefix + step.id
        place = self._there(step.place, f"`{id_}`", step.span, frame.pod) or frame.pod.scratch
        files = {port.name for port in step.stage.inputs if not port.content.scalar}
        bounds: dict[str, Bound | None] = dict.fromkeys(files)
        if args is not None:
            bounds = {name: self.data.bound_in(args[name], frame) for name in files}
            for port in step.stage.inputs:
                if port.place is not None:
                    self.claims.append(
                        Claim(
                            args[port.name],
                            port.place,
                            f"`{port.name}` of `{step.stage.name.text}`",
                            step.args[port.name].span,
                        )
                    )
        outputs = []
        for port, bound in zip(
            step.stage.outputs, output_bounds(step.stage, bounds, self.typed.constants).values(), strict=True
        ):
            count = None if port.content.lists else 1
            datum = Datum(
                FromStep(id_, port.name),
                _shown(id_, port.name, len(step.stage.outputs)),
                port.content,
                place,
                bound,
                step.span,
                count,
                bool(port.content.lists),
            )
            self.data.add(datum, frame.scope)
            outputs.append(datum)
        if args is None:
            return self._left_out()
        spans = {name: value.span for name, value in step.args.items()}
        return [Call(id_, step.stage, args, spans, tuple(outputs), self._after(step.after, frame), step.span)]

    def _each(self, step: EachStep, frame: Frame) -> list[Node]:
        over = self.data.origin(step.over, frame)
        if over is None:
            return self._left_out()
        id_ = frame.prefix + step.id
        source = self.data.known.get(over)
        count = len(over.value) if isinstance(over, FromConstant) else source.length if source else 1
        scope = (*frame.scope, count is None)
        item = FromItem(id_)
        if source is not None:
            outer = self.data.bound_in(over, frame)
            bound = (
                source.bound
                if count is not None
                else outer and outer._replace(share=outer.share or not any(frame.scope))
            )
            self.data.add(Datum(item, step.id, source.content.element, source.place, bound, source.span), scope)
        inner = frame._replace(scope=scope)
        body = self.body(step.body, inner)
        result = self.data.origin(step.result, inner) if step.result is not None else None
        output = None
        made = self.data.known.get(result) if result is not None else None
        if made is not None:
            output = Datum(
                FromStep(id_, ""),
                _shown(id_, "", 1),
                made.content._replace(lists=1),
                made.place,
                made.bound,
                step.span,
                count,
            )
            self.data.add(output, frame.scope)
        width = min(count or frame.pod.slots, frame.pod.slots)
        after = self._after(step.after, frame)
        return [Each(id_, over, body, result or FromConstant(""), output, count, max(1, width), after, step.span)]

    def _keep(self, step: KeepStep, frame: Frame) -> list[Node]:
        value = self.data.origin(step.value, frame)
        if step.place != "remote":
            self._there(step.place, "the copy", step.span, frame.pod)
        if value is None:
            return self._left_out()
        return [Keep(frame.prefix + step.id, value, step.place, self.data.template(step.path, frame), step.span)]

    def _move(self, step: MoveStep, frame: Frame) -> list[Node]:
        value = self.data.origin(step.value, frame)
        if value is None:
            return self._left_out()
        id_ = frame.prefix + step.id
        place = self._there(step.place, f"`{id_}`", step.span, frame.pod) or frame.pod.scratch
        output = Datum(
            FromStep(id_, ""),
            _shown(id_, "", 1),
            step.value.content,
            place,
            self.data.bound_in(value, frame),
            step.span,
        )
        self.data.add(output, frame.scope)
        return [Move(id_, value, output, self._after(step.after, frame), step.span)]

    # --- flows inside flows ---

    def _flow(self, step: FlowStep, frame: Frame) -> list[Node]:
        called = self.typed.flows.get(step.flow.name)
        slices = [one.name for one in called.parameters if one.snapshot] if called else []
        args = self._args(step.args, frame, handed_on=slices)
        if called is None or args is None:
            frame.steps[step.id] = {}
            return self._left_out()
        if called.pod is not None and called.pod.name != frame.pod.name:
            return [self._crossing(step, called, args, frame)]
        if frame.depth >= _DEEPEST:
            raise TooLargeError
        callables = self._callables(step.callables, frame)
        site = frame.site or step.span
        prefix = f"{frame.prefix}{step.id}/"
        inner = Frame(prefix, args, {}, {}, frame.pod, frame.depth + 1, callables, site, frame.scope)
        nodes = self.body(called.steps, inner)
        waits = self._after(step.after, frame)
        if waits:
            nodes = tuple(node._replace(after=tuple(dict.fromkeys((*node.after, *waits)))) for node in nodes)
        frame.steps[step.id] = self.given[frame.prefix + step.id] = self._results(called, inner)
        frame.finished[step.id] = tuple(node.id for node in nodes)
        for parameter in called.parameters:
            if parameter.place is not None:
                self.claims.append(
                    Claim(
                        args[parameter.name],
                        parameter.place,
                        f"`{parameter.name}` of `{called.declared.name.text}`",
                        step.args[parameter.name].span,
                    )
                )
        for claim in called.claims:
            self.claim(claim.value, claim.place, claim.name, claim.span, inner)
        return list(nodes)

    def _callables(self, targets: Mapping[str, Target], frame: Frame) -> dict[str, Stage | Flow]:
        """What a flow is given to call: a stage, a flow, or what the caller was given itself."""
        found: dict[str, Stage | Flow] = {}
        for name, target in targets.items():
            if isinstance(target, str):
                found[name] = frame.callables[target]
            elif isinstance(target, tree.Flow):
                found[name] = self.typed.flows[target.name]
            else:
                found[name] = target
        return found

    def _given(self, step: GivenStep, frame: Frame) -> list[Node]:
        """A call of what the flow was given: as a call of that stage or flow."""
        target = frame.callables[step.parameter]
        if isinstance(target, Stage):
            args = dict(zip((port.name for port in target.inputs), step.args, strict=True))
            call = CallStep(step.id, target, args, step.place, step.after, step.span)
            id_ = frame.prefix + step.id
            frame.steps[step.id] = self.given[id_] = {"": FromStep(id_, target.outputs[0].name)}
            return self._call(call, frame)
        given = dict(zip((one.name for one in target.parameters), step.args, strict=True))
        nodes = self._flow(FlowStep(step.id, target.declared, given, {}, step.after, step.span), frame)
        results = frame.steps[step.id]
        frame.steps[step.id] = {"": next(iter(results.values()))} if isinstance(results, dict) and results else {}
        return nodes

    def _results(self, called: Flow, inner: Frame) -> dict[str, Origin]:
        origins = {name: self.data.origin(value, inner) for name, value in called.results.items()}
        return {name: origin for name, origin in origins.items() if origin is not None}

    def claim(self, value: Value, place: Place, name: str, span: Span, frame: Frame) -> None:
        origin = self.data.origin(value, frame)
        if origin is not None:
            self.claims.append(Claim(origin, place, f"`{name}`", span))

    def _crossing(self, step: FlowStep, called: Flow, args: dict[str, Origin], frame: Frame) -> Node:
        id_ = frame.prefix + step.id
        results = []
        for name, value in called.results.items():
            datum = Datum(
                FromStep(id_, name),
                _shown(id_, name, len(called.results)),
                value.content,
                "volume",
                Bound(0),
                step.span,
                None if value.content.lists else 1,
            )
            self.data.add(datum, frame.scope)
            results.append(datum)
        spans = {name: value.span for name, value in step.args.items()}
        return Crossing(id_, called, args, spans, tuple(results), self._after(step.after, frame), step.span)


def _shown(step: str, output: str, outputs: int) -> str:
    """A value's name for people: the step's, and which output where there are several."""
    return f"{step}.{output}" if output and outputs > 1 else step
