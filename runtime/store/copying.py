"""Copies of files: a hard link where it may be one, else a clone that shares blocks, else the bytes."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from hashlib import sha256

from podpipec_runtime.store.tree import hash_open, open_content

#: ioctl number of FICLONE on Linux (linux/fs.h); other systems have none.
_FICLONE = 0x40049409
_CHUNK = 1 << 20
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.EACCES}


def link_file(source: str | bytes, target: str | bytes) -> bool:
    """Gives a file a second name, if the file system can; whether it could."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINK:
            return False
        raise
    return True


def copy_file(source: str | bytes, target: str | bytes) -> tuple[str, int]:
    """Makes a new file `target` with the bytes of `source`; gives their hash and number.

    The hash is of what was written, so it says whether `source` still is what it should be.
    """
    reading = open_content(source)
    try:
        writing = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            if _clone(reading, writing):
                return hash_open(writing)
            return _copy(reading, writing)
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def _copy(reading: int, writing: int) -> tuple[str, int]:
    digest, size = sha256(), 0
    while chunk := os.read(reading, _CHUNK):
        digest.update(chunk)
        size += len(chunk)
        view = memoryview(chunk)
        while view:
            view = view[os.write(writing, view) :]
    return digest.hexdigest(), size


def _clone(reading: int, writing: int) -> bool:
    """Lets the new file share the blocks of the old one, where the file system has that."""
    if not sys.platform.startswith("linux"):
        return False
    from fcntl import ioctl

    with contextlib.suppress(OSError):
        ioctl(writing, _FICLONE, reading)
        return True
    return False
