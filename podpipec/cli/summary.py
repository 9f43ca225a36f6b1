"""What a flow costs and survives, for the person who builds it: places, copies, slots and swaps, recovery."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.graph.antichain import Peak
from podpipec.graph.liveness import Liveness, total
from podpipec.graph.nodes import Datum, Execute, Graph, Keep, Move, Pin, walk
from podpipec.graph.recovery import Recovery, recovery
from podpipec.graph.room import room
from podpipec.graph.sets import sets
from podpipec.graph.slots import Allotment, allot
from podpipec.types.typed import FAULTS, PLACES, Place, Pod
from podpipec.types.units import size_text


def summary(graph: Graph) -> str:
    """The summary, as lines of text."""
    if graph.across:
        lines = [*_sets(graph), *_copies(graph), *_recoveries(graph), "  a unit under way runs again, as told below"]
        for one in sets(graph):
            for unit in one.units:
                lines += [*_slots(unit.graph, unit.name, one.allotments[unit.name]), *_in_pod(unit.graph)]
    else:
        lines = [*_slots(graph, graph.flow.declared.name.text, allot(graph)), *_in_pod(graph)]
    return "".join(line.rstrip() + "\n" for line in lines)


def _in_pod(graph: Graph) -> Iterator[str]:
    yield from _places(graph)
    yield from _copies(graph)
    yield from _left(graph)
    yield from _recoveries(graph)


def _sets(graph: Graph) -> Iterator[str]:
    """How many pods of which kinds, and what they share."""
    found = sets(graph)
    pods = " and ".join(f"{_count(one.pods, 'pod')} of {one.pod.name.text}" for one in found)
    yield f"{graph.flow.declared.name.text} across {graph.pod.name.text}: {pods or 'no pods'}"
    for one in found:
        if "volume" in one.pod.places:
            peak, class_ = Liveness(graph).peak("volume"), one.pod.storage_class
            yield f"  volume  {_peak(peak, _volume(graph, one.pod))}, on one claim that all pods mount (ReadWriteMany)"
            yield f"          its class, {class_ or 'the default of the cluster'}, must have such volumes"
            break


def _volume(graph: Graph, pod: Pod) -> int:
    return graph.pod.places.get("volume", pod.places["volume"])


def _slots(graph: Graph, name: str, allotment: Allotment) -> Iterator[str]:
    pod = graph.pod.name.text
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


def _left(graph: Graph) -> Iterator[str]:
    """What each flow that is written at run time may fill, and is checked for before it starts."""
    left = ", ".join(f"{size_text(bytes_)} of {place}" for place, bytes_ in room(graph, Liveness(graph)).items())
    for node, _ in walk(graph.nodes):
        if isinstance(node, Execute):
            yield f"  run     {node.id}: a flow written at run time, checked when it is there; it may fill {left}"


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
