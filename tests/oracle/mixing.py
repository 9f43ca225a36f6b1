"""Which slices a value of a plan was derived from, and what of that may not meet in one stage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from podpipec_runtime.plan import types as plan

#: A clock (the seconds of its windows, its calendar), and which of its windows, from that of the run.
Window = tuple[tuple[int, str], int]


class Atom(NamedTuple):
    """One snapshot's part in a value. No shard, or window: it has none, or several of them are joined."""

    snapshot: str
    window: Window | None
    shard: str | None
    shards: tuple[str, ...]


Atoms = frozenset[Atom]
NONE: Atoms = frozenset()


def slice_of(given: plan.Input, at: int, shard: str | None) -> Atoms:
    """What a slice is derived from: itself."""
    window = None if given.window is None else ((given.window, given.calendar), at)
    return frozenset({Atom(given.snapshot, window, shard, given.shards)})


def united(values: Iterable[Atoms]) -> Atoms:
    """What is derived from all of these."""
    return NONE.union(*values)


def collected(values: Iterable[Atoms], period: plan.Period | None) -> Atoms:
    """A list: several shards of a snapshot are joined in it, and several windows of a clock are one period."""
    atoms = united(values)
    shards: dict[tuple[str, tuple[str, ...]], set[str | None]] = {}
    windows: dict[str, set[Window]] = {}
    for atom in atoms:
        shards.setdefault((atom.snapshot, atom.shards), set()).add(atom.shard)
        if atom.window is not None:
            windows.setdefault(atom.snapshot, set()).add(atom.window)
    whole: Window | None = None if period is None else ((period.window, period.calendar), 0)
    found = set()
    for atom in atoms:
        shard = atom.shard if len(shards[atom.snapshot, atom.shards]) == 1 else None
        several = atom.window is not None and len(windows[atom.snapshot]) > 1
        found.add(atom._replace(shard=shard, window=whole if several else atom.window))
    return frozenset(found)


def free(atoms: Atoms) -> Atoms:
    """What may meet all others, as what a carry brings: it is the one look back."""
    return frozenset(atom._replace(shard=None, window=None) for atom in atoms)


def joined(atoms: Atoms, over: Atoms) -> Atoms:
    """What comes of elements one after the other: of what the elements are derived from, all is one."""
    names = {atom.snapshot for atom in over}
    return over | frozenset(
        atom._replace(shard=None, window=None) if atom.snapshot in names else atom for atom in atoms
    )


def mixed(atoms: Atoms) -> str | None:
    """What of several windows, or shards, meets where these do; nothing if it is one of each."""
    if len({atom.window for atom in atoms if atom.window is not None}) > 1:
        return "values of two windows"
    if len({(atom.shard, atom.shards) for atom in atoms if atom.shard is not None}) > 1:
        return "values of two shards"
    return None
