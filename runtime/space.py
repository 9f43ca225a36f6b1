"""How full a place is."""

from __future__ import annotations

import errno
import os

_MIB = 1 << 20


def full(place: str, root: str) -> str:
    """Says that a place is full, if it is (less than a hundredth and than 1 MiB is free); else empty."""
    try:
        info = os.statvfs(root)
    except OSError:
        return ""
    size, free = info.f_blocks * info.f_frsize, info.f_bavail * info.f_frsize
    if free > min(_MIB, size // 100):
        return ""
    return f"place {place} is full: {(size - free) / _MIB:,.1f} of {size / _MIB:,.0f} MiB used"


def told(error: OSError, place: str, root: str) -> str:
    """The message for an error of the system while writing to a place."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(place, root) or f"place {place} is full: {error.strerror} in {root}"
    return f"place {place}: {error.strerror or error}: {error.filename or root}"
