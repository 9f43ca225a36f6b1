"""Whether a call is given what it asks for: each argument once, of the right content."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import fits
from podpipec.types.typed import Parameter, Port, Value


def arguments(
    callee: str,
    call: tree.Call,
    given: Sequence[tuple[tree.Argument, Value]],
    wanted: Sequence[Port | Parameter],
    declared: Span,
    found: list[Diagnostic],
) -> dict[str, Value] | None:
    """The arguments by the names of what asks for them, in its order; nothing if they do not fit."""
    before = len(found)
    args: dict[str, Value] = {}
    by_name = {port.name: port for port in wanted}
    positions = iter(wanted)
    for argument, value in given:
        port = by_name.get(argument.name.text) if argument.name else next(positions, None)
        if port is None:
            found.append(_surplus(callee, argument, by_name, declared))
            continue
        if port.name in args:
            found.append(
                error(
                    "T002",
                    f"`{port.name}` is given twice",
                    argument.span,
                    "again here",
                    (args[port.name].span, "first given here"),
                )
            )
            continue
        args[port.name] = value
        _check(callee, value, port, found)
    missing = [port for port in wanted if port.name not in args]
    if missing and len(found) == before:
        names = ", ".join(f"`{port.name}: {port.content}`" for port in missing)
        found.append(
            error(
                "T002",
                f"{callee} is not given {names}",
                call.span,
                "too few arguments",
                (missing[0].span, "asked for here"),
            )
        )
    return {port.name: args[port.name] for port in wanted} if len(found) == before else None


def _surplus(callee: str, argument: tree.Argument, by_name: dict[str, Port | Parameter], declared: Span) -> Diagnostic:
    if argument.name:
        return error(
            "T002",
            f"{callee} has no input `{argument.name.text}`",
            argument.name.span,
            "not an input",
            (declared, "declared here"),
            help=did_you_mean(argument.name.text, by_name) or _inputs(by_name),
        )
    return error(
        "T002",
        f"{callee} is given too much",
        argument.span,
        "one too many",
        (declared, "declared here"),
        help=_inputs(by_name),
    )


def _inputs(by_name: dict[str, Port | Parameter]) -> str:
    return f"its inputs are {', '.join(f'`{name}`' for name in by_name)}" if by_name else "it has no inputs"


def _check(callee: str, value: Value, port: Port | Parameter, found: list[Diagnostic]) -> None:
    if isinstance(port, Parameter) and port.snapshot is not None:
        if value.origin is not None and value.snapshot != port.snapshot.name.text:
            found.append(
                error(
                    "T001",
                    f"{callee} asks for a slice of `{port.snapshot.name.text}`",
                    value.span,
                    f"this is {_shown(value)}",
                    (port.span, "asked for here"),
                )
            )
        return
    if not fits(value.content, port.content):
        help_: tuple[str, ...] = ()
        if (
            value.content.lists < port.content.lists
            and value.content._replace(lists=port.content.lists) == port.content
        ):
            help_ = ("it asks for a list: collect one with `each`, or take its `[]` away",)
        elif value.content.lists > port.content.lists:
            help_ = ("this is a list: go over it with `each x in … { … }`",)
        elif port.content.name in ("Float", "Int", "Size", "Duration", "Bool") and value.content.name == "String":
            help_ = ("take the quotes away",)
        found.append(
            error(
                "T001",
                f"{callee} asks for `{port.content}` and is given `{value.content}`",
                value.span,
                f"this is {_shown(value)}",
                (port.span, f"`{port.name}` is asked for here"),
                help=help_,
            )
        )


def _shown(value: Value) -> str:
    return f"a slice of `{value.snapshot}`" if value.snapshot else a(f"`{value.content}`")
