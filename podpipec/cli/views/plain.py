"""One line for each thing that happened, on standard error: for logs and pipes."""

from __future__ import annotations

import sys

from podpipec.cli.views.words import line
from podpipec_runtime.progress import Progress


class Plain:
    """The view where there is no terminal."""

    def show(self, event: Progress) -> None:
        text = line(event)
        if text is not None:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    def close(self) -> None:
        pass


class Quiet:
    """The view that shows nothing."""

    def show(self, event: Progress) -> None:
        pass

    def close(self) -> None:
        pass
