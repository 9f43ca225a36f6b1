"""Diagnostics in SARIF 2.1.0 (OASIS, 2020), for code scanning, editors and archives.

One run, one rule for each code that occurs, with its page as help. Columns count UTF-16 code units, and the run says
so. Artifacts are URIs relative to the folder of the call (`%SRCROOT%`); what lies outside of it is an absolute one.
Braces in texts stand as they are, though the standard would have them doubled: consumers show a text without arguments
unchanged, and in this language a doubled brace means something else.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from podpipec.diagnostics.diagnostic import Diagnostic, Fix, Label
from podpipec.diagnostics.paths import relative, utf16
from podpipec.source import Source, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

#: The base of relative URIs; code scanning services know this name.
ROOT = "%SRCROOT%"

#: Where files of the standard library are, which lie in no folder of the user's.
_STANDARD = "std/"

Json = dict[str, object]


def render(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    base: str,
    pages: Mapping[str, str],
    version: str,
) -> str:
    """The log, with a final line break. `base` is the folder of the call, `pages` are the explanations by code."""
    found = list(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    places = _Places(sources, base)
    rules = [_rule(code, pages.get(code, "")) for code in codes]
    run: Json = {
        "tool": {"driver": {"name": "podpipec", "version": version, "rules": rules}},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which podpipec was called."}}},
        "results": [_result(diagnostic, codes.index(diagnostic.code), places) for diagnostic in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str, page: str) -> Json:
    """A code with its page: the title behind the code in the first line, then what it says in the first paragraph."""
    title, _, rest = page.partition("\n")
    first = " ".join(rest.strip().partition("\n\n")[0].split())
    rule: Json = {"id": code}
    if page:
        rule["shortDescription"] = {"text": title.removeprefix(f"# {code}: ")}
        rule["fullDescription"] = {"text": first}
        rule["help"] = {"text": page, "markdown": page}
    return rule


def _result(diagnostic: Diagnostic, rule: int, places: _Places) -> Json:
    primary, *others = diagnostic.labels
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": _message(diagnostic)},
        "locations": [places.location(primary)],
    }
    if others:
        result["relatedLocations"] = [
            {"id": number, **places.location(label)} for number, label in enumerate(others, 1)
        ]
    if diagnostic.fix is not None:
        text = diagnostic.help[0] if diagnostic.help else diagnostic.message
        result["fixes"] = [{"description": {"text": text}, "artifactChanges": [places.change(diagnostic.fix)]}]
    return result


def _message(diagnostic: Diagnostic) -> str:
    """The fact, and below it what the terminal shows below the source."""
    notes = [f"note: {note}" for note in diagnostic.notes]
    return "\n".join((diagnostic.message, *notes, *(f"help: {line}" for line in diagnostic.help)))


class _Places:
    """Spans as locations, seen from a folder."""

    def __init__(self, sources: Mapping[str, Source], base: str) -> None:
        self._sources = sources
        self._base = base

    def location(self, label: Label) -> Json:
        place: Json = {"artifactLocation": self._artifact(label.span.path)}
        region = self._region(label.span)
        if region is not None:
            place["region"] = region
        location: Json = {"physicalLocation": place}
        if label.text:
            location["message"] = {"text": label.text}
        return location

    def change(self, fix: Fix) -> Json:
        """A replacement. Only a file that was read has one, so its region is there."""
        replacement: Json = {"deletedRegion": self._region(fix.span) or {"startLine": 1}}
        if fix.replacement:
            replacement["insertedContent"] = {"text": fix.replacement}
        return {"artifactLocation": self._artifact(fix.span.path), "replacements": [replacement]}

    def _artifact(self, path: str) -> Json:
        if path.startswith(_STANDARD):
            return {"uri": f"podpipec:{quote(path)}"}
        inside = relative(path, self._base)
        if inside is not None:
            return {"uri": quote(inside), "uriBaseId": ROOT}
        return {"uri": f"file://{quote(posixpath.normpath(posixpath.join(self._base, path)))}"}

    def _region(self, span: Span) -> Json | None:
        source = self._sources.get(span.path)
        if source is None:
            return None
        (line, column), (last, end) = utf16(source, span.start), utf16(source, span.end)
        return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": end}
