"""R2: the live bytes on a place never exceed its size, at any point of any schedule allowed."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.antichain import Peak
from podpipec.graph.liveness import Liveness, total
from podpipec.graph.nodes import Call, Execute, Graph, Keep, Ordered, Pin, Walk
from podpipec.graph.readers import written
from podpipec.graph.traversal import walk
from podpipec.graph.values import Datum
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.types.declarations import PLACES, Place
from podpipec.types.origin import Slice
from podpipec.types.units import size_text

CODE = "R2"
TITLE = "live bytes fit their place"

_SHOWN = 6


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Values without a bound, and places that the worst schedule overfills."""
    for graph in checked.in_pods:
        broken = any(entry.snapshot.size is None and "size" in entry.snapshot.settings for entry in graph.entries)
        if broken or not graph.whole:
            continue  # what is wrong or missing is told; sizes without it would be wrong
        unknown = tuple(_unknown(graph))
        yield from unknown
        if not unknown:
            overfull = tuple(_overfull(graph, PLACES[:3]))
            yield from overfull or _no_room(graph)
    for graph in checked.across:
        # an unknown bound of a unit's result is told where the unit writes it
        if graph.whole and all(datum.bound for node, _ in walk(graph.nodes) for datum in written(node)):
            lists = tuple(_unknown_lists(graph))
            yield from lists or _overfull(graph, ("volume",))


def _unknown(graph: Graph) -> Iterator[Diagnostic]:
    """Where a bound is first missing; what follows from it is not told again."""
    for entry in graph.entries:
        if entry.snapshot.size is None:
            name = entry.snapshot.name
            yield error(
                CODE,
                f"how large can a slice of `{name.text}` be?",
                name.span,
                "it has no size",
                (entry.span, f"it lies on `{entry.place}` of this flow's pod"),
                help="give it an upper bound: `size 2GiB`",
            )
            return
    asked: set[Span] = set()
    for node, _ in walk(graph.nodes):
        if not isinstance(node, Call):
            continue
        inputs = [graph.data.get(origin) for origin in node.args.values()]
        for datum, port in zip(node.outputs, node.stage.files, strict=True):
            if (
                datum.bound is None
                and port.span not in asked
                and all(total(given) is not None for given in inputs if given)
            ):
                asked.add(port.span)
                yield error(
                    CODE,
                    f"how large can `{port.name}` of `{node.stage.name.text}` become?",
                    port.span,
                    "it has no bound, and no input to be bounded by",
                    (node.span, f"written to `{datum.place}` here"),
                    help=f"give it an upper bound: `size {port.name} 2GiB`",
                )
    for node, _ in walk(graph.nodes):
        if isinstance(node, Execute) and node.output.bound is None and not asked:
            given = [graph.data.get(origin) for name, origin in node.args.items() if name]
            if all(total(one) is not None for one in given if one):
                asked.add(node.span)
                yield error(
                    CODE,
                    f"how large can `{node.output.name}` become?",
                    node.span,
                    "what comes of a flow that is run is bounded by what it is given",
                    help="give it a file or folder that is as large",
                )
    if not asked:
        ways = tuple(_in_ways(graph))
        yield from ways
        if not ways:
            yield from _unknown_lists(graph)


def _in_ways(graph: Graph) -> Iterator[Diagnostic]:
    """What has no bound in ways through trees and graphs."""
    if any(isinstance(node, Walk | Ordered) for node, _ in walk(graph.nodes)):
        from podpipec.rules.r2_walks import unknown

        yield from unknown(graph)


def _no_room(graph: Graph) -> Iterator[Diagnostic]:
    """Flows that are run although all else leaves nothing of the pod."""
    node = next((node for node, _ in walk(graph.nodes) if isinstance(node, Execute)), None)
    if node is None:
        return
    from podpipec.graph.room import room

    if not any(room(graph, Liveness(graph)).values()):
        yield error(
            CODE,
            "all else leaves no byte of the pod for the flow that is run here",
            node.span,
            "what it writes has no room",
            (graph.pod.name.span, "on none of its places"),
            help="make a place larger",
        )


def _unknown_lists(graph: Graph) -> Iterator[Diagnostic]:
    """Lists of unknown length whose elements, or copies of them, are in no proportion to what they are made from."""
    for node, around in walk(graph.nodes):
        copied = isinstance(node, Pin) or (isinstance(node, Keep) and node.place != "remote")
        if isinstance(node, Keep | Pin) and copied and any(each.length is None for each in around):
            kept = graph.data.get(node.value)
            if kept is not None and kept.bound is not None and not kept.bound.share:
                yield error(
                    CODE,
                    f"how large can all copies of `{kept.name}` be together?",
                    node.span,
                    "how many there are is known only at run time",
                    (kept.span, "written here"),
                    help="bound it in proportion to the element, as in `size out 2 * part`, with no constant added",
                )
                return
    for datum in graph.data.values():
        if total(datum) is None:
            yield error(
                CODE,
                f"how large can all elements of `{datum.name}` be together?",
                datum.span,
                "how many there are is known only at run time",
                help="bound each element in proportion to its input, as in `size out 2 * part`, with no constant added",
            )
            return


def _overfull(graph: Graph, places: tuple[Place, ...]) -> Iterator[Diagnostic]:
    liveness = Liveness(graph)
    for place in places:
        size = graph.pod.places.get(place)
        if size is None:
            continue
        peak = liveness.peak(place)
        if peak.bytes > size:
            yield _too_much(graph, place, size, peak)


def _too_much(graph: Graph, place: Place, size: int, peak: Peak) -> Diagnostic:
    pod = graph.pod
    lines = [f"{size_text(interval.bytes):>9}  {interval.name}" for interval in peak.alive[:_SHOWN]]
    if len(peak.alive) > _SHOWN:
        rest = sum(interval.bytes for interval in peak.alive[_SHOWN:])
        lines.append(f"{size_text(rest):>9}  … {len(peak.alive) - _SHOWN} more")
    if not peak.exact:
        lines.append(
            "that they can all be alive at one moment cannot be said of this graph; it is the least bound that is sure"
        )
    others = [
        (interval.datum.span, f"{size_text(interval.bytes)} of `{interval.name}`, alive then")
        for interval in peak.alive[:3]
        if interval.datum is not None and not _is_slice(interval.datum)
    ]
    return error(
        CODE,
        f"up to {size_text(peak.bytes)} can be alive on `{place}` at once, and it has {size_text(size)}",
        pod.settings[place],
        f"{size_text(size)} here",
        *others,
        note=("alive at the peak, under the worst schedule that the dependencies allow:", *lines),
        help=(f"make `{place}` {size_text(peak.bytes)} or more", _or_else(graph)),
    )


def _or_else(graph: Graph) -> str:
    if graph.across:
        return "all pods of the flow share it: bound what crosses more tightly, or let fewer pods work (`--pods`)"
    return "or write a large value elsewhere, as in `x in node = …`, or order its readers with `after`"


def _is_slice(datum: Datum) -> bool:
    return isinstance(datum.origin, Slice)
