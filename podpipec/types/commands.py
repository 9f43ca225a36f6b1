"""Typing of a command: the words of `run` or the script of `sh`, with the holes that ports, code and services fill."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.names.scope import Scopes
from podpipec.syntax import tree
from podpipec.syntax.strings import script
from podpipec.types import scalars
from podpipec.types.declarations import Command, Part
from podpipec.types.evaluate import Constants
from podpipec.types.services import in_command
from podpipec.types.settings import Settings
from podpipec_runtime.tuples import NamedTuple


class Here(NamedTuple):
    """What the expressions of a stage, or helper, can see."""

    owner: str
    ports: Mapping[str, Part]
    lists: frozenset[str]
    constants: Constants
    scopes: Scopes
    found: list[Diagnostic]


def command_of(settings: Settings, here: Here) -> Command | None:
    """What a block runs: its `run` or its `sh`."""
    run, sh = settings.by_word.get("run"), settings.by_word.get("sh")
    if run is not None and sh is not None:
        here.found.append(
            error(
                "T009",
                f"{settings.owner} has both `run` and `sh`",
                sh.span,
                "one too many",
                (run.span, "the other"),
                help="keep one of them",
            )
        )
        return None
    if run is not None:
        return _run(run, here)
    if sh is not None:
        return _sh(sh, here)
    here.found.append(
        error(
            "T009",
            f"{settings.owner} runs nothing",
            settings.block,
            "neither `run` nor `sh`",
            help='write `run ["command", …]` or `sh """…"""`',
        )
    )
    return None


def _run(setting: tree.Setting, here: Here) -> Command | None:
    words = setting.values[0]
    if not isinstance(words, tree.ListOf) or not words.items:
        here.found.append(error("T009", "`run` needs at least the command's name", setting.span))
        return None
    for word in words.items:
        _check_list(word, here)
    return Command(False, tuple(_word(word, here) for word in words.items), setting.span)


def _check_list(word: tree.Expression, here: Here) -> None:
    """A list is many words, and so cannot be a part of one."""
    parts = word.parts if isinstance(word, tree.String) else ()
    for part in parts if len(parts) > 1 else ():
        if isinstance(part, tree.Hole) and isinstance(part.value, tree.Name) and part.value.text in here.lists:
            here.found.append(
                error(
                    "T001",
                    f"the list `{part.value.text}` cannot be a part of a word",
                    part.span,
                    "many files, one word",
                    help=f"make it a word of its own: `{part.value.text}`",
                )
            )


def _word(word: tree.Expression, here: Here) -> tuple[Part, ...]:
    if isinstance(word, tree.String):
        return tuple(part if isinstance(part, str) else _hole(part, here) for part in word.parts) or ("",)
    if isinstance(word, tree.Name) and word.text in here.ports:
        return (here.ports[word.text],)
    return (_constant(word, here),)


def _hole(hole: tree.Hole, here: Here) -> Part:
    if isinstance(hole.value, tree.Name) and hole.value.text in here.ports:
        return here.ports[hole.value.text]
    if isinstance(hole.value, tree.Name) and hole.value.text and not _is_constant(hole.value, here):
        return _unknown(hole.value, here)
    return here.constants.hole(hole) or ""


def _constant(word: tree.Expression, here: Here) -> str:
    if isinstance(word, tree.Name) and not _is_constant(word, here):
        return _unknown(word, here)
    scalar = here.constants.value(word)
    return "" if scalar is None else scalars.text(scalar)


def _is_constant(name: tree.Name, here: Here) -> bool:
    declared = here.scopes[name.span.path].get(name.text)
    return name.text in ("true", "false") or not isinstance(declared, tree.Service | tree.Secret | None)


def _unknown(name: tree.Name, here: Here) -> str:
    other = in_command(name, here.owner, here.scopes)
    if other is not None:
        here.found.append(other)
        return ""
    if name.text in ("window", "shard"):
        help_: tuple[str, ...] = (
            f"a stage knows only what it is given: add an input `{name.text}: String`, "
            f'and pass "{{{name.text}}}" in the flow',
        )
    else:
        names = [
            other for other, what in here.scopes[name.span.path].items() if isinstance(what, tree.Const | tree.Param)
        ]
        help_ = did_you_mean(name.text, (*here.ports, *names)) or (
            f"it has {', '.join(f'`{port}`' for port in here.ports) or 'no inputs or outputs'}",
        )
    here.found.append(
        error(
            "N001",
            f"unknown name `{name.text}` in {here.owner}",
            name.span,
            "declared nowhere",
            help=help_,
        )
    )
    return ""


def _sh(setting: tree.Setting, here: Here) -> Command | None:
    value = setting.values[0]
    if not isinstance(value, tree.String):
        here.found.append(error("T003", "`sh` takes a script in quotes", value.span, help='write `sh """…"""`'))
        return None
    parts = tuple(part if isinstance(part, str) else _script_hole(part, here) for part in script(value))
    if not any((isinstance(part, str) and part.strip()) or not isinstance(part, str) for part in parts):
        here.found.append(error("T009", "this script is empty", value.span))
        return None
    return Command(True, (parts,), setting.span)


def _script_hole(hole: tree.Hole, here: Here) -> Part:
    if isinstance(hole.value, tree.Name) and hole.value.text not in here.ports and not _is_constant(hole.value, here):
        before = len(here.found)
        _unknown(hole.value, here)
        text = hole.value.text
        if text in here.scopes[hole.value.span.path]:
            return ""
        here.found[before] = here.found[before]._replace(
            help=(
                *here.found[before].help,
                f"if the shell is to see the braces, double them: `{{{{{text}}}}}`",
            )
        )
        return ""
    return _hole(hole, here)
