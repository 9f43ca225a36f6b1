"""`podpipec fmt`: lay out programs in the one way that all of them share."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from podpipec.cli import status
from podpipec.cli.colours import colours
from podpipec.cli.options import Exit
from podpipec.cli.reading import read
from podpipec.cli.rewriting import diff, rewrite
from podpipec.diagnostics import Diagnostic
from podpipec.diagnostics.terminal import COLOUR, PLAIN, render
from podpipec.format import UnsafeError, formatted
from podpipec.names.loading import Unreadable, load
from podpipec.source import Source

_STDIN = "-"
_MARK = b"\xef\xbb\xbf"  # a byte order mark, which is no part of the program


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE…|-")
@click.option("--check", is_flag=True, help="Write nothing; list the files that are laid out otherwise.")
@click.option("--diff", "as_diff", is_flag=True, help="Write nothing; print what would change as a unified diff.")
def command(files: tuple[str, ...], check: bool, as_diff: bool) -> None:
    """Lay out each FILE, in its place; with -, standard input to standard output.

    The program stays the same and every comment is kept. A file whose syntax is broken is left alone. Exit status 0 if
    all is well, 1 if a file is broken or, with --check, would change.
    """
    if _STDIN in files and len(files) > 1:
        raise click.UsageError("- stands for standard input and can't be mixed with files")
    raise Exit(max(_one(file, check, as_diff) for file in dict.fromkeys(files)))


def _one(file: str, check: bool, as_diff: bool) -> int:
    """Lay out one file, and give the exit status."""
    piped = file == _STDIN
    name = "<stdin>" if piped else file
    content = sys.stdin.buffer.read() if piped else read(file)
    program, found = load(name, lambda path: content if path == name else Unreadable("it is not asked for"))
    if name not in program.files or isinstance(content, Unreadable):
        return _broken(found, {})
    source = program.files[name].source
    try:
        text, diagnostics = formatted(source)
    except UnsafeError as problem:
        return _own_mistake(name, problem)
    if diagnostics:
        return _broken(diagnostics, {name: source})
    mark = _MARK if content.startswith(_MARK) else b""
    after = mark + text.encode()
    changed = after != content
    if as_diff:
        sys.stdout.writelines(diff(name, source.text, text))
    if check and changed:
        sys.stderr.write(f"{name}: would be laid out otherwise\n")
    if not check and not as_diff:
        _write(file, content, after)
    return status.PROGRAM if check and changed else status.OK


def _write(file: str, before: bytes, after: bytes) -> None:
    if file == _STDIN:
        sys.stdout.buffer.write(after)
    elif before != after:
        rewrite(file, before, after)
        sys.stdout.write(f"{file}: laid out\n")


def _broken(diagnostics: Sequence[Diagnostic], sources: dict[str, Source]) -> int:
    sys.stderr.write(render(tuple(diagnostics), sources, COLOUR if colours(sys.stderr) else PLAIN))
    return status.PROGRAM


def _own_mistake(name: str, problem: UnsafeError) -> int:
    sys.stderr.write(
        f"{name}: left as it is, for podpipec made a mistake of its own: {problem}\n"
        "Please report it with the program that led to it.\n"
    )
    return status.INTERNAL
