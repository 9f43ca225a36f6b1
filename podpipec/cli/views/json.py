"""One JSON object for each event, one to a line, on standard output: for programs."""

from __future__ import annotations

import sys

from podpipec_runtime import progress
from podpipec_runtime.progress import Progress


class Json:
    """The view for programs. The runtime owns the events' form."""

    def show(self, event: Progress) -> None:
        sys.stdout.write(progress.line(event) + "\n")
        sys.stdout.flush()

    def close(self) -> None:
        pass
