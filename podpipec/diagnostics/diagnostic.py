"""A diagnostic is a value: what is wrong, where, where the other end is, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from podpipec.diagnostics.suggest import DidYouMean
from podpipec.source import Span
from podpipec_runtime.tuples import NamedTuple

Severity = Literal["error", "warning"]

#: Whether an edit surely does what the message says, or is one of several that might be meant.
Certainty = Literal["safe", "suggestion"]


class Label(NamedTuple):
    """A place that belongs to the diagnostic, and what is to be seen there."""

    span: Span
    text: str


class Fix(NamedTuple):
    """An edit that mends the source: the text that replaces a span.

    `podpipec fix` applies what is `safe`; a `suggestion` only when it is asked to.
    """

    span: Span
    replacement: str
    certainty: Certainty = "safe"


class Diagnostic(NamedTuple):
    """One finding. `message` states the fact and makes sense alone; `help` says what to write instead.

    `labels` holds the primary place first; the others are its other ends. `fix` is the edit that `help` speaks of,
    where it is known.
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
    """An error with its primary place and its other ends.

    Where a help line names what was meant by the very word at the primary place, that is the fix unless one is given.
    """
    labels = (Label(at, label), *(Label(span, text) for span, text in others))
    lines = _lines(help)
    return Diagnostic(code, message, labels, lines, _lines(note), fix or _rename(at, lines))


def _rename(at: Span, help: tuple[str, ...]) -> Fix | None:
    meant = next((line for line in help if isinstance(line, DidYouMean)), None)
    if meant is None or at.end - at.start != len(meant.wrong):
        return None
    return Fix(at, meant.near, "safe" if meant.certain else "suggestion")


def _lines(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def in_order(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place and code, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span, d.code, d.message)))
