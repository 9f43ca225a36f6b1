"""Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a change.

One line for each; what would end a line or a property early is escaped as the runner's toolkit does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.diagnostics.diagnostic import Diagnostic, Label
from podpipec.diagnostics.paths import relative, utf16
from podpipec.source import Source


def render(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], base: str) -> str:
    """A command for each diagnostic. `base` is the folder of the call."""
    return "".join(_command(diagnostic, sources, base) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, sources: Mapping[str, Source], base: str) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _where(diagnostic, sources, base).items())
    others = [_other(label, sources, base) for label in diagnostic.labels[1:]]
    notes = [f"note: {note}" for note in diagnostic.notes]
    help_ = [f"help: {line}" for line in diagnostic.help]
    message = "\n".join((diagnostic.message, *others, *notes, *help_))
    return f"::{diagnostic.severity} {properties}::{_data(message)}\n"


def _where(diagnostic: Diagnostic, sources: Mapping[str, Source], base: str) -> dict[str, str]:
    """The properties. Columns are only for what lies on one line; the last one belongs to it."""
    span = diagnostic.span
    where = {"file": relative(span.path, base) or span.path}
    source = sources.get(span.path)
    if source is not None:
        (line, column), (last, end) = utf16(source, span.start), utf16(source, span.end)
        where |= {"line": str(line), "endLine": str(last)}
        if line == last:
            where |= {"col": str(column), "endColumn": str(max(column, end - 1))}
    return {**where, "title": diagnostic.code}


def _other(label: Label, sources: Mapping[str, Source], base: str) -> str:
    path = relative(label.span.path, base) or label.span.path
    source = sources.get(label.span.path)
    if source is None:
        return f"{path}: {label.text}"
    line, column = utf16(source, label.span.start)
    return f"{path}:{line}:{column}: {label.text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
