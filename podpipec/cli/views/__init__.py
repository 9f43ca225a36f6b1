"""What a person or a program sees while a flow runs: plain lines, a live table on a terminal, or JSON lines.

A view is told each event of the runtime and prints; it decides nothing. Where lines go (standard error for people,
standard output for programs) is the view's to know; the results are the command's to print.
"""

from __future__ import annotations

from typing import Protocol

from podpipec_runtime.progress import Progress


class View(Protocol):
    """Shows events as they come, until it is closed."""

    def show(self, event: Progress) -> None:
        """Take one event."""

    def close(self) -> None:
        """Leave the terminal as it was."""
