"""A pipe between a command and its log that lets certain words not through: they never reach the disk."""

from __future__ import annotations

import os
import re
import selectors
import threading
from collections.abc import Sequence

#: So much is read at once, and of what a command that has ended left in its pipe, at most so often.
_CHUNK = 1 << 16
_LAST = 64


class Replaced:
    """A stream of bytes with something else in the stead of certain words, wherever it is cut into pieces.

    What could be the beginning of a word stays back until more has come.
    """

    def __init__(self, words: Sequence[bytes], by: bytes) -> None:
        self._words = sorted(set(words), key=lambda word: (-len(word), word))
        self._longest = len(self._words[0])
        self._find = re.compile(b"|".join(map(re.escape, self._words)))
        self._by = by
        self._left = b""

    def more(self, data: bytes) -> bytes:
        """What can be let through now that `data` has come."""
        data = self._left + data
        cut, at = self._begun(data), 0
        found: list[bytes] = []
        for match in self._find.finditer(data):
            if match.start() >= cut:
                break
            found += (data[at : match.start()], self._by)
            at = match.end()
        cut = max(at, cut)
        self._left = data[cut:]
        return b"".join((*found, data[at:cut]))

    def end(self) -> bytes:
        """What stayed back, when nothing more comes."""
        left, self._left = self._left, b""
        return self._find.sub(self._by, left)

    def _begun(self, data: bytes) -> int:
        """Where the first word begins that the end of `data` leaves open; the end if there is none."""
        first = len(data)
        for word in self._words:
            at = data.find(word[:1], max(0, len(data) - len(word) + 1), first)
            while at >= 0:
                if word.startswith(data[at:]):
                    first = at
                at = data.find(word[:1], at + 1, first)
        return first


class Sieve:
    """The pipe. A thread of its own reads it, so that the command waits for nobody.

    `out` is for the command to write to. What comes through goes to the descriptor `log`, which stays open.
    """

    def __init__(self, words: Sequence[bytes], by: bytes, log: int) -> None:
        self._replaced = Replaced(words, by)
        self._log = log
        self._source, self.out = os.pipe()
        self._ended, self._end = os.pipe()
        self._problem: OSError | None = None
        self._thread = threading.Thread(target=self._work, name="sieve", daemon=True)
        self._thread.start()

    def begun(self) -> None:
        """The command was started and has `out` as its own: when it closes that, or ends, nobody writes any more."""
        if self.out >= 0:
            os.close(self.out)
            self.out = -1

    def close(self) -> None:
        """The command has ended: what it wrote is in the log when this returns. Raises OSError if it could not be."""
        self.begun()
        if self._end < 0:
            return
        os.close(self._end)
        self._end = -1
        self._thread.join()
        os.close(self._ended)
        if self._problem is not None:
            raise self._problem

    def _work(self) -> None:
        try:
            self._copy()
        except OSError as error:
            self._problem = error
        finally:
            os.close(self._source)  # who goes on writing is told, as by a file that takes no more

    def _copy(self) -> None:
        last = _LAST  # a process that got out of its group may write for ever
        with selectors.DefaultSelector() as ready:
            ready.register(self._source, selectors.EVENT_READ)
            ready.register(self._ended, selectors.EVENT_READ)
            while last:
                readable = {key.fd for key, _ in ready.select()}
                last -= self._ended in readable
                data = os.read(self._source, _CHUNK) if self._source in readable else b""
                if not data:
                    break
                self._write(self._replaced.more(data))
        self._write(self._replaced.end())

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._log, view) :]
