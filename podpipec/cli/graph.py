"""`podpipec graph`: a flow as a drawing."""

from __future__ import annotations

import os
import sys
import tempfile

import click

from podpipec.cli import status
from podpipec.cli.options import Exit, flow_option, param_option, program_argument
from podpipec.cli.planning import NoFlowError, choose
from podpipec.cli.reading import read
from podpipec.cli.report import report
from podpipec.compiler import compile_program
from podpipec.graph.nodes import Graph


@click.command()
@program_argument
@param_option
@flow_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "svg"]),
    help="By default what the ending of the output says, else mermaid.",
)
@click.option("-o", "--output", default="-", metavar="FILE|-", help="Where to write it, or - for standard output.")
def command(file: str, param: dict[str, str], flow: str | None, form: str | None, output: str) -> None:
    """Draw a flow in FILE: where each value lies and how large it can be, which calls share a slot and swap its image,
    what is kept.

    Mermaid and DOT are text for other programs; an SVG is complete and needs none.
    """
    compiled = compile_program(file, read, param)
    report(compiled.diagnostics, compiled)
    if not compiled.ok:
        raise Exit(status.PROGRAM)
    try:
        graph = choose(compiled, file, flow)
    except NoFlowError as problem:
        raise click.UsageError(str(problem)) from None
    _write(_drawn(graph, form or _by_ending(output)), output)


def _by_ending(output: str) -> str:
    endings = {".svg": "svg", ".dot": "dot", ".gv": "dot"}
    return endings.get(os.path.splitext(output)[1].lower(), "mermaid")


def _drawn(graph: Graph, form: str) -> str:
    from podpipec.drawing import dot, mermaid, svg
    from podpipec.drawing.layout.values import TooLargeError
    from podpipec.drawing.picture import picture

    drawing = picture(graph)
    if form == "dot":
        return dot.render(drawing)
    if form == "mermaid":
        if len(drawing.arrows) > mermaid.MOST_EDGES:
            sys.stderr.write(
                f"note: it has {len(drawing.arrows)} edges, and Mermaid draws more than {mermaid.MOST_EDGES} only "
                "where its setting `maxEdges` allows it; --format svg has no such limit\n"
            )
        return mermaid.render(drawing)
    try:
        return svg.render(drawing)
    except TooLargeError:
        raise click.UsageError(
            "the flow is too large for a drawing that one could look at: "
            "take --format dot and a program for large graphs"
        ) from None


def _write(text: str, output: str) -> None:
    """To standard output, or whole or not at all into a file."""
    if output == "-":
        sys.stdout.write(text)
        return
    folder, name = os.path.split(output)
    try:
        os.makedirs(folder or ".", exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder or ".", prefix=f".{name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, output)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError as problem:
        raise click.UsageError(f"cannot write {output}: {problem.strerror}") from None
