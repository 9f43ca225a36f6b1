"""What a flow costs and survives, for the person who builds it: places, copies, slots and swaps, recovery."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.graph.antichain import Peak
from podpipec.graph.liveness import Liveness, total
from podpipec.graph.nodes import Datum, Graph, Keep, Move, Pin, walk
from podpipec.graph.recovery import Recovery, recovery
from podpipec.graph.slots import allot
from podpipec.types.scalars import size_text
from podpipec.types.typed import FAULTS, PLACES, Place


def summary(graph: Graph) -> str:
    """The summary, as lines of text."""
    lines = [*_slots(graph), *_places(graph), *_copies(graph), *_recoveries(graph)]
    return "".join(line.rstrip() + "\n" for line in lines)


def _slots(graph: Graph) -> Iterator[str]:
    allotment = allot(graph)
    name, pod = graph.flow.declared.name.text, graph.pod.name.text
    slots, swaps = len(allotment.slots), allotment.swaps
    yield f"{name} on {pod}: {_count(slots, 'slot')}, {_count(swaps, 'swap')} expected"


def _places(graph: Graph) -> Iterator[str]:
    liveness = Liveness(graph)
    for place in PLACES:
        if place in graph.pod.places:
            yield f"  {place:<8}{_peak(liveness.peak(place), graph.pod.places[place])}"


def _peak(peak: Peak, size: int) -> str:
    return f"at most {size_text(peak.bytes)} of {size_text(size)} alive at once"


def _copies(graph: Graph) -> Iterator[str]:
    """Every word of the program that copies between places, with its bytes (rule L4)."""
    for node, around in walk(graph.nodes):
        if isinstance(node, Keep | Move | Pin):
            datum = graph.data.get(node.value)
            if datum is not None:
                place: Place = node.place if isinstance(node, Keep) else node.output.place
                each = " for each element" if around else ""
                word = type(node).__name__.lower()
                yield f"  {word:<8}{datum.name}: up to {_bytes(datum)} from {datum.place} to {place}{each}"


def _bytes(datum: Datum) -> str:
    amount = total(datum)
    return "?" if amount is None else size_text(amount)


def _recoveries(graph: Graph) -> Iterator[str]:
    """For each level of fault what is lost, from what it resumes, and what runs again at the worst moment (rule F1)."""
    for fault in FAULTS:
        yield f"  lost {fault}: {_recovery(recovery(graph, fault))}"


def _recovery(after: Recovery) -> str:
    places = " and ".join(after.lost) or "nothing on any place"
    begin = ", ".join(after.resumes_from) or "nothing"
    again = ", ".join(after.runs_again[:8]) + (", …" if len(after.runs_again) > 8 else "")
    gone = f"; gone for good once over: {', '.join(after.lost_results)}" if after.lost_results else ""
    return f"{places} lost; resumes from {begin} ({size_text(after.reads)}); runs again: {again or 'nothing'}{gone}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
