"""The values of a run as the program says it: what they are derived from, how large they are, what lists hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from podpipec.syntax import tree


class Atom(NamedTuple):
    """One snapshot's part in a value: a window of a length, and its shard (nothing: none, or several joined)."""

    snapshot: str
    window: tuple[str, object] | None
    shard: str | None
    shards: tuple[str, ...]


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


def joined(items: Iterable[Thing], done: int, period: tuple[str, object]) -> Thing:
    """A list: where its elements are of several windows, the whole list is of the run's period."""
    made = _list(items, done)
    windows: dict[tuple[str, str], set[object]] = {}
    for thing in made.items or ():
        for atom in thing.atoms:
            if atom.window is not None:
                windows.setdefault((atom.snapshot, atom.window[0]), set()).add(atom.window[1])
    atoms = frozenset(
        atom._replace(window=period)
        if atom.window is not None and len(windows[atom.snapshot, atom.window[0]]) > 1
        else atom
        for atom in made.atoms
    )
    return made._replace(atoms=atoms)


def _list(items: Iterable[Thing], done: int) -> Thing:
    """A list: where its elements have several shards of a snapshot, they are joined in it."""
    things = tuple(items)
    leaves = tuple(dict.fromkeys(leaf for thing in things for leaf in thing.leaves))
    sizes = [thing.bytes for thing in things]
    known = [size for size in sizes if size is not None]
    total = sum(known, Fraction(0)) if len(known) == len(sizes) else None
    chosen: dict[tuple[str, tuple[str, ...]], set[str | None]] = {}
    for thing in things:
        for atom in thing.atoms:
            chosen.setdefault((atom.snapshot, atom.shards), set()).add(atom.shard)
    atoms = frozenset(
        atom._replace(shard=None) if len(chosen[atom.snapshot, atom.shards]) > 1 else atom
        for thing in things
        for atom in thing.atoms
    )
    return Thing(leaves, total, done, atoms, things, step=done, share=all(thing.share for thing in things))
