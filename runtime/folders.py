"""The folders of attempts, `<tmp>/<number>`: no number is given to two, so nobody writes into another's by its name.

To make a folder and to remove it costs a fifth of what a small step costs. One that is empty when its attempt is over
is therefore renamed, to a number that nobody had, and given to a later one.
"""

from __future__ import annotations

import contextlib
import os
import stat

from podpipec_runtime.store.tree import remove

_PRIVATE = stat.S_IFDIR | 0o700


class Folders:
    """The folders of all attempts of a run. Raises OSError as the system gives it."""

    def __init__(self) -> None:
        self._number = 0
        self._over: list[str] = []
        self._spare: dict[str, list[str]] = {}

    def name(self, tmp: str) -> str:
        """The folder of an attempt in `tmp`: a new one, or one that is there and empty."""
        spare = self._spare.get(tmp)
        return spare[-1] if spare else self._new(tmp)

    def make(self, folder: str) -> None:
        """Sees to it that a folder which has been named is there."""
        spare = self._spare.get(os.path.dirname(folder))
        if spare and spare[-1] == folder:
            spare.pop()
        else:
            os.mkdir(folder, 0o700)

    def over(self, folder: str) -> None:
        """The attempt is over and well; `sweep` sees what becomes of its folder."""
        self._over.append(folder)

    def sweep(self) -> None:
        """Takes away what is over, or has it ready for another attempt: nobody needs to wait for that."""
        for folder in self._over:
            try:
                self._keep(folder)
            except OSError:
                with contextlib.suppress(OSError):
                    remove(folder)
        self._over.clear()

    def close(self) -> None:
        """Takes away all that is left."""
        self.sweep()
        for spare in self._spare.values():
            for folder in spare:
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
        self._spare.clear()

    def _keep(self, folder: str) -> None:
        """Raises OSError for a folder that is not as it was made."""
        if os.lstat(folder).st_mode != _PRIVATE or os.listdir(folder):
            raise OSError
        tmp = os.path.dirname(folder)
        name = self._new(tmp)
        os.rename(folder, name)
        self._spare.setdefault(tmp, []).append(name)

    def _new(self, tmp: str) -> str:
        self._number += 1
        return f"{tmp}/{self._number}"
