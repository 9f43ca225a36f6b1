"""The results of a run: where they are, and copies of them for the user."""

from __future__ import annotations

import os
import sys

from podpipec.cli.misused import Misused
from podpipec.names.builtin import ENDINGS
from podpipec.types.units import size_text
from podpipec_runtime.outcome import Outcome, ResultValue
from podpipec_runtime.plan.types import Macro, Plan

_ENDING_OF = {content: ending for ending, content in reversed(ENDINGS.items())}


def print_results(outcome: Outcome) -> None:
    """A line for each result on standard output: name, bytes, place and paths."""
    for result in outcome.results:
        if not result.paths and not result.place:
            sys.stdout.write(f"{result.name}  {_line(result.text)}\n")
            continue
        where = result.paths[0] if len(result.paths) == 1 else f"{len(result.paths)} elements"
        sys.stdout.write(f"{result.name}  {size_text(result.bytes)}  {result.place}  {where}\n")
        if len(result.paths) > 1:
            sys.stdout.writelines(f"  {path}\n" for path in result.paths)


def _line(text: str) -> str:
    """A scalar on one line of a terminal."""
    return text if text.isprintable() else repr(text)


def export(plan: Plan | Macro, outcome: Outcome, folder: str) -> None:
    """Copy results into a folder, each whole or not at all; a list becomes a folder of its elements."""
    contents = {result.name: result.content for result in plan.results}
    try:
        os.makedirs(folder, exist_ok=True)
        for result in outcome.results:
            _export(result, contents.get(result.name, ""), folder)
    except OSError as problem:
        raise Misused(f"cannot write to {folder}: {problem.strerror}") from None


def _export(result: ResultValue, content: str, folder: str) -> None:
    import tempfile  # few runs copy their results

    ending = _ENDING_OF.get(content.removesuffix("[]"), "")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".out-") as temporary:
        if content.endswith("[]"):
            source = os.path.join(temporary, "list")
            os.mkdir(source)
            width = len(str(len(result.paths)))
            for index, path in enumerate(result.paths):
                _copy(path, os.path.join(source, f"{index:0{width}}{ending}"))
            target = os.path.join(folder, result.name)
        elif not result.paths:
            source = os.path.join(temporary, "text")
            with open(source, "w", encoding="utf-8", newline="") as file:
                file.write(result.text + "\n")
            target = os.path.join(folder, result.name + ".txt")
        else:
            source = os.path.join(temporary, "one")
            _copy(result.paths[0], source)
            target = os.path.join(folder, result.name + ending)
        if os.path.isdir(target):
            os.rename(target, os.path.join(temporary, "before"))
        os.replace(source, target)


def _copy(source: str, target: str) -> None:
    """A copy that the user may write to: what the store holds is sealed."""
    import shutil

    if os.path.isdir(source):
        shutil.copytree(source, target, copy_function=shutil.copyfile)
        for path, folders, _ in os.walk(target):
            for name in (".", *folders):
                os.chmod(os.path.join(path, name), 0o755)  # noqa: S103  # a folder of the user's own
    else:
        shutil.copyfile(source, target)
