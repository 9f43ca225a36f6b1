"""Printing diagnostics where they belong: for a person on standard error, for programs on standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal, get_args

from podpipec.cli.colours import colours
from podpipec.compiler import Compiled
from podpipec.diagnostics import Diagnostic

#: In which form diagnostics are printed.
Form = Literal["text", "json", "sarif", "github"]
FORMS: tuple[Form, ...] = get_args(Form)


def report(diagnostics: tuple[Diagnostic, ...], compiled: Compiled, as_json: bool = False) -> None:
    """Print what is wrong with a program."""
    report_as("json" if as_json else "text", diagnostics, compiled)


def report_as(
    form: Form, diagnostics: tuple[Diagnostic, ...], compiled: Compiled, more: Mapping[str, object] | None = None
) -> None:
    """Print what is wrong with a program in one of the forms; `more` goes into the JSON document beside it."""
    if form != "text":
        sys.stdout.write(_document(diagnostics, compiled, form, more))
        return
    if diagnostics:
        from podpipec.diagnostics.terminal import COLOUR, PLAIN, render

        sys.stderr.write(render(diagnostics, compiled.sources, COLOUR if colours(sys.stderr) else PLAIN))


def _document(
    diagnostics: tuple[Diagnostic, ...], compiled: Compiled, form: Form, more: Mapping[str, object] | None
) -> str:
    if form == "sarif":
        from podpipec import __version__
        from podpipec.cli.explain import pages
        from podpipec.diagnostics.sarif import render as render_sarif

        return render_sarif(diagnostics, compiled.sources, os.getcwd(), pages(), __version__)
    if form == "github":
        from podpipec.diagnostics.github import render as render_github

        return render_github(diagnostics, compiled.sources, os.getcwd())
    from podpipec.diagnostics.json import render as render_json

    return render_json(diagnostics, compiled.sources, more)
