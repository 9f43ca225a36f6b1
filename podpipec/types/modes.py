"""The words before a parameter and an argument: `consume` for what is handed over, `guard` for a helper had alone."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, Fix, error
from podpipec.diagnostics.wording import a
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content
from podpipec.types.declarations import Mode, Port
from podpipec.types.typed import Parameter


def mode_of(written: tree.Parameter, content: Content, found: list[Diagnostic]) -> Mode:
    """What a parameter says of its use: a helper can be guarded, a file or folder consumed."""
    if written.mode is None:
        return ""
    if written.mode.text == "guard" and content.live:
        return "guard"
    if written.mode.text == "guard":
        found.append(_guard(written.name.text, content, written.mode))
        return ""
    if isinstance(written.type, tree.Callable) or content.scalar or content.transient:
        what = "a stage" if isinstance(written.type, tree.Callable) else a(f"`{content}`")
        found.append(
            error(
                "T001",
                f"{what} cannot be consumed",
                written.mode.span,
                "no file or folder",
                (written.type.span, "what it is"),
                help="take the `consume` away",
                fix=_taken_away(written.mode, written.name.span),
            )
        )
        return ""
    return "consume"


def check_mode(callee: str, argument: tree.Argument, port: Port | Parameter, found: list[Diagnostic]) -> None:
    """An argument says `consume` where that is asked for, and nowhere else: both ends see what is done.

    It says `guard` where that is asked for; of a helper that others may speak to, the caller may ask it.
    """
    said = argument.mode.text if argument.mode is not None else ""
    asked = (port.span, f"`{port.name}` is asked for here")
    start = argument.value.span.start
    if port.mode == "consume" and said != "consume":
        owner = (port.span, f"{callee} owns `{port.name}` from then on")
        found.append(
            error(
                "T002",
                f"{callee} consumes `{port.name}`, and the call does not say so",
                argument.value.span,
                "handed over without a word",
                owner,
                help=f"say it: `consume {argument.value.text}`" if isinstance(argument.value, tree.Name) else "say it",
                fix=None if said else Fix(Span(argument.span.path, start, start), "consume "),
            )
        )
    elif argument.mode is not None and said == "consume" and port.mode != "consume":
        found.append(
            error(
                "T002",
                f"{callee} only reads `{port.name}`",
                argument.mode.span,
                "nothing is handed over here",
                asked,
                help="take the `consume` away"
                + (f", or declare it: `consume {port.name}: {port.content}`" if port.name.isidentifier() else ""),
                fix=_taken_away(argument.mode, argument.value.span),
            )
        )
    elif port.mode == "guard" and said != "guard":
        found.append(
            error(
                "T002",
                f"{callee} has `{port.name}` for itself, and the call does not say so",
                argument.value.span,
                "others wait while it runs",
                (port.span, "guarded here"),
                help=f"say it: `guard {argument.value.text}`" if isinstance(argument.value, tree.Name) else "say it",
                fix=None if said else Fix(Span(argument.span.path, start, start), "guard "),
            )
        )
    elif argument.mode is not None and said == "guard" and not port.content.live:
        found.append(_guard(port.name, port.content, argument.mode))


def _guard(name: str, content: Content, word: tree.Name) -> Diagnostic:
    """For what is no helper: many may read it at once, and nobody writes to it."""
    what = "" if content is UNKNOWN else f", and `{name}` is {a(f'`{content}`')}"
    return error(
        "T016",
        f"`guard` is for helpers{what}",
        word.span,
        "what is published is only read: nobody has to be kept away",
        help="take the `guard` away",
    )


def _taken_away(word: tree.Name, behind: Span) -> Fix:
    return Fix(Span(word.span.path, word.span.start, behind.start), "")


def check_port(written: tree.Parameter, found: list[Diagnostic]) -> None:
    """What a stage is given differs from call to call: its ports say content and place, and no more."""
    if written.traits is not None:
        found.append(
            error(
                "T016",
                f"a stage cannot say this of `{written.name.text}`: it differs from call to call",
                written.traits.span,
                "not here",
                help="take it away here; a flow says it of its own values: `x of { … } stable = …`",
            )
        )
