"""The cost of a flow across pods, as text for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from podpipec.costing.across import AcrossCost
from podpipec.costing.json import Json, cost_json, edge_json, part_json, path_json
from podpipec.costing.table import table
from podpipec.costing.text import amount_text, edges_text, path_text, unit_text
from podpipec.types.units import size_text


def render(cost: AcrossCost) -> str:
    """The whole report."""
    parts = (_head(cost), edges_text(cost.edges), _traffic(cost), _volume(cost), _sets(cost), _paths(cost))
    units = (unit_text(name, unit) for name, unit in cost.units.items())
    sections = [*parts, *units, _assumptions()]
    return "\n".join(text for part in sections if (text := "".join(f"{line}\n" for line in part)))


def _head(cost: AcrossCost) -> Iterator[str]:
    pods = " and ".join(f"{one.pods} of {one.pod}" for one in cost.sets)
    yield f"{cost.flow} across {pods}: estimated from the bounds in the program, not measured"


def _traffic(cost: AcrossCost) -> Iterator[str]:
    yield "over the network, at most"
    rows = []
    for part in cost.traffic:
        seconds = part.amount.bytes / cost.rates[part.rate].bytes_per_second
        rows.append((part.what, amount_text(part.amount), f"{float(f'{seconds:.2g}'):g} s at one `{part.rate}` rate"))
    yield from table(rows, "<><")


def _volume(cost: AcrossCost) -> Iterator[str]:
    if cost.volume is not None:
        yield (
            f"on the volume that all pods share, at most {size_text(cost.volume.bytes)} of "
            f"{size_text(cost.volume.size)} at once"
        )


def _sets(cost: AcrossCost) -> Iterator[str]:
    rows = [("requests", "pods", "cores of each", "memory of each", "cores in all", "memory in all")]
    for one in cost.sets:
        cores, memory = one.cpu / 1000, one.memory
        together = (f"{cores * one.pods:g}", size_text(memory * one.pods))
        rows.append((one.pod, str(one.pods), f"{cores:g}", size_text(memory), *together))
    yield from table(rows, "<>>>>>", indent="")


def _paths(cost: AcrossCost) -> Iterator[str]:
    yield from path_text(cost.path)
    if cost.timed is not None:
        yield f"critical path, by the seconds of the run given: {cost.timed.weight:.3f} s"
        yield from table([(step.name, f"{step.weight:.3f} s") for step in cost.timed.steps], "<>")


def _assumptions() -> Iterator[str]:
    yield "assumptions"
    yield "  - bytes are upper bounds: the sizes that the program declares, not what a run has moved"
    yield "  - what crosses goes over the network twice: to where all can read it, and from there to each reader"
    yield "  - the quarterback of each pod is not counted in what it asks for"


def render_json(cost: AcrossCost) -> str:
    """One object, the same bytes for the same program."""
    found: Json = {
        "flow": cost.flow,
        "sets": [one._asdict() for one in cost.sets],
        "edges": [edge_json(edge) for edge in cost.edges],
        "traffic": [part_json(part, moved=True) for part in cost.traffic],
        "volume": None if cost.volume is None else cost.volume._asdict(),
        "critical_path": {"unit": "bytes", **path_json(cost.path)},
    }
    if cost.timed is not None:
        found["critical_path_of_run"] = {"unit": "s", **path_json(cost.timed)}
    found["units"] = {name: cost_json(unit) for name, unit in cost.units.items()}
    found["rates"] = {name: rate._asdict() for name, rate in cost.rates.items()}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
