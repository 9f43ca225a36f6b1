"""Printing diagnostics where they belong: for a person on standard error, as JSON on standard output."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from podpipec.compiler import Compiled
from podpipec.diagnostics import Diagnostic


def report(diagnostics: tuple[Diagnostic, ...], compiled: Compiled, as_json: bool = False) -> None:
    """Print what is wrong with a program."""
    if as_json:
        from podpipec.diagnostics.json import render as render_json

        sys.stdout.write(render_json(diagnostics, compiled.sources))
        return
    from podpipec.diagnostics.terminal import COLOUR, PLAIN, render

    if diagnostics:
        sys.stderr.write(render(diagnostics, compiled.sources, COLOUR if colours(sys.stderr) else PLAIN))


def colours(stream: TextIO) -> bool:
    """Whether a stream shows colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
