"""The folder that stands for remote storage: values lie there under the paths that a flow gives them."""

from __future__ import annotations

import os
import stat

from podpipec_runtime.interpreter.commands import Argument, Source, Text
from podpipec_runtime.store.copying import copy_file
from podpipec_runtime.store.tree import remove, walk


class RemoteError(Exception):
    """A remote path that can't be served here."""


def remote_path(text: str, folder: str, base: str) -> str:
    """The local path for a remote one. `file:` paths and plain ones are themselves; another scheme needs
    the folder that stands for remote storage. Raises RemoteError."""
    scheme, found, rest = text.partition("://")
    if found and scheme != "file" and not folder:
        raise RemoteError(f"{text}: this engine can't reach {scheme}; say which folder stands for it")
    names = (rest if found else text).split("/")
    if ".." in names or "\0" in text:
        raise RemoteError(f"{text}: a path can't go up")
    if found and scheme == "file":
        return rest if rest.startswith("/") else "/" + rest
    if found:
        return os.path.join(folder, rest.strip("/"))
    return os.path.join(base, text)


def send(value: Argument, target: str, path: dict[Source, str]) -> None:
    """Publishes `value` at `target`: written beside, flushed, renamed. `path` tells where its parts are.

    A file replaces another at once. A folder can't: for a moment the old one is gone and the new not there.
    """
    folder, name = os.path.split(target.rstrip("/"))
    os.makedirs(folder, exist_ok=True)
    beside = f"{folder}/.{name}.podpipec-part"
    remove(beside)
    try:
        _write(value, beside, path)
        if os.path.isdir(target) or (os.path.isdir(beside) and os.path.lexists(target)):
            old = f"{folder}/.{name}.podpipec-old"
            remove(old)
            os.rename(target, old)
            os.rename(beside, target)
            remove(old)
        else:
            os.rename(beside, target)
        _flush(folder)
    finally:
        remove(beside)


def stamp(target: str) -> str:
    """What changes when somebody changes what lies at a path; empty if nothing does."""
    try:
        info = os.stat(target)
    except OSError:
        return ""
    return f"{info.st_size},{info.st_mtime_ns},{info.st_ino}"


def _write(value: Argument, target: str, path: dict[Source, str]) -> None:
    """A list becomes a folder whose entries are numbered in order."""
    if isinstance(value, Text):
        raise RemoteError("text can't be kept; a stage has to write it to a file")
    if isinstance(value, Source):
        _copy(path[value], target)
        return
    os.mkdir(target)
    digits = len(str(max(len(value) - 1, 0)))
    for at, element in enumerate(value):
        _write(element, f"{target}/{at:0{digits}d}", path)
    _flush(target)


def _copy(source: str, target: str) -> None:
    if not os.path.isdir(source):
        copy_file(source, target)
        os.chmod(target, 0o644)
        _flush(target)
        return
    os.mkdir(target)
    top, there = os.fsencode(source), os.fsencode(target)
    for name, info in walk(source):
        if stat.S_ISDIR(info.st_mode):
            os.mkdir(there + b"/" + name)
            continue
        copy_file(top + b"/" + name, there + b"/" + name)
        os.chmod(there + b"/" + name, 0o755 if info.st_mode & 0o100 else 0o644)
        _flush(there + b"/" + name)
    _flush(target)


def _flush(path: str | bytes) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
