"""A cost as JSON: bytes, thousandths of cores and seconds as numbers; null where only the data knows."""

from __future__ import annotations

import json

from podpipec.costing.critical import Path
from podpipec.costing.edges import Edge
from podpipec.costing.rates import SETTING
from podpipec.costing.report import Cost
from podpipec.costing.requests import Requests
from podpipec.costing.swaps import Turn
from podpipec.costing.traffic import Bytes, Part, Way

Json = dict[str, object]


def render(cost: Cost) -> str:
    """One object, the same bytes for the same program."""
    return json.dumps(cost_json(cost), indent=2, ensure_ascii=False) + "\n"


def cost_json(cost: Cost) -> Json:
    """A cost."""
    asked = cost.requests
    found: Json = {
        "flow": cost.flow,
        "pod": cost.pod,
        "edges": [edge_json(edge) for edge in cost.edges],
        "slots": [[_turn(turn) for turn in slot] for slot in cost.slots],
        "swaps": cost.swaps,
        "peaks": [peak._asdict() for peak in cost.peaks],
        "requests": {
            "slots": {**_requests(asked.slots), "memory_with_scratch": asked.slots_with_scratch},
            "one_container_per_call": _requests(asked.calls),
        },
        "critical_path": {"unit": "bytes", **path_json(cost.path)},
    }
    if cost.timed is not None:
        found["critical_path_of_run"] = {"unit": "s", **path_json(cost.timed.path), "not_run": list(cost.timed.missing)}
    found["ways"] = [_way(way, cost) for way in cost.ways]
    found["rates"] = {name: rate._asdict() for name, rate in cost.rates.items()}
    found["rates_measured"] = SETTING
    found["assumptions"] = list(cost.assumptions)
    return found


def edge_json(edge: Edge) -> Json:
    """A value on its way."""
    return {
        "from": edge.source._asdict(),
        "to": edge.target._asdict(),
        "value": edge.value,
        "kind": edge.kind,
        "place": edge.place,
        "bytes": edge.one,
        "times": edge.times,
        "total": edge.total,
    }


def _turn(turn: Turn) -> Json:
    return {"call": turn.call, "image": turn.image, "swapped_from": turn.before}


def _requests(requests: Requests) -> Json:
    return {"containers": requests.containers, "cpu": requests.cpu, "memory": requests.memory}


def path_json(path: Path) -> Json:
    """A critical path."""
    steps = [step._asdict() for step in path.steps]
    return {"weight": path.weight, "whole": path.whole, "steps": steps}


def _way(way: Way, cost: Cost) -> Json:
    return {
        "name": way.name,
        "moved": _amount(way.bytes),
        "parts": [part_json(part, moved=True) for part in way.moved]
        + [part_json(part, moved=False) for part in way.in_place],
        "estimated_seconds": round(way.seconds(cost.rates), 6),
    }


def part_json(part: Part, moved: bool) -> Json:
    """Some of the bytes of a way."""
    return {"what": part.what, "moved": moved, "rate": part.rate, **_amount(part.amount)}


def _amount(amount: Bytes) -> Json:
    return {"bytes": amount.bytes, "whole": amount.whole}
