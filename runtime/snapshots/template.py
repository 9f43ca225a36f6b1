"""Paths with `{window:%Y-%m-%d}` and `{shard}` in them, as a user writes them to bind an input."""

from __future__ import annotations

import re

from podpipec_runtime.plan.types import PathPart, ShardPart, WindowPart

_HOLE = re.compile(r"\{\{|\}\}|\{(?P<name>\w+)(?::(?P<format>[^{}]*))?\}")


class TemplateError(ValueError):
    """A hole that means nothing here."""


def parse(text: str) -> tuple[PathPart, ...]:
    """The parts of `text`. `{{` and `}}` stand for braces; other braces are themselves."""
    parts: list[PathPart] = []
    plain, at = "", 0
    for found in _HOLE.finditer(text):
        plain, at = plain + text[at : found.start()], found.end()
        if found["name"] is None:
            plain += found[0][0]
            continue
        if plain:
            parts.append(plain)
            plain = ""
        parts.append(_hole(found["name"], found["format"] or "", found[0]))
    plain += text[at:]
    if plain:
        parts.append(plain)
    return tuple(parts)


def _hole(name: str, form: str, text: str) -> PathPart:
    if name == "window":
        return WindowPart(format=form)
    if name == "shard" and not form:
        return ShardPart()
    raise TemplateError(f"`{text}` means nothing in a path; write {{window:%Y-%m-%d}} or {{shard}}")


def tail(parts: tuple[PathPart, ...]) -> tuple[PathPart, ...]:
    """The end of a source that a folder stands for the beginning of: from the first segment with a hole on,
    or its last segment if there is no hole."""
    first = next((at for at, part in enumerate(parts) if not isinstance(part, str)), None)
    if first is None:
        text = "".join(part for part in parts if isinstance(part, str))
        return (text.rstrip("/").rsplit("/", 1)[-1],)
    before = "".join(part for part in parts[:first] if isinstance(part, str))
    segment = before.rsplit("/", 1)[-1]
    return (segment, *parts[first:]) if segment else parts[first:]
