"""How each kind of node looks. A new kind is one function here."""

from __future__ import annotations

from typing import Literal

from podpipec.graph.nodes import (
    Call,
    Close,
    Crossing,
    Cycle,
    Each,
    Execute,
    If,
    Keep,
    Move,
    Node,
    Open,
    Ordered,
    Pin,
    Walk,
)
from podpipec.graph.slots import image_of
from podpipec.types.declarations import Place
from podpipec_runtime.tuples import NamedTuple


class Portrait(NamedTuple):
    """What stands in a node's box, and the place whose colour it has."""

    title: str
    lines: tuple[str, ...]
    place: Place | None
    kind: Literal["call", "keep", "move", "pod"] = "call"
    swaps: bool = False


def portrait(node: Node, slots: tuple[int, ...], swapped: tuple[int, ...]) -> Portrait:
    """A node's portrait, given the slots that it may run in, and those that change their image for it."""
    match node:
        case Call():
            return _call(node, slots, swapped)
        case Keep():
            return Portrait(f"keep in {node.place}", ("checkpoint",), node.place, "keep")
        case Move():
            return Portrait(node.id, (f"move to {node.output.place}",), node.output.place, "move")
        case Execute():
            return Portrait(node.id, ("a flow written at run time",), None)
        case Pin():
            return Portrait(node.id, (f"pinned in {node.output.place}",), node.output.place, "keep")
        case Crossing(unit=unit) if unit is not None:
            return Portrait(node.id, (f"unit {unit.name}", f"in a pod of {unit.graph.pod.name.text}"), None, "pod")
        case Crossing():
            return Portrait(node.id, (f"flow {node.flow.declared.name.text}", "on another pod"), None, "pod")
        case Open():
            return Portrait(node.id, (f"helper {node.helper.name.text}", f"at localhost:{node.helper.port}"), None)
        case Close():
            return Portrait(f"end of {node.opened}", ("the helper ends",), None)
        case Each() | Walk() | Cycle() | Ordered():
            return Portrait(node.id, (), None)
        case If():
            return Portrait(node.id, ("if: one of two branches",), node.output.place if node.output else None)


def _call(node: Call, slots: tuple[int, ...], swapped: tuple[int, ...]) -> Portrait:
    names = " else ".join(one.stage.name.text for one in node.attempts)
    lines = [f"stage {names} · {_slots(slots)}"]
    if swapped:
        lines.append(f"⇄ {_slots(swapped)} to {image_of(node.stage)}")
    return Portrait(node.id, tuple(lines), None, swaps=bool(swapped))


def _slots(numbers: tuple[int, ...]) -> str:
    return f"slot{'' if len(numbers) == 1 else 's'} {', '.join(str(number) for number in sorted(numbers))}"
