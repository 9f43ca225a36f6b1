"""Where values meet that should not, for the rules S1 and S2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from podpipec.graph.nodes import Call, Crossing, If
from podpipec.graph.origins import Atom, Atoms, Traced, atoms_of
from podpipec.graph.traversal import walk
from podpipec.source import Span
from podpipec.types.origin import FromHelper, Origin

#: A call, or a choice, where values meet that should not, and the first two arguments that differ, with their atoms.
Meeting = tuple[Call | Crossing | If, tuple[str, Atom], tuple[str, Atom]]


def meetings(traced: Traced, key: Callable[[Atom], object], units: bool = False) -> Iterator[Meeting]:
    """Every call where values meet that differ in a key; in units, with the values that their calls give.

    In `units` slices meet whether or not they meet in a stage there.
    """
    on_the_way: dict[str, Meeting] = {}  # what is handed on has met when all that it is of is known
    for looked_at, then in traced.looks:
        for meeting in _met(looked_at, then, key):
            on_the_way.setdefault(looked_at.id, meeting)
    known = traced.origins
    told: set[Origin] = set()
    for node, _ in walk(traced.graph.nodes):
        if isinstance(node, Call | If):
            heard = {one for one in node.args.values() if isinstance(one, FromHelper)}
            if heard & told:
                continue  # what met in a helper is told once
            for one, first, second in _met(node, known, key):
                told |= heard
                on_the_way.pop(node.id, None)
                yield one, first, second
        elif isinstance(node, Crossing) and node.unit is not None:
            apart = _meeting(node._replace(args=_slices(node)), known, key) if units else None
            if apart is not None:
                yield node, *apart
            else:
                yield from meetings(traced.units[node.id], key)
    yield from on_the_way.values()


def _met(node: Call | If, known: Mapping[Origin, Atoms], key: Callable[[Atom], object]) -> list[Meeting]:
    """What meets in a step, in each call of a fallback by itself; else in what any of them may have given."""
    tried: list[Call | If] = [node]
    if isinstance(node, Call) and node.otherwise:
        tried = [node._replace(stage=one.stage, args=one.args, spans=one.spans) for one in node.attempts]
    met: list[Meeting] = [(one, *meeting) for one in tried if (meeting := _meeting(one, known, key)) is not None]
    if isinstance(node, Call) and node.otherwise and not met:  # which of them gave the value, nobody knows
        either = node._replace(args=node.given, spans=_spans(node))
        meeting = _meeting(either, known, key)
        met = [] if meeting is None else [(either, *meeting)]
    return met


def _spans(call: Call) -> dict[str, Span]:
    """Where what any of its calls is given stands, by the names of `given`."""
    others = enumerate(call.otherwise, 2)
    return {**call.spans, **{f"{at} {name}": one for at, other in others for name, one in other.spans.items()}}


def _slices(crossing: Crossing) -> dict[str, Origin]:
    """The slices of snapshots among what a call gives."""
    slices = {parameter.name for parameter in crossing.flow.parameters if parameter.snapshot is not None}
    return {name: origin for name, origin in crossing.args.items() if name in slices}


def _meeting(
    call: Call | Crossing | If, known: Mapping[Origin, Atoms], key: Callable[[Atom], object]
) -> tuple[tuple[str, Atom], tuple[str, Atom]] | None:
    """Two arguments of a call whose atoms differ in a key that must be one (nothing: it does not matter).

    Where one argument differs in itself already, the meeting was earlier, and is told there; but
    in a helper nobody told it.
    """
    seen: dict[object, tuple[str, Atom]] = {}
    for name, origin in call.args.items():
        mine = {at: (name, atom) for atom in reversed(atoms_of(origin, known)) if (at := key(atom)) is not None}
        if len(mine) > 1 and not isinstance(origin, FromHelper):
            return None
        seen.update((value, pair) for value, pair in mine.items() if value not in seen)
    pairs = list(seen.values())
    return (pairs[0], pairs[1]) if len(pairs) > 1 else None
