"""Whether a terminal shows colours."""

from __future__ import annotations

import os
from typing import TextIO


def colours(stream: TextIO) -> bool:
    """Whether a stream shows colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
