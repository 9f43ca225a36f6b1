"""Starting one process, in a session and a folder of its own.

`os.posix_spawn` is the quicker way and can't set the folder, so it is ours to stand in the folder for that moment. No
other thread may notice: where there is one, or on another system than Linux, `subprocess` does the same with some more
work.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping

#: What Python ignores and a command must not: as `subprocess` restores them.
_RESTORED = (signal.SIGPIPE, signal.SIGXFSZ)

#: Where the descriptors of this process are listed.
_OPEN = "/proc/self/fd"


class Spawner:
    """Starts processes that read from the descriptor `null`."""

    def __init__(self, null: int) -> None:
        self._null = null
        standard = null > 2  # else one of the three was closed when we began, and is about to be somebody's
        direct = sys.platform == "linux" and os.path.isdir(_OPEN) and standard
        self._here = os.open(".", os.O_PATH) if direct else -1
        self._closing = [(os.POSIX_SPAWN_CLOSE, fd) for fd in _inherited()] if direct else []

    def spawn(self, command: list[str], env: Mapping[str, str], cwd: str, out: int) -> int:
        """Starts `command`, whose first word is a path, and gives its process id; it writes to the descriptor `out`.

        Raises OSError as the system gives it, ValueError for what can't be a word or a variable.
        """
        if self._here < 0 or threading.active_count() > 1:
            return self._popen(command, env, cwd, out)
        actions = [
            (os.POSIX_SPAWN_DUP2, self._null, 0),
            (os.POSIX_SPAWN_DUP2, out, 1),
            (os.POSIX_SPAWN_DUP2, out, 2),
            *self._closing,
        ]
        os.chdir(cwd)
        try:
            return os.posix_spawn(command[0], command, env, file_actions=actions, setsid=True, setsigdef=_RESTORED)
        finally:
            os.fchdir(self._here)

    def _popen(self, command: list[str], env: Mapping[str, str], cwd: str, out: int) -> int:
        import subprocess

        child = subprocess.Popen(  # noqa: S603 - starting what a plan names is its purpose
            command, stdin=self._null, stdout=out, stderr=out, cwd=cwd, env=env, start_new_session=True
        )
        child.returncode = 0  # it is waited for elsewhere; the object's destructor has no business with it
        return child.pid

    def close(self) -> None:
        if self._here >= 0:
            os.close(self._here)


def _inherited() -> list[int]:
    """What was open before this program began, and would go on to any that it starts; Python's own does not."""
    found = []
    for name in os.listdir(_OPEN):
        fd = int(name)
        try:
            if fd > 2 and os.get_inheritable(fd):
                found.append(fd)
        except OSError:  # the one that the folder was read by
            continue
    return found
