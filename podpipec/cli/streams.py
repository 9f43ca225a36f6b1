"""Standard streams for a process that was started with one of them closed."""

from __future__ import annotations

import os
import sys


def reopen() -> None:
    """Whatever is closed reads and writes nothing from now on, so that no file is opened in its stead."""
    missing = [name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None]
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(fd, True)
    os.close(fd)
    for name in missing:
        fd = ("stdin", "stdout", "stderr").index(name)
        setattr(sys, name, open(fd, "w" if fd else "r", encoding="utf-8", closefd=False))  # noqa: SIM115
