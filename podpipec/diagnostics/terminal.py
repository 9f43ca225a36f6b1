"""Diagnostics for a person at a terminal: the fact, the places in the source, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from podpipec.diagnostics.diagnostic import Diagnostic, Label
from podpipec.source import Position, Source
from podpipec_runtime.tuples import NamedTuple

#: Longer lines are cut around what is to be seen.
_WIDEST = 140

#: Nobody reads more at a terminal.
_MOST = 200


class Style(NamedTuple):
    """The escape sequences for each kind of text (ECMA-48), or nothing."""

    error: str = ""
    warning: str = ""
    bold: str = ""
    blue: str = ""
    green: str = ""
    end: str = ""


PLAIN = Style()
COLOUR = Style("\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[34m", "\x1b[32m", "\x1b[0m")


def render(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], style: Style = PLAIN) -> str:
    """All diagnostics and a line that counts them."""
    found = list(diagnostics)
    blocks = [_diagnostic(diagnostic, sources, style) for diagnostic in found[:_MOST]]
    if len(found) > _MOST:
        blocks.append(f"{len(found) - _MOST} more are not shown here\n")
    errors = sum(diagnostic.severity == "error" for diagnostic in found)
    warnings = len(found) - errors
    counts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    if counts:
        blocks.append(f"{style.bold}{' and '.join(counts)}{style.end}\n")
    return "\n".join(blocks)


def _diagnostic(diagnostic: Diagnostic, sources: Mapping[str, Source], style: Style) -> str:
    colour = style.error if diagnostic.severity == "error" else style.warning
    lines = [
        f"{colour}{diagnostic.severity}[{diagnostic.code}]{style.end}{style.bold}: {diagnostic.message}{style.end}"
    ]
    margin = max((len(str(_line(label, sources))) for label in diagnostic.labels), default=1)
    lines += _places(diagnostic.labels, sources, margin, colour, style)
    pad = " " * margin
    lines += [f"{pad} {style.blue}={style.end} note: {first}" for first in diagnostic.notes[:1]]
    lines += [f"{pad}         {note}" for note in diagnostic.notes[1:]]
    lines += [f"{pad} {style.blue}={style.end} {style.green}help{style.end}: {text}" for text in diagnostic.help]
    return "\n".join(lines) + "\n"


def _line(label: Label, sources: Mapping[str, Source]) -> int:
    source = sources.get(label.span.path)
    return source.position(label.span.start).line if source else 0


def _places(
    labels: Sequence[Label], sources: Mapping[str, Source], margin: int, colour: str, style: Style
) -> list[str]:
    """The primary place first, then the others, grouped by file, each line of source once."""
    lines: list[str] = []
    path = None
    number = -1
    for index, label in enumerate(labels):
        source = sources.get(label.span.path)
        if source is None:
            lines.append(f"{' ' * margin}{style.blue}-->{style.end} {label.span.path}")
            continue
        position = source.position(label.span.start)
        if label.span.path != path:
            lines.append(
                f"{' ' * margin}{style.blue}-->{style.end} {label.span.path}:{position.line}:{position.column}"
            )
            path, number = label.span.path, -1
        if position.line != number:
            if number >= 0:
                lines.append(f"{' ' * margin} {style.blue}:{style.end}")
            text, shift = _cut(source, position)
            lines.append(f"{style.blue}{position.line:>{margin}} |{style.end} {text}")
        else:
            text, shift = _cut(source, position)
        number = position.line
        mark = ("^" if index == 0 else "-") * _width(label, position.column, text, shift)
        tint = colour if index == 0 else style.blue
        before = "".join("\t" if letter == "\t" else " " for letter in text[: position.column - 1 - shift])
        lines.append(f"{' ' * margin} {style.blue}|{style.end} {before}{tint}{mark} {label.text}".rstrip() + style.end)
    return lines


def _cut(source: Source, position: Position) -> tuple[str, int]:
    """The line, or the stretch of a long one around a column, and how many characters are left out before it."""
    line = source.line(position.line, most=_WIDEST + 1)
    shift = 0
    if len(line) > _WIDEST:
        shift = max(0, position.column - _WIDEST // 2)
        line = source.line(position.line, shift + 1, _WIDEST)
    shown = (letter if letter.isprintable() or letter == "\t" else "\N{REPLACEMENT CHARACTER}" for letter in line)
    return "".join(shown), shift


def _width(label: Label, column: int, text: str, shift: int) -> int:
    """How many characters of its first line a label covers; one at least."""
    length = label.span.end - label.span.start
    return max(1, min(length, len(text) - (column - 1 - shift)))
