"""How a command ended, in words: its exit, and the end of what it wrote."""

from __future__ import annotations

import os
import signal

#: At most so many lines and bytes of a command's output are told; the rest is in its log.
LINES = 20
BYTES = 8192


def status_text(status: int) -> str:
    """An exit as `waitpid` encodes it, e.g. `exit status 3` or `killed by SIGKILL (9)`."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = "signal"
        hint = "; the machine may have run out of memory" if number == signal.SIGKILL else ""
        return f"killed by {name} ({number}){hint}"
    return f"exit status {os.WEXITSTATUS(status)}"


def last_lines(path: str) -> str:
    """The end of a log, with what is no text, or would move the cursor, shown as escapes."""
    try:
        with open(path, "rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(0, size - BYTES))
            data = log.read(BYTES)
    except OSError:
        return ""
    text = data.decode("utf-8", "backslashreplace")
    lines = text.replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if size > BYTES and len(lines) > 1:
        lines = lines[1:]
    return "\n".join(_safe(line) for line in lines[-LINES:])


def _safe(line: str) -> str:
    return "".join(
        char if char.isprintable() or char == "\t" else char.encode("unicode_escape").decode() for char in line
    )
