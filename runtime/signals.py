"""SIGINT and SIGTERM while a run lasts."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Stopped(BaseException):
    """A signal came while the engine was busy with data; not an `Exception`, so that nobody swallows it."""


class Signals:
    """SIGINT and SIGTERM, as long as a run lasts. In another than the main thread there are none."""

    def __init__(self) -> None:
        self.name = ""
        self.count = 0
        self.raises = False
        self.fd = -1

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self.fd, out = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        woken = signal.set_wakeup_fd(out, warn_on_full_buffer=False)
        try:
            for number in before:
                signal.signal(number, self._handle)
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)
            os.close(out)
            os.close(self.fd)

    def _handle(self, number: int, _: FrameType | None) -> None:
        self.name = signal.Signals(number).name
        self.count += 1
        if self.raises:
            raise Stopped

    @contextlib.contextmanager
    def breaking(self, *, unless: bool = False) -> Iterator[None]:
        """A signal breaks off what is done here. It is safe to: the same could happen by SIGKILL."""
        if unless:
            yield
            return
        if self.count:
            raise Stopped
        self.raises = True
        try:
            yield
        finally:
            self.raises = False


def _pipe() -> tuple[int, int]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    return reading, writing
