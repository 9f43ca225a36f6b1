"""One whole process, measured from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class WentWrongError(Exception):
    """A measured command failed, or did not do what it was asked for."""


@dataclass(frozen=True)
class Sample:
    """A process and its descendants: seconds by the clock, seconds of processor time, and the bytes of the
    largest one at its peak. `stopped`: it was ended at its time limit, so it needs at least this long."""

    wall: float
    cpu: float
    rss: int
    stopped: bool = False


def clean_environment(home: Path) -> dict[str, str]:
    """What a measured command sees: nothing that changes how Python or a tool behaves."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8"}


def measure(
    argv: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float, status: int = 0
) -> tuple[Sample, str]:
    """Runs a command to its end in `folder`; gives the figures and what it printed.

    The command is ended after `limit` seconds. Raises WentWrongError when its exit status is not `status`.
    """
    with open(folder / ".printed", "w+b") as printed:
        began = time.perf_counter()
        child = subprocess.Popen(
            argv,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        timer = threading.Timer(limit, os.killpg, (child.pid, signal.SIGKILL))
        timer.start()
        _, ended, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(ended)
        printed.seek(0)
        text = printed.read().decode(errors="replace")
    stopped = wall >= limit and child.returncode == -signal.SIGKILL
    if child.returncode != status and not stopped:
        raise WentWrongError(f"{' '.join(argv)}: exit status {child.returncode}\n{text[-2000:]}")
    return Sample(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, stopped), text
