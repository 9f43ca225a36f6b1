"""Printing diagnostics where they belong: for a person on standard error, as JSON on standard output."""

from __future__ import annotations

import sys

from podpipec.cli.colours import colours
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
