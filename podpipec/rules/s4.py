"""S4, immutable: nobody writes to a snapshot or a published value; what is consumed is one stage's own from then on."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, Fix, error
from podpipec.graph.consuming import Consuming, Consumption, Gone, Use
from podpipec.graph.nodes import Call, Close, Crossing, Graph, Keep, Loop, Node, Ordered, Pin, Walk
from podpipec.graph.traversal import walk
from podpipec.names.loading import Program
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.types.handing_over import Flows, handed_over
from podpipec.types.origin import FromCarry, Origin, step_of
from podpipec.types.typed import Flow

CODE = "S4"
TITLE = "immutable"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Slices that are consumed, and uses of what is consumed that nothing places before that."""
    for flow in checked.typed.flows.values():
        yield from _heading(flow, checked.typed.flows)
    for graph in (*checked.graphs, *checked.units):
        yield from _graph(graph, checked.typed.program)


def _heading(flow: Flow, flows: Flows) -> Iterator[Diagnostic]:
    """A flow that consumes what it is given says so, for whoever calls it; a slice it cannot be given so."""
    consumed = handed_over(flow, flows)
    for one in flow.parameters:
        if one.snapshot is not None and one.mode == "consume":
            yield error(
                CODE,
                f"a slice of the snapshot `{one.snapshot.name.text}` never changes",
                one.span,
                "cannot be handed over",
                (one.snapshot.name.span, "the snapshot"),
                help="take the `consume` away",
            )
        elif one.snapshot is None and one.mode != "consume" and one.name in consumed:
            start = one.span.start
            yield error(
                CODE,
                f"`{flow.declared.name.text}` is given `{one.name}` to read, and consumes it",
                consumed[one.name].span,
                "consumed here",
                (one.span, "given here, without a word"),
                help=f"say it in the heading: `consume {one.name}: {one.content}`",
                fix=Fix(Span(one.span.path, start, start), "consume "),
            )


def _graph(graph: Graph, program: Program) -> Iterator[Diagnostic]:
    consuming = Consuming(graph)
    told: set[frozenset[Span]] = set()  # of what is consumed twice, each use once
    for gone in consuming.gone():
        if any(one.datum.origin == gone.origin for one in graph.handed):
            continue  # told where it is handed to this pod
        refused = _not_ours(graph, gone)
        if refused is not None:
            yield refused
            continue
        if gone.many is not None:
            yield _many(graph, program, gone, gone.many)
            continue
        for use in consuming.uses(gone):
            key = frozenset((use.span, gone.consumption.span) if use.again else (use.span,))
            if key not in told:
                told.add(key)
                yield _use(graph, program, use)
    for node, _ in walk(graph.nodes):
        if isinstance(node, Crossing):
            yield from _crossing(node)


def _not_ours(graph: Graph, gone: Gone) -> Diagnostic | None:
    """Slices, and what comes from another pod, are not this pod's to change."""
    by = gone.consumption
    entry = next((entry for entry in graph.entries if entry.origin == gone.origin), None)
    if entry is not None:
        return error(
            CODE,
            f"`{_stage(by)}` would change a slice of the snapshot `{entry.snapshot.name.text}`, which never changes",
            by.span,
            "consumed here",
            (entry.span, "the slice enters here"),
            help=_copied_first(graph, gone.origin),
        )
    maker = next((node for node, _ in walk(graph.nodes) if node.id == step_of(gone.origin)), None)
    if isinstance(maker, Pin):
        return error(
            CODE,
            f"`{_stage(by)}` would change what is pinned, and so a part of the snapshot",
            by.span,
            "consumed here",
            (maker.span, "recorded here"),
            help=_copied_first(graph, gone.origin),
        )
    if isinstance(maker, Crossing):
        return error(
            CODE,
            f"`{_stage(by)}` would change what the flow `{maker.flow.declared.name.text}` published for other pods",
            by.span,
            "consumed here",
            (maker.span, "comes from another pod here"),
            help=_copied_first(graph, gone.origin),
        )
    return None


def _copied_first(graph: Graph, origin: Origin) -> str:
    datum = graph.data.get(origin)  # nothing where what makes it is wrong, which is told there
    other = next((place for place in graph.pod.places if datum is not None and place != datum.place), None)
    if datum is None or datum.content.lists or other is None:
        return "let a stage make a copy first, and consume that"
    return f"make a copy first, `own = move … to {other}`, and consume that"


