"""Which slices of which snapshots each value was derived from: its origin.

An origin is a set of atoms, one for each slice that went in. A fan in joins the shards of a snapshot, or its windows;
until then a value belongs to one shard of one window, and which one is told apart by what chose it: the start of the
run, an offset from it, or an `each`'s element.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from podpipec.graph.nodes import (
    Call,
    Crossing,
    Cycle,
    Each,
    Execute,
    Graph,
    If,
    Move,
    Node,
    Open,
    Ordered,
    Pin,
    Unit,
    Walk,
)
from podpipec.graph.speakers import speakers
from podpipec.graph.values import Entry
from podpipec.source import Span
from podpipec.types.origin import (
    FromCarry,
    FromChildren,
    FromHelper,
    FromInput,
    FromItem,
    FromNeeds,
    FromParent,
    FromShards,
    FromStep,
    FromWindows,
    Origin,
    inside,
)
from podpipec.types.time import Clock
from podpipec_runtime.tuples import NamedTuple

#: All shards, joined by a fan in; and the shard that a run was started for.
ALL, RUN = "all shards", "the shard of this run"

#: Of windows before the one that an element of a cycle is at: what comes by a carry, the one way to look back.
CARRIED = "carried on"

#: A list whose elements are each of a window of their own; what a stage made of such a list, which is of the period.
MANY, JOINED = "each of a window of its own", "joined over windows"


class Windows(NamedTuple):
    """The windows of one snapshot that a value is of.

    `reach` is between which offsets from the run's window they lie; all that start in the run's period where it is
    nothing. `chosen` tells which of them: MANY, JOINED, or the `each` at whose element the value is; nothing if there
    is one.
    """

    clock: Clock
    reach: tuple[int, int] | None = (0, 0)
    chosen: str | None = None

    def shifted(self, reach: tuple[int, int] | None) -> Windows:
        """The windows between two offsets from this one, or all of the period."""
        if reach is None or self.reach is None:
            return self._replace(reach=None)
        return self._replace(reach=(self.reach[0] + reach[0], self.reach[1] + reach[1]))

    def written(self) -> str:
        """The way a person writes it: `w`, `w-1`, `w-3..w`; `[h]` for the window that the element `h` is of."""
        if self.chosen not in (None, MANY, JOINED, CARRIED):
            return f"[{self.chosen}]"
        if self.reach is None:
            return "w.windows"
        first, last = (f"w{offset}" if offset else "w" for offset in self.reach)
        return first if self.reach[0] == self.reach[1] else f"{first}..{last}"


class Atom(NamedTuple):
    """One snapshot's part in a value: of which windows, and of which shard (nothing: it has none).

    What is `pinned` is a snapshot of its own, called as what was recorded.
    """

    snapshot: str
    parameter: str  # of the flow that is started
    windows: Windows | None
    shard: str | None
    shards: tuple[str, ...]
    span: Span  # where the slice enters the flow
    pinned: bool = False

    @property
    def chosen(self) -> tuple[str | None, tuple[str, ...]]:
        """What two values of one shard agree in: what chose the shard, and among which."""
        return self.shard, self.shards

    def written(self) -> str:
        """The way a person writes it: `ticks@w/s`."""
        if self.pinned:
            return f"pinned {self.snapshot.rpartition('/')[2]}"
        window = f"@{self.windows.written()}" if self.windows is not None else ""
        shard = {None: "", ALL: "/*", RUN: "/shard"}.get(self.shard, f"/{self.shard}")
        return f"{self.snapshot}{window}{shard}"


Atoms = tuple[Atom, ...]


class Traced(NamedTuple):
    """The origin of every value of a graph; if it is a unit's, of what its parameters were `given` had one already.

    What a loop hands on becomes known while its body is looked at again: `looks` are at the steps in there, each time
    with what they read as it was known then. `units` are what the graph's calls of units come to, by the call's step.
    """

    graph: Graph
    given: Mapping[str, Atoms]
    origins: Mapping[Origin, Atoms]
    looks: Sequence[tuple[Call | If, Mapping[Origin, Atoms]]]
    units: Mapping[str, Traced]


def traced(graph: Graph, given: Mapping[str, Atoms] = MappingProxyType({})) -> Traced:
    """The origin of every value. A unit is `given` values, and slices, that have one already."""
    found: dict[Origin, Atoms] = {FromInput(name): atoms for name, atoms in given.items()}
    for entry in graph.entries:
        whole = found.setdefault(FromInput(entry.parameter), (_whole(entry),))
        found[entry.origin] = tuple(_read(atom, entry) for atom in whole)
    about = _About({origin: datum.name for origin, datum in graph.data.items()}, speakers(graph), [], {})
    known = -1
    while known != sum(map(len, found.values())):  # what a helper was told is known after a first look at its scope
        known = sum(map(len, found.values()))
        _nodes(graph.nodes, found, about)
    return Traced(graph, given, found, about.looks, about.units)


class _About(NamedTuple):
    """The names of values; for each `with` the calls that speak to its helper; looks and units as in `Traced`; and
    around a body the loops, and whether any of these hands on what comes of its elements."""

    names: Mapping[Origin, str]
    talks: Mapping[str, tuple[Call, ...]]
    looks: list[tuple[Call | If, Mapping[Origin, Atoms]]]
    units: dict[str, Traced]
    around: frozenset[str] = frozenset()
    hands_on: bool = False

    def inside(self, step: str, hands_on: bool) -> _About:
        """The same in the body of a loop."""
        return self._replace(around=self.around | {step}, hands_on=self.hands_on or hands_on)


def _whole(entry: Entry) -> Atom:
    """A snapshot as a run is given it: of its own window, of one shard."""
    snapshot, clock = entry.snapshot, entry.snapshot.clock
    shard = RUN if snapshot.shards else None
    windows = clock and Windows(clock)
    return Atom(snapshot.name.text, entry.parameter, windows, shard, snapshot.shards, entry.span)


def _read(atom: Atom, entry: Entry) -> Atom:
    """What an entry reads of it: other windows, or all shards."""
    windows, span = atom.windows, atom.span
    match entry.origin:
        case FromInput(offset=offset) | FromShards(offset=offset):
            windows = windows and windows.shifted((offset, offset))
            span = entry.read if entry.read and offset else span
        case FromWindows(reach=reach):
            windows = windows and windows.shifted(reach)._replace(chosen=MANY)
            span = entry.read or span
    shard = ALL if atom.shards and isinstance(entry.origin, FromShards) else atom.shard
    return atom._replace(windows=windows, shard=shard, span=span)


def _nodes(nodes: Sequence[Node], found: dict[Origin, Atoms], about: _About) -> None:
    for node in nodes:
        if about.hands_on and isinstance(node, Call | If):
            about.looks.append((node, {one: atoms_of(one, found) for one in read_by(node).values()}))
        match node:
            case Call(stage=stage):
                atoms = made_of(atoms_of(origin, found) for origin in node.given.values())
                found.update((FromStep(node.id, port.name), atoms) for port in stage.outputs)
            case Crossing(unit=unit) if unit is not None:
                inner = _unit(node.id, unit, given_atoms(node, found), about)
                for output, (origin, _) in unit.graph.results.items():
                    found[FromStep(node.id, output)] = inner.origins.get(origin, ())
            case Crossing(args=args, results=results):
                atoms = made_of(atoms_of(origin, found) for origin in args.values())
                found.update((datum.origin, atoms) for datum in results)
            case Open(id=id_, args=args):
                told = (origin for one in about.talks.get(id_, ()) for origin in one.args.values())
                heard = [atoms_of(origin, found) for origin in (*args.values(), *told)]
                found[FromHelper(id_)] = _told(heard, about.around)
            case Execute(args=args, output=output):
                found[output.origin] = made_of(atoms_of(origin, found) for origin in args.values())
            case Move(value=value, output=output):
                found[output.origin] = found.get(value, ())
            case Pin(value=value, output=output):
                pinned = Atom(about.names.get(value, output.name), "", None, None, (), output.span, pinned=True)
                found[output.origin] = _joined((found.get(value, ()), (pinned,)))
            case If(id=id_):
                found[FromStep(id_, "")] = _joined(atoms_of(origin, found) for origin in node.args.values())
            case Each(id=id_, over=over, body=body, result=result):
                atoms = found.get(over, ())
                found[FromItem(id_)] = tuple(element(atom, id_) for atom in atoms) if node.single else atoms
                inside_ = about.inside(id_, node.by > 0)
                if node.by:
                    _folded(node, found, inside_)
                else:
                    _nodes(body, found, inside_)
                    found[FromStep(id_, "")] = tuple(collected(atom, id_) for atom in found.get(result, ()))
            case Walk():
                _walk(node, found, about)
            case Cycle():
                _cycle(node, found, about)
            case Ordered():
                _ordered(node, found, about)


def _unit(step: str, unit: Unit, given: Mapping[str, Atoms], about: _About) -> Traced:
    """What a call of a unit comes to, which is looked at again only if it is given anything else."""
    known = about.units.get(step)
    if known is None or known.given != given:
        known = about.units[step] = traced(unit.graph, given)
    return known


def _folded(fold: Each, found: dict[Origin, Atoms], about: _About) -> None:
    """A group holds elements, and what groups came to; both are joined by the fan in. `traced` looks again and again,
    until it is known what that is."""
    atoms = made_of((found.get(fold.over, ()), found.get(fold.result, ())))
    found[FromItem(fold.id)] = found[FromStep(fold.id, "")] = atoms
    _nodes(fold.body, found, about)


def _cycle(cycle: Cycle, found: dict[Origin, Atoms], about: _About) -> None:
    """What is carried on is of all that it was made from, and so is what the cycle comes to. `traced` looks again and
    again, until it is known what that is."""
    found[FromItem(cycle.id)] = tuple(element(atom, cycle.id) for atom in found.get(cycle.over, ()))
    for one in cycle.carries:
        made = _joined((found.get(one.start, ()), found.get(one.value, ())))
        found[FromCarry(cycle.id, one.name)] = _carried(made, cycle.id, CARRIED)
    _nodes(cycle.body, found, about.inside(cycle.id, True))
    for one in cycle.carries:
        made = _joined((found.get(one.start, ()), found.get(one.value, ())))
        found[FromStep(cycle.id, one.name)] = _carried(made, cycle.id, JOINED)


def _carried(atoms: Atoms, cycle: str, chosen: str) -> Atoms:
    """What a carry makes of where a value is from: it joins windows and shards, but for those of loops around it."""
    found = []
    for atom in atoms:
        windows = atom.windows
        if windows is not None and windows.chosen in (None, MANY, JOINED, CARRIED, cycle):
            atom = atom._replace(windows=windows._replace(chosen=chosen))
        found.append(atom._replace(shard=ALL) if atom.shard == cycle else atom)
    return tuple(dict.fromkeys(found))


def _walk(walk: Walk, found: dict[Origin, Atoms], about: _About) -> None:
    """A node is of what its tree is of. What comes down is of all that it was made from on its way, and so is what
    comes up: the body is looked at until that is known.
    """
    handed: dict[Origin, Atoms] = {FromItem(walk.id): found.get(walk.over, ())}
    for down in walk.downs:
        handed[FromParent(walk.id, down.name)] = found.get(down.start, ())
    while any(found.get(origin) != atoms for origin, atoms in handed.items()):
        found.update(handed)
        _nodes(walk.body, found, about.inside(walk.id, True))
        for down in walk.downs:
            own = FromParent(walk.id, down.name)
            handed[own] = _joined((handed[own], found.get(down.value, ())))
        for up in walk.ups:
            children = FromChildren(walk.id, up.name)
            handed[children] = _joined((handed.get(children, ()), found.get(up.value, ())))
            found[FromStep(walk.id, up.name)] = handed[children]


def _ordered(node: Ordered, found: dict[Origin, Atoms], about: _About) -> None:
    """A node is of what its graph is of, and what came of those before it of all that they were made from."""
    handed: dict[Origin, Atoms] = {FromItem(node.id): found.get(node.over, ()), FromNeeds(node.id): ()}
    while any(found.get(origin) != atoms for origin, atoms in handed.items()):
        found.update(handed)
        _nodes(node.body, found, about.inside(node.id, True))
        handed[FromNeeds(node.id)] = _joined((handed[FromNeeds(node.id)], found.get(node.result, ())))
    found[FromStep(node.id, "")] = handed[FromNeeds(node.id)]


def read_by(node: Call | If) -> Mapping[str, Origin]:
    """What a step, or any call of a fallback, is given by its names."""
    return node.given if isinstance(node, Call) else node.args


def given_atoms(crossing: Crossing, found: Mapping[Origin, Atoms]) -> dict[str, Atoms]:
    """What a call gives, by the parameters of what is called; a slice as that of the run's window, which a unit's
    entries are told from."""
    return {name: _at_run(origin, atoms_of(origin, found)) for name, origin in crossing.args.items()}


def _at_run(origin: Origin, atoms: Atoms) -> Atoms:
    if not isinstance(origin, FromInput) or not origin.offset:
        return atoms
    back = (-origin.offset, -origin.offset)
    return tuple(atom._replace(windows=atom.windows and atom.windows.shifted(back)) for atom in atoms)


def atoms_of(origin: Origin, found: Mapping[Origin, Atoms]) -> Atoms:
    """The atoms of what a step is given; a text's are those of the scalars in it, those of a slice that is handed on
    and not read follow from the run's own."""
    if isinstance(origin, FromInput) and origin not in found:
        return tuple(_before(atom, origin.offset) for atom in found.get(FromInput(origin.name), ()))
    return _joined((found.get(origin, ()), *(found.get(part, ()) for part in inside(origin))))


