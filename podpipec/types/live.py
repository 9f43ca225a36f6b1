"""Helpers and streams as inputs and outputs: they are no values, and lie nowhere."""

from __future__ import annotations

from collections.abc import Container, Iterable

from podpipec.diagnostics import Diagnostic, error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.declarations import Port


def check_live(ports: Iterable[Port], inputs: Container[str], found: list[Diagnostic]) -> None:
    """Whether the ports of a stage or helper are such that helpers and streams may be given for them."""
    for port in ports:
        if port.content.stream:
            _check_stream(port, found)
        if not port.content.live:
            continue
        if port.name not in inputs:
            message = f"the output `{port.name}` cannot be {a(f'`{port.content}`')}"
            found.append(error("T001", message, port.span, "a helper", help="a `with` starts a helper, no stage does"))
        elif port.place is not None:
            found.append(error("T013", "a helper lies nowhere", port.span, help="take the `in` away"))


def _check_stream(port: Port, found: list[Diagnostic]) -> None:
    if port.content.lists:
        help_ = "take the `[]` away, or write files: `T[]`"
        found.append(error("T001", f"`{port.content}` is a list of pipes", port.span, "one pipe an input", help=help_))
    if port.place is not None:
        found.append(error("T013", "a stream lies nowhere", port.span, help="take the `in` away"))


def check_live_parameter(written: tree.Parameter, found: list[Diagnostic]) -> None:
    """Whether nothing is said of a flow's parameter that cannot be said of a helper."""
    if written.place is not None:
        found.append(error("T013", "a helper lies nowhere", written.place.span, help="take the `in` away"))
    if written.mode is not None and written.mode.text == "guard":
        message, help_ = "a flow guards nothing itself", "write `guard` where it gives the helper to a stage"
        found.append(error("T013", message, written.mode.span, "no one call", help=help_))
