"""From a stage's command template to the words that are started."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from podpipec_runtime.interpreter.commands import Argument, Source, Text
from podpipec_runtime.plan.types import Code, CodePart, Exec, InputPart, OutputPart, Part, Stage


def words(
    stage: Stage,
    args: Mapping[str, Argument],
    outputs: Mapping[str, str],
    code: str,
    path: Callable[[Source], str],
) -> list[str]:
    """The words of `stage`'s command. A list is as many words as it has elements; in a shell's script each
    of what is not the script's own text is quoted."""

    def fill(part: Part) -> list[str]:
        match part:
            case str():
                return [part]
            case InputPart():
                return _texts(args[part.name], path)
            case OutputPart():
                return [outputs[part.name]]
            case CodePart():
                return [code]

    if isinstance(stage.command, Exec):
        found: list[str] = []
        for word in stage.command.words:
            filled = [fill(part) for part in word]
            found += filled[0] if len(filled) == 1 else ["".join(text for texts in filled for text in texts)]
        return found
    script = "".join(
        part if isinstance(part, str) else " ".join(quoted(text) for text in fill(part))
        for part in stage.command.script
    )
    return ["sh", "-eu", "-c", script]


def _texts(argument: Argument, path: Callable[[Source], str]) -> list[str]:
    """The words for an argument, those of nested lists one after another."""
    if isinstance(argument, Source):
        return [path(argument)]
    if isinstance(argument, Text):
        return [argument.text]
    return [text for each in argument for text in _texts(each, path)]


def sources(args: tuple[tuple[str, Argument], ...]) -> list[Source]:
    """Everything that a call reads."""
    found: list[Source] = []
    stack: list[Argument] = [argument for _, argument in args]
    while stack:
        argument = stack.pop()
        if isinstance(argument, Source):
            found.append(argument)
        elif not isinstance(argument, Text):
            stack.extend(argument)
    return found


def quoted(text: str) -> str:
    """`text` as one word for a POSIX shell."""
    plain = text and all((char.isalnum() and char.isascii()) or char in "-_./:=@%+," for char in text)
    return text if plain else "'" + text.replace("'", "'\"'\"'") + "'"


def shown(command: list[str]) -> str:
    """The command as one would type it."""
    return " ".join(quoted(word) for word in command)


def code_name(code: Code) -> str:
    """The file name of a stage's code."""
    return code.name.rsplit("/", 1)[-1]
