"""`podpipec check`: is the program right?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from podpipec.cli import cache, status

if TYPE_CHECKING:
    import click

    from podpipec.cli.report import Form
    from podpipec.compiler import Compiled


def check_file(path: str, given: dict[str, str] | None = None, form: Form = "text", types: bool = False) -> int:
    """Check a program, print what is wrong with it, and give the exit status. What is known to be right is not read."""
    if not given and form == "text" and not types and cache.recall(path, "check") is not None:
        sys.stdout.write(f"{path}: ok\n")
        return status.OK
    from podpipec.cli.reading import on_disk, read
    from podpipec.cli.report import report_as
    from podpipec.compiler import compile_program

    compiled = compile_program(path, read, given or {})
    report_as(form, compiled.diagnostics, compiled, _flows(compiled, path) if types and form == "json" else None)
    if types and form == "text":
        from podpipec.cli.listing import listings, text

        sys.stdout.write(text(listings(compiled, path)))
    if not compiled.ok:
        return status.PROGRAM
    if form == "text" and not types:
        sys.stdout.write(f"{path}: ok\n")
        if not given and not compiled.diagnostics:
            cache.keep(path, "check", on_disk(compiled), b"")
    return status.OK


def _flows(compiled: Compiled, path: str) -> dict[str, object]:
    from podpipec.cli.listing import document, listings

    return {"flows": document(listings(compiled, path))}


def _command() -> click.Command:
    import click

    from podpipec.cli.options import Exit, json_option, param_option, program_argument
    from podpipec.cli.report import FORMS

    @click.command()
    @program_argument
    @param_option
    @click.option("--format", "form", type=click.Choice(FORMS), help="How to print what is wrong.  [default: text]")
    @json_option
    @click.option("--types", is_flag=True, help="Print every name of every flow with its type.")
    def check(file: str, param: dict[str, str], form: Form | None, as_json: bool, types: bool) -> None:
        """Check FILE and everything it uses; print all that is wrong with it.

        Exit status 0 if it is right, 1 if not.
        """
        if as_json and form not in (None, "json"):
            raise click.UsageError(f"--json and --format {form} are two forms: give one of them")
        if types and form not in (None, "text", "json"):
            raise click.UsageError(f"--types is printed as text or json, not as {form}")
        raise Exit(check_file(file, param, "json" if as_json else form or "text", types))

    return check


def __getattr__(name: str) -> click.Command:
    """`command`, made when it is asked for: `check_file` alone does without click."""
    if name == "command":
        return _command()
    raise AttributeError(name)
