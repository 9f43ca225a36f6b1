"""`podpipec doc`: the page of a program."""

from __future__ import annotations

import sys

import click

from podpipec.cli import status
from podpipec.cli.options import Exit, program_argument
from podpipec.cli.reading import read
from podpipec.cli.report import report
from podpipec.cli.rewriting import put
from podpipec.compiler import compile_program
from podpipec.document import page

#: A page says which parameters must be set; that they are not set yet is no mistake here.
_UNSET = "T010"


@click.command()
@program_argument
@click.option("-o", "--output", default="-", metavar="FILE|-", help="Where to write it, or - for standard output.")
def command(file: str, output: str) -> None:
    """Write what FILE declares, with its doc comments, as Markdown.

    The program must be right, but for parameters that are not set. Exit status 1 if it is not.
    """
    compiled = compile_program(file, read, {})
    told = tuple(one for one in compiled.diagnostics if one.code != _UNSET)
    report(told, compiled)
    if any(one.severity == "error" for one in told):
        raise Exit(status.PROGRAM)
    text = page(compiled.checked.typed, file)
    if output == "-":
        sys.stdout.write(text)
    else:
        put(output, text.encode())
