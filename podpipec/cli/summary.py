"""What a flow costs and survives, for the person who builds it: places, copies, slots and swaps, recovery."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.graph.liveness import total
from podpipec.graph.nodes import Graph, Keep, Move, Pin
from podpipec.graph.recovery import Recovery, recoveries
from podpipec.graph.traversal import units_of, walk
from podpipec.graph.values import Datum
from podpipec.types.declarations import Place
from podpipec.types.units import size_text
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import within


def summary(graph: Graph, lowered: plan.Plan | plan.Macro) -> str:
    """The summary of a flow and its plan, as lines of text."""
    if isinstance(lowered, plan.Plan):
        lines = list(_in_pod(graph, lowered))
    else:
        lines = [*_sets(graph, lowered), *_copies(graph), *_recoveries(graph)]
        lines.append("  a unit under way runs again, as told below")
        graphs = {unit.name: unit.graph for unit in units_of(graph)}
        for flow in lowered.flows:
            lines += _in_pod(graphs[flow.flow], flow)
    return "".join(line.rstrip() + "\n" for line in lines)


def _in_pod(graph: Graph, lowered: plan.Plan) -> Iterator[str]:
    slots, swaps = len(lowered.pod.slots), lowered.swaps
    yield f"{lowered.flow} on {lowered.pod.name}: {_count(slots, 'slot')}, {_count(swaps, 'swap')} expected"
    sizes = {place.name: place.bytes for place in lowered.pod.places}
    for peak in lowered.peaks:
        yield f"  {peak.place:<8}{_peak(peak, sizes[peak.place])}"
    yield from _copies(graph)
    yield from _left(lowered)
    yield from _recoveries(graph)


def _sets(graph: Graph, macro: plan.Macro) -> Iterator[str]:
    """How many pods of which kinds, and what they share."""
    pods = " and ".join(f"{_count(one.pods, 'pod')} of {one.pod.name}" for one in macro.sets)
    yield f"{macro.flow} across {graph.pod.name.text}: {pods}"
    if macro.volume is not None:
        (peak,), class_ = macro.peaks, macro.volume.storage_class
        yield f"  volume  {_peak(peak, macro.volume.bytes)}, on one claim that all pods mount (ReadWriteMany)"
        yield f"          its class, {class_ or 'the default of the cluster'}, must have such volumes"


def _peak(peak: plan.Peak, size: int) -> str:
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


def _left(lowered: plan.Plan) -> Iterator[str]:
    """What each flow that is written at run time may fill, and is checked for before it starts."""
    for step in (step for top in lowered.steps for step in within(top)):
        if isinstance(step, plan.Execute):
            left = ", ".join(f"{size_text(room.bytes)} of {room.place}" for room in step.room)
            yield f"  run     {step.id}: a flow written at run time, checked when it is there; it may fill {left}"


def _bytes(datum: Datum) -> str:
    amount = total(datum)
    return "?" if amount is None else size_text(amount)


def _recoveries(graph: Graph) -> Iterator[str]:
    """For each level of fault what is lost, from what it resumes, and what runs again at the worst moment (rule F1)."""
    for after in recoveries(graph):
        yield f"  lost {after.fault}: {_recovery(after)}"


def _recovery(after: Recovery) -> str:
    places = " and ".join(after.lost) or "nothing on any place"
    begin = ", ".join(after.resumes_from) or "nothing"
    again = ", ".join(after.runs_again[:8]) + (", …" if len(after.runs_again) > 8 else "")
    gone = f"; gone for good once over: {', '.join(after.lost_results)}" if after.lost_results else ""
    return f"{places} lost; resumes from {begin} ({size_text(after.reads)}); runs again: {again or 'nothing'}{gone}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
