"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

#: Ends a command with a status.
Exit = click.exceptions.Exit

_Command = Callable[..., Any]


def pairs(ctx: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
    """`name=value` words as a mapping; each name once."""
    found: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"`{word}` is not of the form name=value", ctx, parameter)
        if name in found:
            raise click.BadParameter(f"`{name}` is given twice", ctx, parameter)
        found[name] = value
    return found


program_argument = click.argument("file", type=click.Path())

param_option = click.option(
    "--param",
    multiple=True,
    callback=pairs,
    metavar="NAME=VALUE",
    help="The value of a parameter of the program; may be repeated.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")

pods_option = click.option(
    "--pods",
    type=click.IntRange(min=1, max=10_000),
    metavar="N",
    help="At most N pods of a kind, for a flow across pods; by default as many as its widest fan-out uses, up to 32.",
)

flow_option = click.option("--flow", metavar="NAME", help="Which flow, if the program has several that can be started.")
