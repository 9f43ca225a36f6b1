"""Programs on disk, the commands that are run on them, and the golden text that shows both.

A case is one file, or a folder with the files that its program is made of. A first line `# podpipec …` says how it is
called; without one it is checked.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from podpipec.cli.group import podpipec

_CALLED = "# podpipec "


class TextExtension(SingleFileSnapshotExtension):
    """One text file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class Case(NamedTuple):
    """The files of a program, and the shell lines that are run beside them; the last of them calls podpipec."""

    name: str
    files: Mapping[str, str]
    lines: tuple[str, ...]


class Outcome(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


def read_case(path: Path) -> Case:
    """The case in a file, or in a folder whose program begins in `main.flow`."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.is_file())
        files = {file.relative_to(path).as_posix(): file.read_text("utf-8") for file in found}
        entry = "main.flow"
    else:
        entry = path.name
        files = {entry: path.read_text("utf-8")}
    first = files[entry].partition("\n")[0]
    line = first.removeprefix("# ") if first.startswith(_CALLED) else f"podpipec check {entry}"
    return Case(path.name.removesuffix(".flow"), files, (line,))


def cases(folder: Path) -> list[Case]:
    """All cases of a folder, by name."""
    return [read_case(path) for path in sorted(folder.iterdir()) if path.is_dir() or path.suffix == ".flow"]


def run(case: Case, folder: Path) -> Outcome:
    """Write a case's files to an empty folder and run its lines there; how the last one ended."""
    for name, text in case.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    with _inside(folder):
        for line in case.lines[:-1]:
            subprocess.run(["sh", "-c", line], check=True)
        return call(shlex.split(case.lines[-1])[1:])


def call(words: Sequence[str]) -> Outcome:
    """Run a command in this process, with nothing remembered. What it does not foresee is raised, not made a status."""
    result = CliRunner(env={"PODPIPEC_CACHE": "off"}).invoke(
        podpipec, list(words), prog_name="podpipec", catch_exceptions=False
    )
    return Outcome(result.exit_code, result.stdout, result.stderr)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def golden(case: Case, outcome: Outcome) -> str:
    """The sources above, what the command printed below."""
    blocks = [f"════ {name}\n{text.rstrip()}\n" for name, text in case.files.items()]
    called = "".join(f"════ $ {line}\n" for line in case.lines)
    blocks.append(f"{called}{outcome.err}{outcome.out}════ exit status {outcome.status}\n")
    return "\n".join(blocks)
