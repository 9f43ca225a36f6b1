"""S5, stability: what a service said is recorded before anything relies on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Crossing, Each, Graph, If, Keep, Loop, Node, Ordered, Pin, Walk
from podpipec.graph.origins import ALL, Atoms
from podpipec.graph.stability import Touch, stability
from podpipec.graph.traversal import walk
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.types.declarations import Place
from podpipec.types.origin import FromItem, FromStep, Origin, inside
from podpipec_runtime.tuples import NamedTuple

CODE = "S5"
TITLE = "what is unstable is pinned before it is relied on"


class _Look(NamedTuple):
    """A graph as the rule sees it: what is unstable, what is derived from which shards, which loops there are."""

    graph: Graph
    touched: Mapping[Origin, Touch]
    atoms: Mapping[Origin, Atoms]
    loops: Mapping[str, Loop]
    around: Mapping[str, tuple[Loop | If, ...]]

    def said(self, origin: Origin, misuse: str, at: Span, label: str) -> Diagnostic:
        """The one shape of what this rule says: the misuse, and what made the value unstable."""
        touch, name = self.touched[origin], self.name(origin)
        file = origin in self.graph.data
        return error(
            CODE,
            f"`{name}` is unstable, and {misuse}",
            at,
            label,
            (touch.span, f"{touch.what}: to run it again may give something else"),
            help=f"record it first: `fixed = pin {name} in {_recorded_in(self.graph)}`, and use `fixed` here"
            if file
            else "a scalar cannot be pinned: let the stage write a file, pin that, and take the scalar from it",
        )

    def name(self, origin: Origin) -> str:
        """What the program calls a value where it is written; nothing for a text."""
        known = self.graph.data.get(origin) or self.graph.scalars.get(origin)
        return known.name.rpartition("/")[2] if known is not None else ""

    def relies(self, origin: Origin) -> bool:
        """Whether who is given this relies on what is unstable."""
        return origin in self.touched and bool(self.name(origin))


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Unstable values that are kept, handed out, given to other pods, joined over shards, or pinned too late."""
    for graph, _, atoms, *_ in checked.traced:
        known = stability(graph)
        if known.touched:
            from podpipec.rules.s5_answers import answers_pinned_twice

            nodes = list(walk(graph.nodes))
            loops = {node.id: node for node, _ in nodes if isinstance(node, Loop)}
            look = _Look(graph, known.touched, atoms, loops, known.around)
            for node, _ in nodes:
                yield from _node(node, look)
            yield from _results(look)
            yield from answers_pinned_twice(graph, known)


def _recorded_in(graph: Graph) -> Place:
    return "volume" if "volume" in graph.pod.places or "node" not in graph.pod.places else "node"


def _node(node: Node, look: _Look) -> Iterator[Diagnostic]:
    match node:
        case Keep(value=value) if look.relies(value):
            misuse = f"a copy kept in `{node.place}` would be taken for what it is later"
            yield look.said(value, misuse, node.span, "kept here")
        case Call(attempts=attempts):
            for stage, args, spans, _ in attempts:
                for name, value in args.items():
                    if look.relies(value) and _of_shards(value, look):
                        misuse = f"`{stage.name.text}` would join what was said to different shards"
                        yield look.said(value, misuse, spans[name], "joined here")
        case Crossing(args=args, spans=spans):
            for name, given in args.items():
                for value in (one for one in (given, *inside(given)) if look.relies(one)):
                    misuse = "another pod would go on with it when this one has to begin anew"
                    yield look.said(value, misuse, spans[name], "crosses pods here")
        case Pin(value=value) if value in look.touched:
            yield from _pinned(node, look)


def _results(look: _Look) -> Iterator[Diagnostic]:
    for name, (origin, span) in look.graph.results.items():
        if look.relies(origin):
            misuse = f"the result `{name}` would be another one each time"
            yield look.said(origin, misuse, span, "handed out here")


def _of_shards(origin: Origin, look: _Look) -> bool:
    """Whether a value is a list with an element for each of several shards, or a group of such a list."""
    while isinstance(origin, FromItem):
        datum = look.graph.data.get(origin)
        if datum is None or not datum.content.lists:
            return False
        origin = look.loops[origin.each].over
    loop = look.loops.get(origin.step) if isinstance(origin, FromStep) else None
    return loop is not None and any(atom.shard == ALL for atom in look.atoms.get(loop.over, ()))


def _pinned(pin: Pin, look: _Look) -> Iterator[Diagnostic]:
    """What was said once must be recorded once, where it was said: not by each element, nor in one branch alone."""
    touch, around = look.touched[pin.value], look.around[pin.id]
    if touch.depth >= len(around):
        return
    inner = around[touch.depth]
    name = look.name(pin.value)
    help_ = (
        f"pin what the service said before the `{inner.word if isinstance(inner, Loop) else 'if'}`, and use that inside"
    )
    if isinstance(inner, Loop) and touch.handed:
        word = inner.word
        what = "node" if isinstance(inner, Walk | Ordered) else "group" if isinstance(inner, Each) else "element"
        message = f"each {what} would pin `{name}` by itself, and it is derived from what others of them were told"
        said = f"{touch.what}, and what is made of that is handed on unpinned"
        help_ = "pin what the service said right behind the call, and hand on what is made of that pin"
    elif isinstance(inner, Loop):
        word = inner.word
        what = "node" if isinstance(inner, Walk | Ordered) else "element"
        message = f"each {what} would pin `{name}` by itself, and all are derived from one unstable value"
        said = f"{touch.what}, once for all {what}s"
    else:
        message = f"only one branch would pin `{name}`, and it is derived from a value that is unstable for both"
        said, word = f"{touch.what}, whichever branch is taken", "if"
    yield error(
        CODE,
        message,
        pin.span,
        "after a fault some would be of what was said before it, some of what was said after",
        (touch.span, said),
        (inner.span, f"this `{word}` stands around the pin"),
        help=help_,
    )
