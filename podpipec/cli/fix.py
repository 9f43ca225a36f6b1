"""`podpipec fix`: apply the edits that diagnostics speak of."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from podpipec.cli import rewriting, status
from podpipec.cli.options import Exit, param_option, program_argument
from podpipec.cli.reading import read
from podpipec.cli.report import report
from podpipec.compiler import compile_program
from podpipec.diagnostics import Diagnostic
from podpipec.diagnostics.mending import Change, Mended, mend
from podpipec.names.loading import Reader, Unreadable

_MARK = "\ufeff"  # a byte order mark, which is no part of the program


@click.command()
@program_argument
@param_option
@click.option("--all", "suggestions", is_flag=True, help="Apply what is only likely to be meant, too.")
@click.option("--dry-run", is_flag=True, help="Say what would be changed, and write nothing.")
@click.option("--diff", is_flag=True, help="Print the change as a unified diff, and write nothing.")
def command(file: str, param: dict[str, str], suggestions: bool, dry_run: bool, diff: bool) -> None:
    """Mend FILE where it is certain what was meant. Files that it uses are left alone.

    An edit after which there are not fewer mistakes is taken back. Exit status 0 if the program is right with the
    changes, 1 if something is left.
    """
    reader = _once(read)
    content = reader(file)
    text = _text(content)
    if text is None:  # what cannot be read is told as by `check`
        raise Exit(_finish(file, reader, param))
    body = text.removeprefix(_MARK)
    mended = mend(file, body, lambda other: _compile(file, other, reader, param), suggestions)
    if diff:
        sys.stdout.writelines(rewriting.diff(file, body, mended.text))
    elif mended.changes:
        sys.stdout.writelines(_line(file, change) for change in mended.changes)
    if mended.text != body and not (dry_run or diff):
        assert isinstance(content, bytes)  # it was text
        rewriting.rewrite(file, content, (text[: len(text) - len(body)] + mended.text).encode())
    code = _finish(file, _with(reader, file, mended.text), param)
    sys.stderr.writelines(_hints(file, mended, suggestions))
    if code == status.OK and not diff:
        sys.stdout.write(f"{file}: ok{', once this is done' if dry_run and mended.changes else ''}\n")
    raise Exit(code)


def _text(content: bytes | Unreadable) -> str | None:
    try:
        return None if isinstance(content, Unreadable) else content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _once(reader: Reader) -> Reader:
    """A reader that reads each file once: a program is checked many times, and must not change meanwhile."""
    known: dict[str, bytes | Unreadable] = {}

    def remembered(path: str) -> bytes | Unreadable:
        if path not in known:
            known[path] = reader(path)
        return known[path]

    return remembered


def _with(reader: Reader, file: str, text: str) -> Reader:
    """A reader for which one file has another text."""
    return lambda path: text.encode() if path == file else reader(path)


def _compile(file: str, text: str, reader: Reader, param: dict[str, str]) -> tuple[Diagnostic, ...]:
    return compile_program(file, _with(reader, file, text), param).diagnostics


def _finish(file: str, reader: Reader, param: dict[str, str]) -> int:
    """Print what is left, and give the exit status."""
    compiled = compile_program(file, reader, param)
    report(compiled.diagnostics, compiled)
    return status.OK if compiled.ok else status.PROGRAM


def _line(file: str, change: Change) -> str:
    before, after = change.before.strip(), change.after.strip()
    what = (
        f"`{before}` is now `{after}`" if before and after else f"added `{after}`" if after else f"took `{before}` away"
    )
    return f"{file}:{change.line}: {change.code}: {what}\n"


def _hints(file: str, mended: Mended, suggestions: bool) -> Iterator[str]:
    """What else could be mended, and how."""
    fixes = [diagnostic.fix for diagnostic in mended.found if diagnostic.fix is not None]
    if not suggestions and any(fix.span.path == file and fix.certainty == "suggestion" for fix in fixes):
        yield f"some of this is likely to be meant otherwise: podpipec fix --all {file}\n"
    if any(fix.span.path == file and (suggestions or fix.certainty == "safe") for fix in fixes):
        yield "some edits were taken back: with them there would be other mistakes instead\n"
    for path in sorted({fix.span.path for fix in fixes if fix.span.path != file}):
        yield f"some of this can be mended in another file: podpipec fix {path}\n"
