"""Which slices of which snapshots each value was derived from: its origin.

An origin is a set of atoms, one for each snapshot that went in. A fan in joins the shards of a snapshot; until then a
value belongs to one shard, and which one is told apart by what chose it: the start of the run, or an `each`'s element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from podpipec.graph.nodes import Call, Crossing, Each, Graph, Move, Node, Pin, inside, walk
from podpipec.source import Span
from podpipec.types.typed import FromInput, FromItem, FromShards, FromStep, Origin

#: All shards, joined by a fan in; and the shard that a run was started for.
ALL, RUN = "all shards", "the shard of this run"


class Atom(NamedTuple):
    """One snapshot's part in a value: of which window length, and of which shard (nothing: it has none).

    What is `pinned` is a snapshot of its own, called as what was recorded.
    """

    snapshot: str
    window: Fraction | None
    shard: str | None
    shards: tuple[str, ...]
    span: Span  # where the snapshot enters the flow
    pinned: bool = False

    @property
    def chosen(self) -> tuple[str | None, tuple[str, ...]]:
        """What two values of one shard agree in: what chose the shard, and among which."""
        return self.shard, self.shards

    def written(self) -> str:
        """The way a person writes it: `ticks@w/s`."""
        if self.pinned:
            return f"pinned {self.snapshot.rpartition('/')[2]}"
        window = "@w" if self.window is not None else ""
        shard = {None: "", ALL: "/*", RUN: "/shard"}.get(self.shard, f"/{self.shard}")
        return f"{self.snapshot}{window}{shard}"


Atoms = tuple[Atom, ...]


def origins(graph: Graph, started: Mapping[str, Atoms] = MappingProxyType({})) -> Mapping[Origin, Atoms]:
    """The origin of every value of a graph. A unit is `started` with values, and slices, that have one already."""
    found: dict[Origin, Atoms] = {FromInput(name): atoms for name, atoms in started.items()}
    for entry in graph.entries:
        if entry.name in started:
            found[FromShards(entry.name)] = tuple(
                atom._replace(shard=ALL) if atom.shards else atom for atom in started[entry.name]
            )
            continue
        snapshot = entry.snapshot
        shard = RUN if snapshot.shards else None
        atom = Atom(snapshot.name.text, snapshot.window, shard, snapshot.shards, entry.span)
        found[FromInput(entry.name)] = (atom,)
        found[FromShards(entry.name)] = (atom._replace(shard=ALL),)
    _nodes(graph.nodes, found, {origin: datum.name for origin, datum in graph.data.items()})
    return found


def _nodes(nodes: Sequence[Node], found: dict[Origin, Atoms], names: Mapping[Origin, str]) -> None:
    for node in nodes:
        match node:
            case Call(args=args, stage=stage):
                atoms = _joined(_of(origin, found) for origin in args.values())
                found.update((FromStep(node.id, port.name), atoms) for port in stage.outputs)
            case Crossing(unit=unit) if unit is not None:
                inner = origins(unit.graph, given_atoms(node, found))
                for output, (origin, _) in unit.graph.results.items():
                    found[FromStep(node.id, output)] = inner.get(origin, ())
            case Crossing(args=args, results=results):
                atoms = _joined(_of(origin, found) for origin in args.values())
                found.update((datum.origin, atoms) for datum in results)
            case Move(value=value, output=output):
                found[output.origin] = found.get(value, ())
            case Pin(value=value, output=output):
                pinned = Atom(names.get(value, output.name), None, None, (), output.span, pinned=True)
                found[output.origin] = _joined((found.get(value, ()), (pinned,)))
            case Each(id=id_, over=over, body=body, result=result):
                atoms = found.get(over, ())
                found[FromItem(id_)] = tuple(_element(atom, id_) for atom in atoms)
                _nodes(body, found, names)
                collected = found.get(result, ())
                found[FromStep(id_, "")] = tuple(
                    atom._replace(shard=ALL) if atom.shard == id_ else atom for atom in collected
                )


def given_atoms(crossing: Crossing, found: Mapping[Origin, Atoms]) -> dict[str, Atoms]:
    """What a call gives, by the parameters of what is called."""
    return {name: _of(origin, found) for name, origin in crossing.args.items()}


def _of(origin: Origin, found: Mapping[Origin, Atoms]) -> Atoms:
    """The atoms of what a step is given; a text's are those of the scalars in it."""
    return _joined((found.get(origin, ()), *(found.get(part, ()) for part in inside(origin))))


def _element(atom: Atom, each: str) -> Atom:
    """What going over a list chooses: one shard, where the list holds the shards."""
    return atom._replace(shard=each) if atom.shard == ALL else atom


def _joined(origins_: Iterable[Atoms]) -> Atoms:
    return tuple(dict.fromkeys(atom for atoms in origins_ for atom in atoms))


#: A call where values meet that should not, and the first two arguments that differ, with their atoms.
Meeting = tuple[Call | Crossing, tuple[str, Atom], tuple[str, Atom]]


def meetings(
    graph: Graph,
    key: Callable[[Atom], object],
    started: Mapping[str, Atoms] = MappingProxyType({}),
    units: bool = False,
) -> Iterator[Meeting]:
    """Every call where values meet that differ in a key; in units, with the values that their calls give.

    In `units` slices meet whether or not they meet in a stage there.
    """
    known = origins(graph, started)
    for node, _ in walk(graph.nodes):
        if isinstance(node, Call):
            meeting = _meeting(node, known, key)
            if meeting is not None:
                yield node, *meeting
        elif isinstance(node, Crossing) and node.unit is not None:
            meeting = _meeting(node._replace(args=_slices(node)), known, key) if units else None
            if meeting is not None:
                yield node, *meeting
            else:
                yield from meetings(node.unit.graph, key, given_atoms(node, known))


def _slices(crossing: Crossing) -> dict[str, Origin]:
    """The slices of snapshots among what a call gives."""
    slices = {parameter.name for parameter in crossing.flow.parameters if parameter.snapshot is not None}
    return {name: origin for name, origin in crossing.args.items() if name in slices}


def _meeting(
    call: Call | Crossing, known: Mapping[Origin, Atoms], key: Callable[[Atom], object]
) -> tuple[tuple[str, Atom], tuple[str, Atom]] | None:
    """Two arguments of a call whose atoms differ in a key that must be one (nothing: it does not matter).

    Where one argument differs in itself already, the meeting was earlier, and is told there.
    """
    seen: dict[object, tuple[str, Atom]] = {}
    for name, origin in call.args.items():
        mine = {key(atom): (name, atom) for atom in reversed(_of(origin, known)) if key(atom) is not None}
        if len(mine) > 1:
            return None
        seen.update((value, pair) for value, pair in mine.items() if value not in seen)
    pairs = list(seen.values())
    return (pairs[0], pairs[1]) if len(pairs) > 1 else None
