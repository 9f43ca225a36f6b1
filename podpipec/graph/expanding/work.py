"""One graph in the making: what all its steps share."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.data import Data, Frame
from podpipec.graph.nodes import Graph, Node, Unit
from podpipec.graph.order import together
from podpipec.graph.scopes import after_scopes
from podpipec.graph.values import Asked, Claim, Handed, Said
from podpipec.source import Span
from podpipec.types.declarations import Place, Pod, Stage
from podpipec.types.flow_steps.counted import out_of_bounds
from podpipec.types.origin import FromConstant, Origin
from podpipec.types.program import Typed
from podpipec.types.typed import Count, Flow, Step, Value
from podpipec_runtime.tuples import NamedTuple

#: A plan with more steps than this was not meant; calls of flows multiply.
LARGEST = 200_000
#: Flows that call flows that call flows.
DEEPEST = 60


class TooLargeError(Exception):
    """The graph outgrew its bound; raised here, and caught by `expand`."""


class Start(NamedTuple):
    """What a unit is started with beside slices of snapshots: values, and what its parameters stand for.

    `inputs` has slices only where they are of another window than the run's; a scalar that only the call knows stands
    for itself.
    """

    flow: Flow
    pod: Pod
    handed: tuple[Handed, ...]
    inputs: Mapping[str, Origin]
    callables: Mapping[str, Stage | Flow]
    site: Span


class Across:
    """What a flow across pods has besides: its units, each by what makes it that one, and how a unit is expanded."""

    def __init__(self, inner: Callable[[Start], Graph | None], pods: int) -> None:
        self.inner = inner
        self.pods = pods  # so many units are under way at once
        self.units: dict[tuple[object, ...], Unit] = {}


class Expansion:
    """One flow's graph in the making."""

    def __init__(
        self,
        typed: Typed,
        flow: Flow,
        pod: Pod,
        nodes: Callable[[Step, Frame, Expansion], list[Node]],
        data: Data,
        across: Across | None = None,
    ) -> None:
        self._nodes = nodes  # of one step
        self.across = across
        self.typed = typed
        self.flow = flow
        self.pod = pod
        self.data = data
        self.claims: list[Claim] = []
        self.said: list[Said] = []
        self.asked: list[Asked] = []
        self.sites: dict[Span, Span] = {}
        self.given: dict[str, Mapping[str, Origin]] = {}
        self.wrong: list[Diagnostic] = []
        self.count = 0
        self.whole = True

    def width(self, pod: Pod) -> int:
        """How many elements of a fan out are under way at once: one for each slot, or, across pods, for each pod."""
        return self.across.pods if self.across else pod.slots

    def mark(self) -> tuple[int, ...]:
        """Where all that is only added to stands, for `back`."""
        return tuple(map(len, self._added))

    def back(self, mark: tuple[int, ...]) -> None:
        """Forget what was added since, for the same body is gone through once more. Steps stay counted."""
        for added, length in zip(self._added, mark, strict=True):
            del added[length:]

    @property
    def _added(self) -> tuple[list[Any], ...]:
        return self.claims, self.said, self.asked, self.wrong, self.data.wrong

    def left_out(self) -> list[Node]:
        """For a step that reads what is broken or missing, which is told elsewhere."""
        self.whole = False
        return []

    def _called_from(self, span: Span, frame: Frame) -> None:
        """Note where the program calls the flow that a step stands in."""
        if frame.site is not None:
            self.sites.setdefault(span, frame.site)

    def there(self, place: Place | None, what: str, span: Span, pod: Pod) -> Place | None:
        """The place, if one is asked for and the pod has it; that it is asked for is noted."""
        if place is not None:
            self.asked.append(Asked(place, what, span))
        return place if place in pod.places else None

    def body(self, steps: tuple[Step, ...], frame: Frame) -> tuple[Node, ...]:
        """The nodes of a body, in the order of its steps."""
        nodes: list[Node] = []
        for step in steps:
            self.count += 1
            if self.count > LARGEST:
                raise TooLargeError
            self._called_from(step.span, frame)
            nodes += self._nodes(step, frame, self)
        return tuple(together(after_scopes(nodes)))

    def again(self, steps: tuple[Step, ...], frame: Frame, since: tuple[int, int]) -> tuple[Node, ...]:
        """The nodes of a body whose bounds are found by trying; what was noted `since` is noted anew."""
        del self.claims[since[0] :], self.asked[since[1] :]
        return self.body(steps, frame)

    @property
    def noted(self) -> tuple[int, int]:
        """How many claims and places have been noted."""
        return len(self.claims), len(self.asked)

    def args(self, args: Mapping[str, Value], frame: Frame, handed_on: Container[str] = ()) -> dict[str, Origin] | None:
        """What a step is given; nothing if a part is broken. Slices that are `handed_on` are not read by it yet."""
        origins = {name: self.data.origin(value, frame, name not in handed_on) for name, value in args.items()}
        known = {name: origin for name, origin in origins.items() if origin is not None}
        return known if len(known) == len(origins) else None

    def number(self, count: Count, at: Span, frame: Frame) -> int | None:
        """A number in the head of a loop, which must be known by now; nothing if it is broken."""
        if count.given is None:
            return count.known
        origin = self.data.origin(count.given, frame)
        if origin is None:
            return None
        if not isinstance(origin, FromConstant) or not isinstance(origin.value, str):
            message = f"`{count.word}` is a constant of the program, and this is known only at run time"
            wrong = error("T001", message, at, "a constant is needed here", *self.site(frame, "given in this call"))
            self.data.wrong.append(wrong)
            return None
        number = int(origin.value)
        wrong_ = out_of_bounds(count.word, number, count.least)
        if wrong_:
            self.data.wrong.append(error("V003", wrong_, at, "out of bounds", *self.site(frame, "given in this call")))
            return None
        return number

    def site(self, frame: Frame, label: str) -> tuple[tuple[Span, str], ...]:
        """Where the program calls the flow that a step stands in, for a message's other end."""
        return () if frame.site is None else ((frame.site, label),)

    def after(self, after: tuple[str, ...], frame: Frame) -> tuple[str, ...]:
        """The nodes that a step comes after: of a called flow all its nodes."""
        found: list[str] = []
        for step in after:
            found += frame.finished.get(step, (frame.prefix + step,))
        return tuple(dict.fromkeys(found))

    def note(self, called: Flow, frame: Frame) -> None:
        """Note what a flow claims, and says, of its values."""
        for claim in called.claims:
            self.claim(claim.value, claim.place, claim.name, claim.span, frame)
        for said in called.said:
            origin = self.data.origin(said.value, frame, read=False)
            if origin is not None:
                self.said.append(Said(origin, said.name, said.traits))
                for span in (
                    said.traits.span,
                    *(word.span for word in (*(said.traits.origin or ()), *said.traits.words)),
                ):
                    self._called_from(span, frame)

    def claim(self, value: Value, place: Place, name: str, span: Span, frame: Frame) -> None:
        """Note that a value is taken to lie on a place."""
        origin = self.data.origin(value, frame)
        if origin is not None:
            self.claims.append(Claim(origin, place, f"`{name}`", span))


def shown(step: str, output: str, outputs: int) -> str:
    """A value's name for people: the step's, and which output where there are several."""
    return f"{step}.{output}" if output and outputs > 1 else step
