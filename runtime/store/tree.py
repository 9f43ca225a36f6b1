"""Files and folders as content: what is in them, their hash, and their removal.

A file's hash is the SHA-256 of its bytes. A folder's is that of its sorted manifest, with `.d` behind it so
that no file's content can pass for a folder. Links, sockets, devices and pipes are no content.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from hashlib import sha256

from podpipec_runtime.interpreter.values import Stored
from podpipec_runtime.tuples import NamedTuple

#: The time of last change that sealed files bear (2001-09-09), so that a later change shows.
SEALED_NS = 1_000_000_000 * 1_000_000_000
_CHUNK = 1 << 20
_HEAD = b"podpipec folder 1\0"
FOLDER = ".d"


class NotContent(Exception):  # noqa: N818 - it says what is the matter with somebody's data
    """Something in a file tree that can't be a value."""


class Entry(NamedTuple):
    """A file or folder below a root: its name relative to it, and for a file its hash, size and exec bit."""

    name: bytes
    hash: str
    size: int
    executable: bool
    is_folder: bool


def hash_open(fd: int) -> tuple[str, int]:
    """Hash and length of what can still be read from `fd`."""
    digest, size = sha256(), 0
    while chunk := os.read(fd, _CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def open_content(path: str | bytes) -> int:
    """A descriptor to read the regular file at `path`. Raises NotContent for anything else."""
    info = os.lstat(path)
    if not stat.S_ISREG(info.st_mode):
        raise NotContent(f"{_shown(path)} {_kind(info.st_mode)}")
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a link; write the file itself"
    return "is neither a file nor a folder"


def _shown(path: str | bytes) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def walk(root: str) -> list[tuple[bytes, os.stat_result]]:
    """Everything below the folder `root`, by name relative to it, sorted. Raises NotContent."""
    found: list[tuple[bytes, os.stat_result]] = []
    top = os.fsencode(root)
    stack = [b""]
    while stack:
        prefix = stack.pop()
        with os.scandir(top + b"/" + prefix if prefix else top) as entries:
            for entry in entries:
                info = entry.stat(follow_symlinks=False)
                name = prefix + entry.name
                if stat.S_ISDIR(info.st_mode):
                    stack.append(name + b"/")
                elif not stat.S_ISREG(info.st_mode):
                    raise NotContent(f"{_shown(top + b'/' + name)} {_kind(info.st_mode)}")
                found.append((name, info))
    found.sort(key=lambda each: each[0])
    return found


def read_folder(root: str) -> list[Entry]:
    """Everything in a folder, read and hashed."""
    found: list[Entry] = []
    top = os.fsencode(root)
    for name, info in walk(root):
        if stat.S_ISDIR(info.st_mode):
            found.append(Entry(name, "", 0, False, True))
            continue
        fd = open_content(top + b"/" + name)
        try:
            content, size = hash_open(fd)
        finally:
            os.close(fd)
        found.append(Entry(name, content, size, bool(info.st_mode & 0o100), False))
    return found


def folder_hash(entries: Iterable[Entry], cut: int = 0) -> str:
    """The hash of a folder from its sorted entries, of whose names the first `cut` bytes are left out."""
    digest = sha256(_HEAD)
    for entry in entries:
        name = entry.name[cut:]
        kind = b"d" if entry.is_folder else b"x" if entry.executable else b"f"
        digest.update(b"%b%d:%b%b\0" % (kind, len(name), name, entry.hash.encode()))
    return digest.hexdigest() + FOLDER


def folder_stored(name: str, entries: list[Entry], depth: int, cut: int = 0) -> Stored:
    """The record of a folder; `depth` is how many levels of it are lists (the `[]` of its type)."""
    size = sum(entry.size for entry in entries)
    elements = None
    if depth:
        elements = tuple(_element(group, depth - 1, cut) for group in _groups(entries, cut))
    return Stored(name, folder_hash(entries, cut), size, elements)


def _groups(entries: list[Entry], cut: int) -> list[list[Entry]]:
    """The entries by the first part of their names; a folder comes with all that is in it."""
    groups: dict[bytes, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.name[cut:].split(b"/", 1)[0], []).append(entry)
    return [groups[name] for name in sorted(groups)]


def _element(group: list[Entry], depth: int, cut: int) -> Stored:
    group = sorted(group, key=lambda entry: entry.name)
    head = group[0]
    try:
        name = head.name[cut:].decode()
    except UnicodeDecodeError:
        raise NotContent(f"the name {_shown(head.name)} is not valid UTF-8") from None
    if not head.is_folder:
        return Stored(name, head.hash, head.size)
    return folder_stored(name, group[1:], depth, len(head.name) + 1)


def remove(path: str) -> None:
    """Removes a file or a whole folder, sealed or not; nothing happens if there is none."""
    try:
        info = os.lstat(path)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(info.st_mode):
        os.unlink(path)
        return
    folders: list[bytes] = []
    stack = [os.fsencode(path)]
    while stack:
        folder = stack.pop()
        folders.append(folder)
        os.chmod(folder, 0o700)
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                else:
                    os.unlink(entry.path)
    for folder in reversed(folders):
        os.rmdir(folder)
