"""Waiting for children to end, and for signals: by process descriptors where there are such (Linux), else
by asking for each child when one is said to have ended."""

from __future__ import annotations

import os
import select
import selectors
from typing import Protocol


class Waiter(Protocol):
    """Knows when one of the children that it was told of can be waited for."""

    def add(self, pid: int) -> None: ...

    def ended(self, timeout: float | None) -> list[int]:
        """The children that have ended and were not waited for yet. Returns early if woken."""
        ...

    def wake_on(self, fd: int) -> None:
        """`ended` returns when `fd` can be read, and empties it."""
        ...

    def close(self) -> None: ...


def waiter() -> Waiter:
    """The best that this platform has."""
    return PidfdWaiter() if hasattr(os, "pidfd_open") else AskingWaiter()


class PidfdWaiter:
    """One descriptor for each child; it can be read when the child has ended."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._pids: dict[int, int] = {}
        self._wake = -1

    def add(self, pid: int) -> None:
        fd = os.pidfd_open(pid)
        self._pids[fd] = pid
        self._poll.register(fd, select.EPOLLIN)

    def wake_on(self, fd: int) -> None:
        self._wake = fd
        self._poll.register(fd, select.EPOLLIN)

    def ended(self, timeout: float | None) -> list[int]:
        found: list[int] = []
        for fd, _ in self._poll.poll(timeout):
            if fd == self._wake:
                _empty(fd)
                continue
            self._poll.unregister(fd)  # a process that is just being started may still have it
            os.close(fd)
            found.append(self._pids.pop(fd))
        return found

    def close(self) -> None:
        for fd in self._pids:
            os.close(fd)
        self._poll.close()


class AskingWaiter:
    """For systems without process descriptors: SIGCHLD wakes it if signals do, else it looks often."""

    #: Seconds between looks; signals make it look at once.
    PAUSE = 0.02

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._pids: list[int] = []
        self._wake = -1

    def add(self, pid: int) -> None:
        self._pids.append(pid)

    def wake_on(self, fd: int) -> None:
        self._wake = fd
        self._selector.register(fd, selectors.EVENT_READ)

    def ended(self, timeout: float | None) -> list[int]:
        found = self._look()
        if not found:
            pause = self.PAUSE if timeout is None else min(timeout, self.PAUSE)
            if self._selector.select(pause):
                _empty(self._wake)
            found = self._look()
        return found

    def _look(self) -> list[int]:
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        found = [pid for pid in self._pids if os.waitid(os.P_PID, pid, flags) is not None]
        self._pids = [pid for pid in self._pids if pid not in found]
        return found

    def close(self) -> None:
        self._selector.close()


def _empty(fd: int) -> None:
    try:
        while os.read(fd, 512):
            pass
    except BlockingIOError:
        return
