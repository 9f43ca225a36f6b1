"""A cost as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.costing.critical import Path
from podpipec.costing.edges import Edge, End
from podpipec.costing.rates import GIVEN, SETTING, Rate
from podpipec.costing.report import Cost
from podpipec.costing.requests import Requests
from podpipec.costing.table import table
from podpipec.costing.traffic import Bytes, Part, Way
from podpipec.types.units import size_text


def render(cost: Cost) -> str:
    """The whole report."""
    parts = (_head, _edges, _slots, _peaks, _requests, _path, _timed, _ways, _rates, _assumptions)
    return "\n".join("".join(f"{line}\n" for line in part(cost)) for part in parts if any(True for _ in part(cost)))


def _head(cost: Cost) -> Iterator[str]:
    yield f"{cost.flow} on {cost.pod}: estimated from the bounds in the program, not measured"


# --- what moves where ---

_VERBS = {"read": "read in place", "keep": "kept", "move": "moved", "cross": "sent to another pod", "pipe": "streamed"}


def unit_text(name: str, cost: Cost) -> Iterator[str]:
    """What one unit of a flow across pods moves, holds and asks for."""
    yield f"unit {name}, a flow on {cost.pod}"
    for part in (_edges(cost), _slots(cost), _peaks(cost)):
        yield from (f"  {line}" for line in part)


def _edges(cost: Cost) -> Iterator[str]:
    return edges_text(cost.edges)


def edges_text(edges: Sequence[Edge]) -> Iterator[str]:
    """The values on their way, those that move bytes."""
    yield "bytes along the edges, at most"
    rows = [("value", "from", "to", "place", "what", "one", "times", "total")]
    rows += [_edge(edge) for edge in edges if edge.kind in _VERBS]
    if len(rows) == 1:
        yield "  none"
        return
    yield from table(rows, "<<<<<>>>")


def _edge(edge: Edge) -> tuple[str, str, str, str, str, str, str, str]:
    often = "?" if edge.times is None else str(edge.times)
    one, all_ = _size(edge.one), _size(edge.total)
    return edge.value, _end(edge.source), _end(edge.target), edge.place or "", _VERBS[edge.kind], one, often, all_


def _end(end: End) -> str:
    words = {
        "snapshot": f"snapshot {end.name}",
        "given": f"given {end.name}",
        "item": f"element of {end.name}",
        "list": f"{end.name}[]",
    }
    return words.get(end.kind, end.name)


def _slots(cost: Cost) -> Iterator[str]:
    count = len(cost.slots)
    yield f"{count} slot{'' if count == 1 else 's'}, {cost.swaps} swap{'' if cost.swaps == 1 else 's'} expected"
    for number, turns in enumerate(cost.slots):
        held = ""
        for turn in turns:
            if turn.image != held:
                held = turn.image
                yield f"  slot {number}  {'swapped to' if turn.swaps else 'starts with'} {held}"
            yield f"          {turn.call}"


def _peaks(cost: Cost) -> Iterator[str]:
    yield "alive at once, at most"
    rows = [
        (peak.place, size_text(peak.bytes), f"of {size_text(peak.size)}", "" if peak.exact else "the least sure bound")
        for peak in cost.peaks
    ]
    yield from table(rows, "<>><")


# --- what the pod asks for ---


def _requests(cost: Cost) -> Iterator[str]:
    asked = cost.requests
    slots, calls = asked.slots, asked.calls
    rows = [
        ("requests", "this pod", "one container for each call", "times"),
        ("containers", str(slots.containers), str(calls.containers), _ratio(calls.containers, slots.containers)),
        ("cores", _cores(slots), _cores(calls), _ratio(calls.cpu, slots.cpu)),
        ("memory of stages", size_text(slots.memory), size_text(calls.memory), _ratio(calls.memory, slots.memory)),
        ("with scratch in memory", size_text(asked.slots_with_scratch), "", ""),
    ]
    yield from table(rows, "<>>>", indent="")


def _cores(requests: Requests) -> str:
    return f"{requests.cpu / 1000:g}"


def _ratio(over: int, under: int) -> str:
    return f"{over / under:.2f}" if under else ""


# --- the critical path ---


def _path(cost: Cost) -> Iterator[str]:
    return path_text(cost.path)


def path_text(path: Path) -> Iterator[str]:
    """A critical path by bytes."""
    least = "" if path.whole else ", where each loop of unknown length counts once"
    yield f"critical path, by bytes read and written: {size_text(round(path.weight))}{least}"
    rows = [(step.name, size_text(round(step.weight)), _rounds(step.rounds)) for step in path.steps]
    yield from table(rows, "<><")


def _timed(cost: Cost) -> Iterator[str]:
    timed = cost.timed
    if timed is None:
        return
    yield f"critical path, by the seconds of the run given: {timed.path.weight:.3f} s"
    yield from table([(step.name, f"{step.weight:.3f} s", _rounds(step.rounds)) for step in timed.path.steps], "<><")
    if timed.missing:
        yield f"  did not run in it, and count as nothing: {', '.join(timed.missing)}"


def _rounds(rounds: int) -> str:
    return "" if rounds == 1 else f"{rounds} rounds"


# --- other ways ---


def _ways(cost: Cost) -> Iterator[str]:
    yield "the same flow in other ways, estimated"
    rows = [("", "moved", "against this pod", "estimated time")]
    here = cost.ways[0].bytes
    for way in cost.ways:
        rows.append((way.name, amount_text(way.bytes), _against(way, here), _seconds(way, cost.rates)))
        rows += [(f"  {part.what}", amount_text(part.amount), "", _at(part, cost.rates)) for part in way.moved]
        rows += [(f"  {part.what}, {amount_text(part.amount)}", "", "", _at(part, cost.rates)) for part in way.in_place]
    yield from table(rows, "<>>>")


def _against(way: Way, here: Bytes) -> str:
    known = here.whole and way.bytes.whole and here.bytes
    return f"{way.bytes.bytes / here.bytes:.2f}" if known else ""


def _seconds(way: Way, rates: Mapping[str, Rate]) -> str:
    return _time(way.seconds(rates))


def _at(part: Part, rates: Mapping[str, Rate]) -> str:
    return _time(part.amount.bytes / rates[part.rate].bytes_per_second)


def _time(seconds: float) -> str:
    """An estimate in two digits or so: more would look like a measurement."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{float(f'{seconds / size:.2g}'):g} {unit}"
    return f"{float(f'{seconds * 1e6:.2g}'):g} µs"


def _rates(cost: Cost) -> Iterator[str]:
    yield "rates assumed (--rate NAME=SIZE changes one)"
    rows = [
        (name, f"{rate.bytes_per_second / 1e9:g} GB/s", rate.means, rate.source) for name, rate in cost.rates.items()
    ]
    yield from table(rows, "<><<")
    if any(rate.source != GIVEN for rate in cost.rates.values()):
        yield f"  {SETTING}"


def _assumptions(cost: Cost) -> Iterator[str]:
    yield "assumptions"
    for line in cost.assumptions:
        yield f"  - {line}"


def _size(count: int | None) -> str:
    return "?" if count is None else size_text(count)


def amount_text(amount: Bytes) -> str:
    """A sum of upper bounds, and whether that is all."""
    return size_text(amount.bytes) + ("" if amount.whole else " and more")
