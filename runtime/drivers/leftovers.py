"""Ends what a dead run left running.

A process is known by its id and about the time that it started at; an id alone may be somebody else's by now. Where
there is /proc, children that the journal did not come to know are found by the scratch folder that they were
given as TMPDIR.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable

#: How far our clock, read before a process is started, may be from when it started; no id comes round so fast.
_NEAR = 2.0


def clock() -> str:
    """Now, in seconds since the machine was started. To read a new process's own time would wait for its start."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return "" if boottime is None else f"{time.clock_gettime(boottime):.3f}"


def started(pid: int) -> float | None:
    """When a process started, in seconds since the machine was; nothing if it can't be told (proc(5), field 22)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as info:
            ticks = int(info.read().rsplit(b")", 1)[1].split()[19])
    except (OSError, IndexError, ValueError):
        return None
    return ticks / os.sysconf("SC_CLK_TCK")


def end_recorded(processes: Iterable[tuple[int, str]]) -> int:
    """Kills the groups of those processes that are still the ones meant; how many there were."""
    ended = 0
    for pid, at in processes:
        since = started(pid) if at else None
        if since is not None and abs(since - float(at)) < _NEAR:
            ended += _kill_group(pid)
    return ended


def end_in(folders: Iterable[str]) -> int:
    """Kills the processes whose TMPDIR is below one of `folders`; how many there were."""
    marks = [b"TMPDIR=" + os.fsencode(folder) + b"/" for folder in folders]
    ended = 0
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) != os.getpid() and _has(name, marks):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(name), signal.SIGKILL)
                    ended += 1
    return ended


def _has(pid: str, marks: list[bytes]) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            variables = environ.read().split(b"\0")
    except OSError:
        return False
    return any(variable.startswith(mark) for variable in variables for mark in marks)


def _kill_group(pid: int) -> int:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return 0
    return 1
