"""Diagnostics for programs: one JSON document; lines and columns from 1, in code points, offsets beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from podpipec.diagnostics.diagnostic import Diagnostic, Fix
from podpipec.source import Source, Span

#: Raised when a field changes its meaning or goes away; fields may be added.
VERSION = 1


def render(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], more: Mapping[str, object] | None = None
) -> str:
    """The document, with a final line break; `more` is what a command adds to it."""
    found = [_diagnostic(diagnostic, sources) for diagnostic in diagnostics]
    document = {"version": VERSION, "diagnostics": found, **(more or {})}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> dict[str, object]:
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "places": [{**_place(label.span, sources), "label": label.text} for label in diagnostic.labels],
        "notes": list(diagnostic.notes),
        "help": list(diagnostic.help),
        "fix": None if fix is None else _fix(fix, sources),
    }


def _fix(fix: Fix, sources: Mapping[str, Source]) -> dict[str, object]:
    return {**_place(fix.span, sources), "replacement": fix.replacement, "certainty": fix.certainty}


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, object]:
    place: dict[str, object] = {
        "path": span.path,
        "start": {"offset": span.start},
        "end": {"offset": span.end},
    }
    source = sources.get(span.path)
    if source is not None:
        for name, offset in (("start", span.start), ("end", span.end)):
            position = source.position(offset)
            place[name] = {"offset": offset, "line": position.line, "column": position.column}
    return place