def _many(graph: Graph, program: Program, gone: Gone, loop: Loop) -> Diagnostic:
    by = gone.consumption
    if isinstance(gone.origin, FromCarry):
        return _handed_on(graph, program, gone, loop)
    what, many = ("node", "nodes") if isinstance(loop, Walk | Ordered) else ("element", "elements")
    return error(
        CODE,
        f"every {what} of `{_last(loop.id)}` would consume the one `{_name(graph, program, gone)}`",
        by.span,
        f"consumed here, once for each {what}",
        (graph.data[gone.origin].span, "made once, here"),
        (loop.span, f"goes over the {many}"),
        help=f"make it inside of the `{loop.word}`, or let a stage that only reads it take its place",
    )


def _handed_on(graph: Graph, program: Program, gone: Gone, loop: Loop) -> Diagnostic:
    """What an element hands on is read there, too, and no order says until when."""
    return error(
        CODE,
        f"`{_name(graph, program, gone)}` is what the element before handed on, and may still be read there",
        gone.consumption.span,
        "consumed here",
        (loop.span, "goes over the elements"),
        help="let a stage that only reads it take its place",
    )


def _use(graph: Graph, program: Program, use: Use) -> Diagnostic:
    by = use.gone.consumption
    name, stage = _name(graph, program, use.gone), _stage(by)
    message, help_ = _told(use, name, stage)
    return error(
        CODE,
        message,
        use.span,
        "may find it changed, or gone" if use.node is not None else "must be there at the end",
        (by.span, f"consumed here: `{stage}` works on it in place"),
        *_sites(graph, use.node, by.call),
        help=help_,
    )


def _sites(graph: Graph, *nodes: Node | None) -> Iterator[tuple[Span, str]]:
    """Where the program calls the flows that arguments stand in."""
    for node in nodes:
        if isinstance(node, Call) and node.span in graph.sites:
            yield graph.sites[node.span], "in a flow that is called here"


def _told(use: Use, name: str, stage: str) -> tuple[str, str]:
    instead = f"give what `{stage}` makes in its place"
    match use.node:
        case None:
            return f"`{name}` is handed out, and `{stage}` consumes it", instead
        case Call() as call if call.id == use.gone.consumption.call.id:
            twice = "twice" if use.again else "and reads it, too"
            return f"`{stage}` consumes `{name}` {twice}", "give each input a value of its own"
        case Call() if use.again:
            other = _reader(use.node)
            return f"`{name}` is consumed twice, by `{stage}` and by {other}", instead
        case Keep():
            return f"`{name}` is kept, and nothing says that this is before `{stage}` consumes it", instead
        case Close():
            message = f"`{stage}` consumes `{name}`, and a `with` that loses its helper runs again from its beginning"
            return message, "make it inside of the `with`, or consume it when that is over"
        case other_node:
            other = _reader(other_node)
    return (
        f"{other} reads `{name}`, and nothing says that this is before `{stage}` consumes it",
        f"let `{stage}` wait for it with `after`, or {instead}",
    )


def _reader(node: Node) -> str:
    return f"`{node.stage.name.text}`" if isinstance(node, Call) else f"`{_last(node.id)}`"


def _crossing(node: Crossing) -> Iterator[Diagnostic]:
    for parameter in node.flow.parameters:
        if parameter.mode == "consume":
            yield error(
                CODE,
                f"`{node.flow.declared.name.text}` would consume `{parameter.name}` on another pod",
                node.spans[parameter.name],
                "handed over here",
                (parameter.span, "consumed there"),
                help="what crosses pods is shared: let the flow read it, and make its own copy",
            )


def _stage(by: Consumption) -> str:
    return by.call.stage.name.text


def _name(graph: Graph, program: Program, gone: Gone) -> str:
    """As the program says it where it is consumed; of a list or a member of it, as it is called in the flow."""
    by = gone.consumption
    if gone.origin == by.origin:
        return program.files[by.span.path].source.text[by.span.start : by.span.end]
    datum = graph.data.get(gone.origin)
    return datum.name if datum is not None else "…"


def _last(id_: str) -> str:
    return id_.rpartition("/")[2]