def _before(atom: Atom, offset: int) -> Atom:
    return atom._replace(windows=atom.windows and atom.windows.shifted((offset, offset)))


def element(atom: Atom, step: str) -> Atom:
    """What going over a list chooses: one shard, where the list holds shards; one window, where it holds windows."""
    return _chosen(atom, (MANY, step), (ALL, step))


def collected(atom: Atom, step: str) -> Atom:
    """What a list is of whose elements were made at the elements that a step goes over."""
    return _chosen(atom, (step, MANY), (step, ALL))


def _chosen(atom: Atom, window: tuple[str, str], shard: tuple[str, str]) -> Atom:
    """The atom with what chose its window, and its shard, put in place of what did before, where it was that."""
    if atom.windows is not None and atom.windows.chosen == window[0]:
        atom = atom._replace(windows=atom.windows._replace(chosen=window[1]))
    return atom._replace(shard=shard[1]) if atom.shard == shard[0] else atom


def joined(atom: Atom, step: str | None = None) -> Atom:
    """What a stage makes of a list of windows is of the period; what a step carried on is of all that it went over."""
    windows = atom.windows
    if windows is not None and windows.chosen in (MANY, step) and windows.chosen is not None:
        atom = atom._replace(windows=windows._replace(chosen=JOINED))
    return atom._replace(shard=ALL) if step is not None and atom.shard == step else atom


def _told(origins_: Iterable[Atoms], around: frozenset[str]) -> Atoms:
    """What a helper was told by the elements of a fan out is joined in it; of one `around` its `with` it knows one."""
    return tuple(dict.fromkeys(_from_all(atom, around) for atom in _joined(origins_)))


def _from_all(atom: Atom, around: frozenset[str]) -> Atom:
    if atom.shard not in (None, ALL, RUN) and atom.shard not in around:
        atom = atom._replace(shard=ALL)
    chosen = atom.windows.chosen if atom.windows else None
    return joined(atom, chosen) if chosen is not None and chosen not in around else atom


def _joined(origins_: Iterable[Atoms]) -> Atoms:
    return tuple(dict.fromkeys(atom for atoms in origins_ for atom in atoms))


def made_of(origins_: Iterable[Atoms]) -> Atoms:
    """The origin of what a stage makes: all that it was given, joined."""
    return tuple(dict.fromkeys(joined(atom) for atom in _joined(origins_)))
