"""A slot's bench: the folder that commands start in, and the file that they write their output to.

Both are made once and used again and again: making and removing them for every step would cost more than most of
what a step costs besides its process. A folder that a command leaves anything in is made anew; a file that was
written to becomes the step's log. A command that knows secrets writes to a sieve instead (`drivers/sieve`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podpipec_runtime.store.tree import remove

if TYPE_CHECKING:
    from podpipec_runtime.drivers.sieve import Sieve


class Bench:
    """The scratch folder and the output file of one slot. Paths are `<tmp>/slot-<n>` and `<logs>/.slot-<n>`."""

    def __init__(self, tmp: str, logs: str, slot: int) -> None:
        self.scratch = f"{tmp}/slot-{slot}"
        self._log = f"{logs}/.slot-{slot}"
        self._fd = -1
        self._there = False
        self._sieve: Sieve | None = None

    def prepare(self, hidden: Sequence[bytes] = (), by: bytes = b"") -> int:
        """Makes the folder empty and gives the descriptor to write output to. Raises OSError.

        Of the words `hidden` none reaches the file; `by` stands there instead.
        """
        if not self._there:
            remove(self.scratch)
            os.mkdir(self.scratch, 0o700)
            self._there = True
        if self._fd < 0:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            self._fd = os.open(self._log, flags, 0o600)
        self._end_sieve()  # of a command that could not be started
        if not hidden:
            return self._fd
        from podpipec_runtime.drivers.sieve import Sieve  # few stages know a secret

        self._sieve = Sieve(hidden, by, self._fd)
        return self._sieve.out

    def begun(self) -> None:
        """The command was started, and has the descriptor as its own."""
        if self._sieve is not None:
            self._sieve.begun()

    def keep_log(self, path: str) -> None:
        """Makes what was written the log at `path`; without anything written there is none.

        Raises OSError if not all of it could be written.
        """
        sieve, self._sieve = self._sieve, None
        try:
            if sieve is not None:
                sieve.close()
        finally:
            self._rename(path)

    def _rename(self, path: str) -> None:
        if self._fd >= 0 and os.fstat(self._fd).st_size:
            os.close(self._fd)
            self._fd = -1
            os.replace(self._log, path)

    def tidy(self) -> None:
        """Sees to it that the next command finds an empty folder."""
        with os.scandir(self.scratch) as entries:
            self._there = next(entries, None) is None

    def close(self) -> None:
        """Takes both away."""
        self._end_sieve()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            os.unlink(self._log)
        if os.path.isdir(self.scratch):
            remove(self.scratch)

    def _end_sieve(self) -> None:
        """Without regard for what it could not write."""
        if self._sieve is not None:
            with contextlib.suppress(OSError):
                self._sieve.close()
            self._sieve = None
