"""`podpipec explain`: the page of a code."""

from __future__ import annotations

import sys
from importlib.resources import files

import click

from podpipec.diagnostics import did_you_mean


def pages() -> dict[str, str]:
    """Every page's text by its code."""
    folder = files("podpipec").joinpath("explain")
    return {
        entry.name.removesuffix(".md"): entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".md")
    }


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain CODE, such as L1: what it says, why, a program that breaks it and the program that mends it.

    Without CODE, list all of them.
    """
    known = pages()
    if code is None:
        for name in sorted(known):
            sys.stdout.write(known[name].partition("\n")[0].removeprefix("# ") + "\n")
        return
    page = known.get(code.upper())
    if page is None:
        hint = did_you_mean(code.upper(), known)
        raise click.UsageError(f"there is no code `{code}`" + (f": {hint[0]}" if hint else ""))
    sys.stdout.write(page)
