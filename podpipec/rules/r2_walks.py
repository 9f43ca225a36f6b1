"""R2, in trees: what of a `walk` has no bound, because nobody knows how large a tree is before it is there."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.liveness import Counted, Liveness
from podpipec.graph.nodes import Graph, Ordered, Walk
from podpipec.graph.traversal import walk
from podpipec.graph.values import Datum
from podpipec.graph.walking import open_at_once
from podpipec.types.declarations import PLACES
from podpipec.types.origin import FromChildren, FromNeeds, FromParent, Origin

_CODE = "R2"


def unknown(graph: Graph) -> Iterator[Diagnostic]:
    """What grows on its way down, what comes up in no proportion to the nodes, what too many nodes hold at once."""
    liveness = Liveness(graph)
    for node, _ in walk(graph.nodes):
        if isinstance(node, Ordered):
            needs = tuple(_needs(graph, node))
            yield from needs
            if needs:
                return
        elif isinstance(node, Walk):
            found = (*_down(graph, node), *_up(graph, node)) or (*_waiting(graph, node, liveness),)
            found = found or tuple(_copies(graph, node, liveness))
            yield from found
            if found:
                return


def _boundless(graph: Graph, handed: Origin, value: Origin) -> Datum | None:
    """The value of a body that is handed on, where what is handed has no bound."""
    datum = graph.data.get(handed)
    return graph.data.get(value) if datum is not None and datum.bound is None else None


def _down(graph: Graph, node: Walk) -> Iterator[Diagnostic]:
    for down in node.downs:
        made = _boundless(graph, FromParent(node.id, down.name), down.value)
        if made is not None:
            yield error(
                _CODE,
                f"how large can `{down.name}` become on its way down?",
                made.span,
                "each node's may be larger than its parent's",
                (node.span, "how deep the tree is, is known only at run time"),
                help=(
                    "give it a bound that does not grow: `size out 64MiB`",
                    "or say how deep the tree is at most: `walk … depth 12 { … }`",
                ),
            )


def _up(graph: Graph, node: Walk) -> Iterator[Diagnostic]:
    for up in node.ups:
        made = _boundless(graph, FromChildren(node.id, up.name), up.value)
        if made is not None:
            yield error(
                _CODE,
                f"how large can all `{up.name}` be together that come up to one node?",
                made.span,
                "how many children a node has is known only at run time",
                (node.span, "in this `walk`"),
                help=(
                    "bound it in proportion to the node and to what came up, as in `size out desk + parts`",
                    "with no constant added, and with no more of what came up than there was",
                ),
            )


def _needs(graph: Graph, node: Ordered) -> Iterator[Diagnostic]:
    made = _boundless(graph, FromNeeds(node.id), node.result)
    if made is not None:
        yield error(
            _CODE,
            f"how large can all `{made.name}` be together?",
            made.span,
            "of one node there can be as much as the nodes before gave, and more",
            (node.span, "how many nodes depend on one is known only at run time"),
            help=(
                "bound it in proportion to the node alone, as in `size out 2 * order`, with no constant added",
                "what came of the nodes before, `needs`, has no part in the bound",
            ),
        )


def _waiting(graph: Graph, node: Walk, liveness: Liveness) -> Iterator[Diagnostic]:
    """Values that every node holds while it waits for what is below it."""
    if open_at_once(node) is not None:
        return
    for place in PLACES[:3]:
        waiting = liveness.node(node, place, Counted(constant=True)).waiting if place in graph.pod.places else ()
        datum = next((one.datum for one in waiting if one.datum is not None), None)
        if waiting:
            name = datum.name if datum is not None else waiting[0].name
            yield _held(graph, node, name, datum)
            return


def _held(graph: Graph, node: Walk, name: str, datum: Datum | None) -> Diagnostic:
    deep = node.order == "depth_first"
    return error(
        _CODE,
        f"how many `{name}` can there be at once?",
        node.span if datum is None else datum.span,
        "every node holds one while it waits for what is below it",
        (node.span, f"how {'deep' if deep else 'wide'} the tree is, is known only at run time"),
        note=() if deep else "a walk that goes breadth first comes to a whole level before it comes to the next",
        help=(
            "say how deep it is at most: `walk … depth_first depth 12 { … }`",
            "or bound the value in proportion to the node, as in `size out 2 * desk`, with no constant added",
        ),
    )


def _copies(graph: Graph, node: Walk, liveness: Liveness) -> Iterator[Diagnostic]:
    """Copies that are kept of what is made from what came up: every level has as much to keep as the one below."""
    places = [place for place in PLACES[:3] if place in graph.pod.places and liveness.node(node, place).late]
    if node.depth is None and places:
        yield error(
            _CODE,
            "how large can all copies be together that are kept of what came up?",
            node.span,
            "how deep the tree is, is known only at run time",
            help=(
                "say how deep it is at most: `walk … depth_first depth 12 { … }`",
                "or keep only what comes up from the root, after the `walk`",
            ),
        )
