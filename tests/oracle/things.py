"""The values of a run as the program says it: what they are derived from, how large they are, what lists hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from podpipec.syntax import tree


class Atom(NamedTuple):
    """One snapshot's part in a value: a window of a length, and its shard (nothing: none, or several joined).

    `window_by` and `shard_by` are the loops whose elements they are of, if they are not the run's.
    """

    snapshot: str
    window: tuple[str, object] | None
    shard: str | None
    shards: tuple[str, ...]
    window_by: int = -1
    shard_by: int = -1


#: The window of what comes by a carry: it may be any.
CARRIED: tuple[str, object] = ("carried", 0)


class Thing(NamedTuple):
    """A value: its leaves, its bytes, the tasks after which it is there, and what it was derived from."""

    leaves: tuple[int, ...] = ()
    bytes: Fraction | None = None  # nothing: it has no bound
    there: int = 0
    atoms: frozenset[Atom] = frozenset()
    items: tuple[Thing, ...] | None = None
    fields: Mapping[str, Thing] | None = None
    step: int = 0  # the tasks that `after` waits for
    file: bool = True
    many: bool = False  # a list of which only the data knows the length
    share: bool = False  # its bound is in proportion to the element of every such list around
    parameter: str = ""  # of a slice as it came: what the flow calls it
    number: int = 0  # of a whole number that is known
    block: int = -1  # what a loop or a choice came to, and not what that is made of
    text: str = ""  # of an element that has a name: what a text shows
    only: int = -1  # of a folder that a stage made: which element of it
    seen: bool = False  # others may read it, whatever is done with it
    shaky: int | None = None  # unstable: how many blocks stand around what made it so
    of_shards: bool = False  # made of what belongs to several shards, one after the other


SCALAR = Thing(bytes=Fraction(0), file=False)


def unshared(value: Thing | tree.Stage | tree.Flow) -> Thing | tree.Stage | tree.Flow:
    """What comes from outside is not shared among the elements of a list."""
    if not isinstance(value, Thing):
        return value
    items = None if value.items is None else tuple(_part(item) for item in value.items)
    fields = None if value.fields is None else {name: _part(field) for name, field in value.fields.items()}
    return value._replace(share=False, items=items, fields=fields)


def _part(thing: Thing) -> Thing:
    outer = unshared(thing)
    assert isinstance(outer, Thing)
    return outer


def shakiest(things: Iterable[Thing | None], *own: int | None) -> int | None:
    """Of what is unstable, what is so for the most of all."""
    depths = [*own, *(thing.shaky for thing in things if thing is not None)]
    return min((depth for depth in depths if depth is not None), default=None)


def from_shards(over: Thing) -> bool:
    """Whether a list joins shards of a snapshot."""
    return any(atom.shard is None and atom.shards for atom in over.atoms)


def joined(items: Iterable[Thing], done: int, period: tuple[str, object]) -> Thing:
    """A list: where its elements are of several windows, the whole list is of the run's period."""
    made = list_of(items, done)
    windows: dict[str, set[object]] = {}
    for atom in (atom for thing in made.items or () for atom in thing.atoms):
        if atom.window not in (None, CARRIED):
            windows.setdefault(atom.snapshot, set()).add(atom.window)
    atoms = frozenset(
        atom._replace(window=period, window_by=-1)
        if atom.window not in (None, CARRIED) and len(windows[atom.snapshot]) > 1
        else atom
        for atom in made.atoms
    )
    return made._replace(atoms=atoms)


def list_of(items: Iterable[Thing], done: int) -> Thing:
    """A list: where its elements have several shards of a snapshot, they are joined in it."""
    things = tuple(items)
    leaves = tuple(dict.fromkeys(leaf for thing in things for leaf in thing.leaves))
    sizes = [thing.bytes for thing in things]
    known = [size for size in sizes if size is not None]
    total = sum(known, Fraction(0)) if len(known) == len(sizes) else None
    kinds: dict[tuple[str, tuple[str, ...]], set[str | None]] = {}
    for thing in things:
        for atom in thing.atoms:
            kinds.setdefault((atom.snapshot, atom.shards), set()).add(atom.shard)
    atoms = frozenset(
        atom._replace(shard=None, shard_by=-1) if len(kinds[atom.snapshot, atom.shards]) > 1 else atom
        for thing in things
        for atom in thing.atoms
    )
    files = all(thing.file for thing in things)
    share = all(thing.share for thing in things)
    return Thing(leaves, total, done, atoms, things, step=done, file=files, share=share, shaky=shakiest(things))


def chosen(items: Sequence[Thing], loop: int) -> tuple[Thing, ...]:
    """The elements of a list as a loop goes over them: it chooses the shard, or window, in which they differ."""
    windows: dict[str, set[object]] = {}
    shards: dict[tuple[str, tuple[str, ...]], set[object]] = {}
    for atom in (atom for item in items for atom in item.atoms):
        windows.setdefault(atom.snapshot, set()).add(atom.window)
        shards.setdefault((atom.snapshot, atom.shards), set()).add(atom.shard)

    def of_loop(atom: Atom) -> Atom:
        if len(windows[atom.snapshot]) > 1:
            atom = atom._replace(window_by=loop)
        return atom._replace(shard_by=loop) if len(shards[atom.snapshot, atom.shards]) > 1 else atom

    return tuple(item._replace(atoms=frozenset(map(of_loop, item.atoms))) for item in items)
