"""The store of one place.

    <root>/objects/<hash>    published values, read-only
    <root>/tmp/<attempt>/    what is being written; worth nothing after a crash

What a place promises (`Promise`): `ram` and `node` outlive the process and the pod, so nothing has to be
flushed; the rename alone makes a value whole for everybody on the machine. `volume` and `remote` outlive
the machine, so files and folders are flushed to the device before and after the rename.
"""

from __future__ import annotations

import contextlib
import os
import stat

from podpipec_runtime.interpreter.values import Stored
from podpipec_runtime.plan.types import PlaceName
from podpipec_runtime.store.copying import copy_file, link_file
from podpipec_runtime.store.tree import (
    FOLDER,
    SEALED_NS,
    Entry,
    NotContent,
    folder_hash,
    folder_stored,
    hash_open,
    open_content,
    read_folder,
    remove,
    walk,
)


class Damaged(Exception):  # noqa: N818 - it says what is the matter with an object
    """An object is not what its name says."""


class Store:
    """A place's objects. Raises OSError (e.g. ENOSPC) as the system gives it, with nothing published."""

    def __init__(self, place: PlaceName, root: str) -> None:
        self.place = place
        self.root = root
        self.objects = f"{root}/objects"
        self.tmp = f"{root}/tmp"  # noqa: S108 - a folder of ours
        self.flushes = place in ("volume", "remote")
        self._made = 0

    def open(self) -> None:
        """Makes the folders, private to the user, and removes what a dead run left unfinished."""
        for folder in (self.root, self.objects):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        remove(self.tmp)
        os.mkdir(self.tmp, 0o700)

    def path(self, object_hash: str, inner: str = "") -> str:
        """Where an object, or what is inside of it, can be read."""
        return f"{self.objects}/{object_hash}/{inner}" if inner else f"{self.objects}/{object_hash}"

    def beside(self) -> str:
        """A new name in `tmp`."""
        self._made += 1
        return f"{self.tmp}/{self._made}.part"

    def inventory(self) -> dict[str, int]:
        """The objects that are there and still sealed, with their size (a folder's counts as 0)."""
        found: dict[str, int] = {}
        with os.scandir(self.objects) as entries:
            for entry in entries:
                info = entry.stat(follow_symlinks=False)
                folder = stat.S_ISDIR(info.st_mode)
                whole = folder == entry.name.endswith(FOLDER) and info.st_mtime_ns == SEALED_NS
                if whole and (folder or stat.S_ISREG(info.st_mode)):
                    found[entry.name] = 0 if folder else info.st_size
        return found

    def publish(self, path: str, name: str, depth: int = 0) -> Stored:
        """Makes what lies at `path` an object. `depth` is how many levels of folders are lists.

        Raises NotContent for links and the like, FileNotFoundError if there is nothing at `path`.
        """
        info = os.lstat(path)
        if stat.S_ISDIR(info.st_mode):
            stored = folder_stored(name, self._seal_below(path), depth)
        elif depth:
            raise NotContent("is a file; a list must be a folder with an entry for each element")
        else:
            content, size = self._seal(path)
            stored = Stored(name, content, size)
        self._rename(path, stored.hash)
        return stored

    def put_file(self, source: str, stored_name: str = "") -> Stored:
        """Copies the file at `source` and publishes the copy."""
        target = self.beside()
        try:
            copy_file(source, target)
            return self.publish(target, stored_name)
        finally:
            remove(target)

    def put_folder(self, source: str, depth: int = 0, stored_name: str = "") -> Stored:
        """Copies the folder at `source` and publishes the copy."""
        target = self.beside()
        try:
            self._copy_below(source, target, link=False)
            return self.publish(target, stored_name, depth)
        finally:
            remove(target)

    def adopt(self, source: str, wanted: str) -> None:
        """Takes over the object `wanted` from `source`, a path in another store; links where it can.

        Raises Damaged if the bytes there are not `wanted`'s, FileNotFoundError if there are none.
        """
        if os.path.lexists(self.path(wanted)):
            return
        target = self.beside()
        try:
            if wanted.endswith(FOLDER):
                self._copy_below(source, target, link=True)
                found = folder_hash(self._seal_below(target))
            elif self._check_sealed(source) and link_file(source, target):
                found = wanted
                self._flush(target)
            else:
                found, _ = copy_file(source, target)
                self._seal(target)
            if found != wanted:
                raise Damaged(f"{source} does not have the content that it was stored with")
            self._rename(target, wanted)
        finally:
            remove(target)

    def hand_over(self, object_hash: str, target: str) -> None:
        """Moves an object to `target` and lets it be written to; what has further names elsewhere is copied."""
        path = self.path(object_hash)
        if object_hash.endswith(FOLDER):
            os.chmod(path, 0o700)
        os.rename(path, target)
        if not object_hash.endswith(FOLDER):
            self._open_file(target, 0o600)
            return
        top = os.fsencode(target)
        for name, info in walk(target):
            if stat.S_ISDIR(info.st_mode):
                os.chmod(top + b"/" + name, 0o700)
        for name, info in walk(target):
            if not stat.S_ISDIR(info.st_mode):
                self._open_file(top + b"/" + name, 0o700 if info.st_mode & 0o100 else 0o600)

    def _open_file(self, path: str | bytes, mode: int) -> None:
        if os.lstat(path).st_nlink > 1:
            self._unlink_shared(path)
        os.chmod(path, mode)

    def copy_out(self, source: str, target: str) -> None:
        """Copies what lies at `source` to `target`, to be written to."""
        if os.path.isdir(source):
            self._copy_below(source, target, link=False)
        else:
            copy_file(source, target)

    def discard(self, object_hash: str) -> None:
        """Deletes an object; a folder disappears at once and is then taken apart."""
        path = self.path(object_hash)
        if not object_hash.endswith(FOLDER):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            return
        aside = self.beside()
        try:
            os.chmod(path, 0o700)
            os.rename(path, aside)
        except FileNotFoundError:
            return
        remove(aside)

    def verify(self, object_hash: str) -> bool:
        """Reads an object whole; whether it is what its name says."""
        path = self.path(object_hash)
        try:
            if object_hash.endswith(FOLDER):
                return folder_hash(read_folder(path)) == object_hash
            fd = open_content(path)
            try:
                return hash_open(fd)[0] == object_hash
            finally:
                os.close(fd)
        except (OSError, NotContent):
            return False

    def changed(self, object_hash: str) -> bool:
        """Whether somebody wrote to an object since it was sealed, as far as times tell."""
        path = self.path(object_hash)
        try:
            if os.lstat(path).st_mtime_ns != SEALED_NS:
                return True
            if not object_hash.endswith(FOLDER):
                return False
            return any(info.st_mtime_ns != SEALED_NS for _, info in walk(path))
        except (OSError, NotContent):
            return True

    def _check_sealed(self, source: str) -> bool:
        return os.lstat(source).st_mtime_ns == SEALED_NS

    def _seal_below(self, root: str) -> list[Entry]:
        """Hashes, flushes and seals everything in a folder; the folder itself is sealed after its rename,
        for a folder that can't be written to can't be renamed."""
        found: list[Entry] = []
        folders: list[bytes] = []
        top = os.fsencode(root)
        for name, info in walk(root):
            path = top + b"/" + name
            if stat.S_ISDIR(info.st_mode):
                folders.append(path)
                found.append(Entry(name, "", 0, False, True))
                continue
            executable = bool(info.st_mode & 0o100)
            content, size = self._seal(path, 0o555 if executable else 0o444)
            found.append(Entry(name, content, size, executable, False))
        for path in reversed(folders):
            self._close_folder(path)
        return found

    def _seal(self, path: str | bytes, mode: int = 0o444) -> tuple[str, int]:
        """Hashes, flushes and seals one file. One that has further names elsewhere is copied first, for
        somebody could change it under those."""
        fd = open_content(path)
        try:
            info = os.fstat(fd)
            if info.st_nlink > 1 and info.st_mtime_ns != SEALED_NS:
                self._unlink_shared(path)
                os.close(fd)
                fd = open_content(path)
            found = hash_open(fd)
            os.fchmod(fd, mode)
            os.utime(fd, ns=(SEALED_NS, SEALED_NS))
            if self.flushes:
                os.fsync(fd)
            return found
        finally:
            os.close(fd)

    def _unlink_shared(self, path: str | bytes) -> None:
        alone = os.fsencode(path) + b".alone"
        copy_file(path, alone)
        os.rename(alone, path)

    def _close_folder(self, path: str | bytes) -> None:
        os.chmod(path, 0o555)  # noqa: S103 - sealed: nobody may write
        os.utime(path, ns=(SEALED_NS, SEALED_NS))
        if self.flushes:
            self._flush(path)

    def _rename(self, path: str, object_hash: str) -> None:
        """The moment of publication. The same content may be there already: then that stays."""
        target = self.path(object_hash)
        if os.path.lexists(target):
            remove(path)
            return
        os.rename(path, target)
        if object_hash.endswith(FOLDER):
            self._close_folder(target)
        if self.flushes:
            self._flush(self.objects)

    def _flush(self, path: str | bytes) -> None:
        if not self.flushes:
            return
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def _copy_below(self, source: str, target: str, *, link: bool) -> None:
        """Copies a folder; files of other stores may be linked, for these are sealed."""
        os.mkdir(target, 0o700)
        here, there = os.fsencode(source), os.fsencode(target)
        for name, info in walk(source):
            path = there + b"/" + name
            if stat.S_ISDIR(info.st_mode):
                os.mkdir(path, 0o700)
                continue
            sealed = info.st_mtime_ns == SEALED_NS
            if not (link and sealed and link_file(here + b"/" + name, path)):
                copy_file(here + b"/" + name, path)
                if info.st_mode & 0o100:
                    os.chmod(path, 0o700)
