"""What stands between the quotes: escapes, `{holes}` and the text of a shell script."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podpipec.source import Span
from podpipec.syntax.tree import Expression, Field, Hole, Name, String

_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "r": "\r", "\n": ""}

#: `{name}`, `{name.field}`, `{name:format}`; doubled braces; a lone brace; an escape.
_PIECES = (
    r"\\(?P<escape>[\s\S])|(?P<double>\{\{|\}\})"
    r"|\{(?P<path>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)(?::(?P<format>[^{}\n]*))?\}|(?P<brace>[{}])"
)

#: In a script: names in braces that no `$` makes the shell's own, and names in doubled braces. All other braces
#: are the shell's: `${a:-${b}}` and `awk '{ if (x) { print x }}'` stay as they are.
_SCRIPT_PIECES = (
    r"(?<![${])\{\{(?P<literal>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\}\}(?!\})"
    r"|(?<!\$)\{(?P<path>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\}"
)


def quoted(path: str, text: str, start: int) -> String:
    """The node for a string token that starts at an offset."""
    long = text.startswith('"""')
    width = 3 if long else 1
    raw = text[width:-width]
    parts = tuple(_joined(_pieces(path, raw, start + width)))
    return String(Span(path, start, start + len(text)), parts, raw, long)


def _pieces(path: str, raw: str, offset: int) -> Iterator[str | Hole]:
    if "{" not in raw and "}" not in raw and "\\" not in raw:
        yield raw
        return
    last = 0
    for match in re.finditer(_PIECES, raw):
        yield raw[last : match.start()]
        last = match.end()
        if match["escape"] is not None:
            yield _ESCAPES.get(match["escape"], match.group())
        elif match["double"] is not None:
            yield match["double"][0]
        elif match["path"] is not None:
            yield _hole(path, match, offset)
        else:
            at = Span(path, offset + match.start(), offset + match.end())
            yield Hole(at, Name(at, ""), "")
    yield raw[last:]


def script(string: String) -> tuple[str | Hole, ...]:
    """The parts of a `sh` string: backslashes and `${…}` are the shell's, `{name}` is ours; its margin is taken off."""
    raw = string.raw if string.long else string.raw.replace('\\"', '"')
    offset = string.span.start + (3 if string.long else 1)
    margin = _margin(raw) if string.long else ""
    parts: list[str | Hole] = []
    last = 0
    for match in re.finditer(_SCRIPT_PIECES, raw):
        parts.append(_dedented(raw[last : match.start()], margin))
        last = match.end()
        literal = match["literal"]
        parts.append(_hole(string.span.path, match, offset) if literal is None else f"{{{literal}}}")
    parts.append(_dedented(raw[last:], margin))
    return tuple(_joined(parts))


def _margin(raw: str) -> str:
    """The white space that every line of a script that is not blank begins with."""
    lines = [line for line in raw.split("\n")[1:] if line.strip()]
    if not lines:
        return ""
    first = min(lines)[: len(min(lines)) - len(min(lines).lstrip())]
    while not all(line.startswith(first) for line in lines):
        first = first[:-1]
    return first


def _dedented(text: str, margin: str) -> str:
    return text.replace("\n" + margin, "\n") if margin else text


def _hole(path: str, match: re.Match[str], offset: int) -> Hole:
    start = offset + match.start()
    value: Expression | None = None
    at = start + 1
    for word in match["path"].split("."):
        name = Name(Span(path, at, at + len(word)), word)
        value = name if value is None else Field(value.span.to(name.span), value, name)
        at += len(word) + 1
    assert value is not None  # the pattern has at least one word
    has_format = "format" in match.re.groupindex and match["format"] is not None
    return Hole(Span(path, start, offset + match.end()), value, match["format"] if has_format else "")


def _joined(parts: Iterator[str | Hole] | list[str | Hole]) -> Iterator[str | Hole]:
    """Neighbouring texts as one, empty ones left out."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        else:
            if text:
                yield text
            yield part
            text = ""
    if text:
        yield text
