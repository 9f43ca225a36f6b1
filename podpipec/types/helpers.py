"""Typing of `helper`: a container that runs beside the stages for as long as a `with`, and listens at a port."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.syntax import tree
from podpipec.types.commands import Here, command_of
from podpipec.types.content import UNKNOWN
from podpipec.types.declarations import Code, Helper, Input, Part, Port
from podpipec.types.evaluate import Constants
from podpipec.types.live import check_live
from podpipec.types.pods import cpu
from podpipec.types.services import Known, outside, urls
from podpipec.types.settings import Settings, gather
from podpipec.types.stages import CPU, MEMORY, code_of, ports

#: Ports that a program without privileges may listen at (IANA's user and dynamic ports, RFC 6335).
_FIRST, _LAST = 1024, 65535


def helper(
    declared: tree.Helper,
    known: Known,
    code: Mapping[str, str],
    constants: Constants,
    found: list[Diagnostic],
) -> Helper | None:
    """The typed helper; nothing if it lacks what all else hangs on."""
    settings = gather(f"the helper `{declared.name.text}`", declared.name.span, declared.settings, constants, found)
    inputs = _inputs(ports(declared.inputs, known.scopes, found), found)
    holes: dict[str, Part] = {port.name: Input(port.name) for port in inputs}
    file = code_of(settings, declared, code)
    if "code" in settings.by_word:
        holes["code"] = Code()
    holes.update(urls(holes, settings, known))
    lists = frozenset(port.name for port in inputs if port.content.lists)
    command = command_of(settings, Here(settings.owner, holes, lists, constants, known.scopes, found))
    cores = cpu(settings) if "cpu" in settings.by_word else CPU
    memory = settings.amount("memory", "Size", 1)
    port = _port(settings)
    if command is None or cores is None or port is None:
        return None
    size = MEMORY if memory is None else int(memory)
    image = settings.text("image")
    calls, secrets, _ = outside(settings, known)
    return Helper(declared.name, inputs, command, image, file, cores, size, port, settings.spans(), calls, secrets)


def _inputs(found_ports: tuple[Port, ...], found: list[Diagnostic]) -> tuple[Port, ...]:
    """A helper reads files and scalars when it starts; it is given no other helper."""
    check_live(found_ports, [port.name for port in found_ports], found)
    for port in found_ports:
        if port.content.transient:
            what = "helper" if port.content.live else "stream"
            message = f"a helper cannot be given the {what} `{port.content}`"
            help_ = "let a stage speak to both"
            found.append(error("T001", message, port.span, "not a file or a scalar", help=help_))
    return tuple(port._replace(content=UNKNOWN) if port.content.transient else port for port in found_ports)


def _port(settings: Settings) -> int | None:
    """Where it listens; nothing if that is not said, or cannot be."""
    if "port" not in settings.by_word:
        message, help_ = f"{settings.owner} has no `port`", "say where it listens: `port 6379`"
        settings.found.append(error("T009", message, settings.block, "how is it reached?", help=help_))
        return None
    scalar = settings.scalar("port", "Int")
    if scalar is None or isinstance(scalar.value, str | bool):
        return None
    if _FIRST <= scalar.value <= _LAST:
        return int(scalar.value)
    settings.found.append(
        error(
            "V003",
            f"`port` must be between {_FIRST} and {_LAST}",
            settings.by_word["port"].values[0].span,
            "out of bounds",
            help="lower ports need privileges that no container here has",
        )
    )
    return None
