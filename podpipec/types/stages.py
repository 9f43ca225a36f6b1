"""Typing of `stage`: its ports, its settings, its bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.loading import beside, code_path
from podpipec.names.scope import Scopes
from podpipec.syntax import tree
from podpipec.types.commands import Here, command_of
from podpipec.types.content import UNKNOWN, resolve
from podpipec.types.declarations import PLACES, Code, Input, Output, Part, Place, Port, Stage
from podpipec.types.evaluate import Constants
from podpipec.types.live import check_live
from podpipec.types.modes import check_port, mode_of
from podpipec.types.pods import cpu
from podpipec.types.services import Known, outside, urls
from podpipec.types.settings import Settings, gather

#: What a container gets where nothing is said: thousandths of a core, bytes.
CPU = 1000
MEMORY = 512 * 2**20
_MOST_RETRIES = 1000


def stage(
    declared: tree.Stage,
    known: Known,
    code: Mapping[str, str],
    constants: Constants,
    found: list[Diagnostic],
) -> Stage | None:
    """The typed stage; nothing if it lacks what all else hangs on."""
    scopes = known.scopes
    settings = gather(f"the stage `{declared.name.text}`", declared.name.span, declared.settings, constants, found)
    inputs = ports(declared.inputs, scopes, found)
    outputs = ports(declared.outputs, scopes, found)
    file = code_of(settings, declared, code)
    _check_ports(inputs, outputs, settings, found)
    check_live((*inputs, *outputs), [port.name for port in inputs], found)
    holes: dict[str, Part] = {port.name: Input(port.name) for port in inputs}
    holes.update((port.name, Output(port.name)) for port in outputs)
    if "code" in settings.by_word:
        holes["code"] = Code()
    holes.update(urls(holes, settings, known))
    lists = frozenset(port.name for port in inputs if port.content.lists)
    before = len(found)
    command = command_of(settings, Here(settings.owner, holes, lists, constants, scopes, found))
    if command is not None and any(diagnostic.code == "N001" for diagnostic in found[before:]):
        command = command._replace(whole=False)
    cores = cpu(settings) if "cpu" in settings.by_word else CPU
    memory = settings.amount("memory", "Size", 1)
    retry = settings.amount("retry", "Int")
    timeout = settings.amount("timeout", "Duration", 1)
    if command is None or cores is None:
        return None
    if retry is not None and retry > _MOST_RETRIES:
        found.append(
            error(
                "V003",
                f"`retry` must be at most {_MOST_RETRIES}",
                settings.by_word["retry"].span,
                "out of bounds",
            )
        )
    return Stage(
        declared.name,
        inputs,
        outputs,
        command,
        settings.text("image"),
        file,
        cores,
        MEMORY if memory is None else int(memory),
        _sizes(settings, outputs),
        int(retry or 0),
        None if timeout is None else -int(-timeout // 1),
        settings.spans(),
        *outside(settings, known),
    )


def ports(parameters: Iterable[tree.Parameter], scopes: Scopes, found: list[Diagnostic]) -> tuple[Port, ...]:
    """The typed parameters, in order; a name that is there twice is a diagnostic."""
    seen: dict[str, Port] = {}
    for parameter in parameters:
        if isinstance(parameter.type, tree.Callable):
            found.append(
                error(
                    "T001",
                    "a stage cannot be given a stage",
                    parameter.type.span,
                    "only a flow can call it",
                    help="make a flow of it",
                )
            )
            continue
        content = resolve(parameter.type, scopes, found)
        port = Port(
            parameter.name.text,
            content,
            place_of(parameter.place, found),
            parameter.span,
            mode_of(parameter, content, found),
        )
        check_port(parameter, found)
        if port.name in seen:
            found.append(
                error(
                    "N002",
                    f"`{port.name}` is there twice",
                    parameter.name.span,
                    "again here",
                    (seen[port.name].span, "first here"),
                )
            )
        if port.content.lists > 1:
            found.append(
                error(
                    "T001",
                    f"`{port.content}` is a list of lists",
                    parameter.type.span,
                    help="one `[]` is as deep as lists go",
                )
            )
            port = port._replace(content=UNKNOWN)
        seen.setdefault(port.name, port)
    return tuple(seen.values())


def place_of(name: tree.Name | None, found: list[Diagnostic]) -> Place | None:
    """The place of that name."""
    if name is None:
        return None
    for place in PLACES:
        if place == name.text:
            return place
    found.append(
        error(
            "N001",
            f"unknown place `{name.text}`",
            name.span,
            "no such place",
            help=did_you_mean(name.text, PLACES) or "places are `ram`, `node`, `volume` and `remote`",
        )
    )
    return None


def _check_ports(
    inputs: tuple[Port, ...], outputs: tuple[Port, ...], settings: Settings, found: list[Diagnostic]
) -> None:
    first = {port.name: port.span for port in inputs}
    for port in outputs:
        if port.name in first:
            found.append(
                error(
                    "N002",
                    f"`{port.name}` is an input and an output",
                    port.span,
                    "written here",
                    (first[port.name], "read here"),
                    help="a stage writes what is new: give the output a name of its own",
                )
            )
        if port.content.scalar and port.content.lists:
            found.append(
                error(
                    "T001",
                    f"the output `{port.name}` cannot be {a(f'`{port.content}`')}",
                    port.span,
                    "a stage gives one scalar, or files",
                    help="make it a `Text` or `Json`",
                )
            )
        if port.mode:
            found.append(error("T016", "an output is written, not consumed", port.span, help="take the `consume` away"))
        if port.place is not None:
            found.append(
                error(
                    "T013",
                    "where an output lies is the flow's to say",
                    port.span,
                    help=f"in the flow: `{port.name} in {port.place} = …`",
                )
            )
    for port in inputs:
        if port.content.scalar and port.place is not None:
            found.append(error("T013", "a scalar lies nowhere", port.span, help="take the `in` away"))
    code = settings.by_word.get("code")
    for port in (*inputs, *outputs):
        if code is not None and port.name == "code":
            found.append(
                error(
                    "N002",
                    "`code` is the stage's code file here",
                    port.span,
                    "another meaning",
                    (code.span, "the code file"),
                    help="rename it",
                )
            )


def code_of(settings: Settings, declared: tree.Stage | tree.Helper, code: Mapping[str, str]) -> tuple[str, str] | None:
    """The name and text of the code file that a block names."""
    setting = settings.by_word.get("code")
    if setting is None:
        return None
    path = code_path(setting)
    if path is None:
        settings.found.append(
            error(
                "T003",
                "`code` takes the path of a file beside this one",
                setting.values[0].span,
                help='write it like `code "clean.py"`',
            )
        )
        return None
    text = code.get(beside(declared.span.path, path))
    return None if text is None else (path.rsplit("/", 1)[-1], text)


def _sizes(settings: Settings, outputs: tuple[Port, ...]) -> dict[str, tree.Expression]:
    names = [port.name for port in outputs]
    sizes: dict[str, tree.Expression] = {}
    for setting in settings.by_word.values():
        if setting.target is None:
            continue
        if any(port.name == setting.target.text and port.content.scalar for port in outputs):
            settings.found.append(
                error(
                    "T013",
                    f"the output `{setting.target.text}` is a scalar, and lies nowhere",
                    setting.span,
                    "no bound is needed",
                    help="take the line away",
                )
            )
        elif setting.target.text in names:
            sizes[setting.target.text] = setting.values[0]
        else:
            settings.found.append(
                error(
                    "N001",
                    f"{settings.owner} has no output `{setting.target.text}`",
                    setting.target.span,
                    "not an output",
                    help=did_you_mean(setting.target.text, names) or _outputs_are(names),
                )
            )
    return sizes


def _outputs_are(names: list[str]) -> tuple[str, ...]:
    return (f"its outputs are {', '.join(f'`{name}`' for name in names)}",) if names else ("it has no outputs",)
