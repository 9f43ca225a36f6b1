"""Brings a slice to its place: copied once, hashed on the way, sealed; known again by how it looks."""

from __future__ import annotations

import os
import stat
import time
from hashlib import sha256

from podpipec_runtime.interpreter.values import Loc, Stored
from podpipec_runtime.journal.journal import Journal
from podpipec_runtime.snapshots.bind import Slice, Unbound, too_large
from podpipec_runtime.store.store import Store
from podpipec_runtime.store.tree import NotContent, folder_stored, hash_open, open_content, read_folder, walk

#: A file changed less than this before it was read may change again without its time showing it: the
#: system's clock for files ticks at 100 to 1,000 times a second.
_TICK_NS = 20_000_000


def known(slice_: Slice, journal: Journal) -> Stored | None:
    """The slice's content, if it was read before and is unchanged."""
    return journal.slice(os.path.abspath(slice_.path), _depth(slice_), _look(slice_)[0])


def look(slice_: Slice) -> Stored:
    """The content of a slice, read and not copied. Raises Unbound."""
    try:
        if os.path.isdir(slice_.path):
            return folder_stored("", read_folder(slice_.path), _depth(slice_))
        fd = open_content(os.path.realpath(slice_.path))
        try:
            return Stored("", *hash_open(fd))
        finally:
            os.close(fd)
    except NotContent as error:
        raise Unbound(f"{slice_.told} can't be taken as it is: {error}", "data") from None


def pull(slice_: Slice, store: Store, journal: Journal, owner: str) -> Stored:
    """Copies a slice to its place. Raises Unbound if it is too large, changes meanwhile, or is no content."""
    before, latest = _look(slice_)
    try:
        if os.path.isdir(slice_.path):
            stored = store.put_folder(slice_.path, _depth(slice_))
        else:
            stored = store.put_file(os.path.realpath(slice_.path))
    except NotContent as error:
        raise Unbound(f"{slice_.told} can't be taken as it is: {error}", "data") from None
    except FileNotFoundError:
        raise Unbound(f"{slice_.told} disappeared while it was read: {slice_.path}", "data") from None
    if _look(slice_)[0] != before:
        store.discard(stored.hash)
        raise Unbound(f"{slice_.told} changed while it was read: {slice_.path}", "data")
    if stored.bytes > slice_.input.bytes:
        store.discard(stored.hash)
        raise Unbound(too_large(slice_, stored.bytes), "data")
    journal.add_object(Loc(store.place, stored.hash), stored.bytes, owner)
    if time.time_ns() - latest > _TICK_NS:
        journal.add_slice(os.path.abspath(slice_.path), _depth(slice_), before, stored)
    return stored


def _depth(slice_: Slice) -> int:
    return slice_.input.content.count("[]")


def _look(slice_: Slice) -> tuple[str, int]:
    """What changes when a file does (names, sizes, times of change, file numbers), and the latest time."""
    try:
        info = os.stat(slice_.path)
        files = walk(slice_.path) if stat.S_ISDIR(info.st_mode) else [(b"", info)]
    except NotContent as error:
        raise Unbound(f"{slice_.told} can't be taken as it is: {error}", "data") from None
    except OSError as error:
        raise Unbound(f"{slice_.told} can't be read: {slice_.path}: {error.strerror}", "data") from None
    digest = sha256()
    for name, each in files:
        digest.update(b"%b\0%d,%d,%d\0" % (name, each.st_size, each.st_mtime_ns, each.st_ino))
    return digest.hexdigest(), max((each.st_mtime_ns for _, each in files), default=0)
