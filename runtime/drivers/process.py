"""The local process driver: each call's command is a process in a session and a folder of its own.

It reads nothing (`/dev/null`), and writes to a log file rather than a pipe, so that nobody has to keep up
with it. When it ends, or has to, all that it started in its process group ends as well.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Mapping

from podpipec_runtime.drivers.spawning import Spawner
from podpipec_runtime.drivers.waiting import waiter
from podpipec_runtime.tuples import NamedTuple


class NotStarted(Exception):  # noqa: N818 - said of a command, told to the user
    """The command could not be started at all."""


class Exit(NamedTuple):
    """A child's end: its exit status as `waitpid` encodes it, and the timeout that it overran, if it did."""

    pid: int
    status: int
    overran: bool


class _Child(NamedTuple):
    deadline: float | None
    kill_at: float | None
    overran: bool


class ProcessDriver:
    """Starts children and tells when they end. Times are those of the monotonic clock."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._waiter = waiter()
        self._children: dict[int, _Child] = {}
        self._null = os.open(os.devnull, os.O_RDONLY)
        self._spawner = Spawner(self._null)

    def start(self, command: list[str], env: Mapping[str, str], cwd: str, out: int, timeout: float | None) -> int:
        """Starts `command`, whose first word is a path, and gives its process id. Raises NotStarted.

        It writes to the descriptor `out`, which stays open.
        """
        try:
            pid = self._spawner.spawn(command, env, cwd, out)
        except OSError as error:
            raise NotStarted(_refusal(command, error)) from None
        except ValueError as error:
            raise NotStarted(f"can't be started: {error}") from None
        deadline = None if timeout is None else time.monotonic() + timeout
        self._children[pid] = _Child(deadline, None, False)
        self._waiter.add(pid)
        return pid

    def wake_on(self, fd: int) -> None:
        """`wait` returns early when `fd` can be read."""
        self._waiter.wake_on(fd)

    def wait(self) -> list[Exit]:
        """Waits until a child has ended or somebody wakes; in between, ends those whose time is over."""
        found = [self._reap(pid) for pid in self._waiter.ended(self._pause())]
        now = time.monotonic()
        for pid, child in list(self._children.items()):
            if child.kill_at is not None and child.kill_at <= now:
                _signal_group(pid, signal.SIGKILL)
                self._children[pid] = child._replace(kill_at=None)
            elif child.deadline is not None and child.deadline <= now:
                self._end(pid, overran=True)
        return found

    def stop(self) -> None:
        """Asks all children to end; those that don't are killed after the grace."""
        for pid in self._children:
            self._end(pid, overran=False)

    def end_all(self) -> None:
        """Asks all children to end, and waits until they have."""
        self.stop()
        while self._children:
            self.wait()

    def kill(self) -> None:
        """Ends all children at once."""
        for pid in self._children:
            _signal_group(pid, signal.SIGKILL)

    def close(self) -> None:
        """Kills what is left and waits for it."""
        for pid in list(self._children):
            _signal_group(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        self._children.clear()
        self._waiter.close()
        self._spawner.close()
        os.close(self._null)

    def _pause(self) -> float | None:
        times = [at for child in self._children.values() for at in (child.deadline, child.kill_at) if at]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _end(self, pid: int, *, overran: bool) -> None:
        child = self._children[pid]
        if child.kill_at is None:
            _signal_group(pid, signal.SIGTERM)
            kill_at = time.monotonic() + self._grace
            self._children[pid] = _Child(None, kill_at, overran or child.overran)

    def _reap(self, pid: int) -> Exit:
        """Ends what the child left behind, while nobody else can have its number, then takes its status."""
        _signal_group(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        return Exit(pid, status, self._children.pop(pid).overran)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _refusal(command: list[str], error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"command not found: {command[0]}"
    if isinstance(error, PermissionError):
        return f"not a program that may be run: {command[0]}"
    size = sum(len(os.fsencode(word)) + 1 for word in command)
    return f"can't be started ({error.strerror}): {command[0]}, {len(command)} words, {size:,} bytes"
