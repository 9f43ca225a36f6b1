"""What the types can't say about a stage: its ports have names of their own, and its command names them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import CodePart, Exec, InputPart, OutputPart, Stage

#: What a program can call things.
NAME = re.compile(r"[^\W\d]\w*")


def check_stage(stage: Stage, path: str) -> None:
    """Raises PlanError for a stage that can't be meant."""
    inputs, outputs = {port.name for port in stage.inputs}, {port.name for port in stage.outputs}
    if len(inputs) != len(stage.inputs) or len(outputs) != len(stage.outputs) or inputs & outputs:
        raise PlanError(f"stage `{stage.name}` has two ports of one name", path)
    for name in (*inputs, *outputs):
        if not NAME.fullmatch(name):
            raise PlanError(f"`{name}` is not a name", path)
    for field, names in (("calls", stage.calls), ("secrets", stage.secrets)):
        for at, name in enumerate(names):
            if not NAME.fullmatch(name) or name in names[:at]:
                raise PlanError(f"`{name}` is not a name, or is there twice", f"{path}.{field}[{at}]")
    for field, least, number in (("retry", 0, stage.retry), ("timeout", 1, stage.timeout)):
        if number is not None and number < least:
            raise PlanError(f"{number} is less than {least}", f"{path}.{field}")
    if stage.code is not None and not _plain_file(stage.code.name):
        raise PlanError(f"`{stage.code.name}` is not a plain file name", f"{path}.code.name")
    if isinstance(stage.command, Exec) and not stage.command.words:
        raise PlanError("an empty command", f"{path}.command.words")
    for part_path, part in _parts(stage, f"{path}.command"):
        if isinstance(part, InputPart) and part.name not in inputs:
            raise PlanError(f"stage `{stage.name}` has no input `{part.name}`", part_path)
        if isinstance(part, OutputPart) and part.name not in outputs:
            raise PlanError(f"stage `{stage.name}` has no output `{part.name}`", part_path)
        if isinstance(part, CodePart) and stage.code is None:
            raise PlanError(f"stage `{stage.name}` has no code", part_path)
        if isinstance(part, str) and "\0" in part:
            raise PlanError("a command can't hold a NUL", part_path)
    _check_words(stage, f"{path}.command.words")


def _plain_file(name: str) -> bool:
    parts = name.split("/")
    return bool(name) and "\0" not in name and not any(part in ("", ".", "..") for part in parts)


def _parts(stage: Stage, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(stage.command, Exec):
        for at, word in enumerate(stage.command.words):
            for of, part in enumerate(word):
                yield f"{path}.words[{at}][{of}]", part
    else:
        for at, part in enumerate(stage.command.script):
            yield f"{path}.script[{at}]", part


def _check_words(stage: Stage, path: str) -> None:
    """A list has no one text that could stand inside a word."""
    lists = {port.name for port in stage.inputs if port.content.endswith("[]")}
    words = stage.command.words if isinstance(stage.command, Exec) else ()
    for at, word in enumerate(words):
        for part in word:
            if isinstance(part, InputPart) and part.name in lists and len(word) > 1:
                raise PlanError(f"the list `{part.name}` must be a word of its own", f"{path}[{at}]")
