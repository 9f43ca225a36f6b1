"""A diagnostic is a value: what is wrong, where, where the other end is, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from podpipec.source import Span

Severity = Literal["error", "warning"]


class Label(NamedTuple):
    """A place that belongs to the diagnostic, and what is to be seen there."""

    span: Span
    text: str


class Fix(NamedTuple):
    """An edit that mends the source: the text that replaces a span."""

    span: Span
    replacement: str


class Diagnostic(NamedTuple):
    """One finding. `message` states the fact and makes sense alone; `help` says what to write instead.

    `labels` holds the primary place first; the others are its other ends. `fix` is an edit that is safe
    to show as the mended source.
    """

    code: str
    message: str
    labels: tuple[Label, ...]
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fix: Fix | None = None
    severity: Severity = "error"

    @property
    def span(self) -> Span:
        """The primary place."""
        return self.labels[0].span


def error(
    code: str,
    message: str,
    at: Span,
    label: str = "",
    *others: tuple[Span, str],
    help: str | Sequence[str] = (),
    note: str | Sequence[str] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    """An error with its primary place and its other ends."""
    labels = (Label(at, label), *(Label(span, text) for span, text in others))
    return Diagnostic(code, message, labels, _lines(help), _lines(note), fix)


def _lines(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def in_order(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place and code, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span, d.code, d.message)))
