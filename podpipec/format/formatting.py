"""From a text to the text as it should be laid out, with the proofs that it still says the same."""

from __future__ import annotations

from collections import Counter

from podpipec.diagnostics import Diagnostic
from podpipec.format.declarations import module
from podpipec.format.layout import layout
from podpipec.format.nodes import same
from podpipec.format.remarks import notes
from podpipec.source import Source
from podpipec.syntax import Parsed, parse
from podpipec_runtime.tuples import NamedTuple

#: A remark at an odd place may need a second round until it stands where it stays.
_ROUNDS = 5


class Formatted(NamedTuple):
    """The laid out text; or, if the syntax is broken, the text as it was and what is wrong with it."""

    text: str
    diagnostics: tuple[Diagnostic, ...]


class UnsafeError(Exception):
    """A mistake of the formatter's own: the text that it made does not say the same. Nothing may be written then."""


def formatted(source: Source) -> Formatted:
    """Lay out a text. Raises `UnsafeError` rather than give a text that says anything else."""
    before = parse(source)
    if before.diagnostics:
        return Formatted(source.text, before.diagnostics)
    here, parsed = source, before
    for _ in range(_ROUNDS):
        text = laid_out(here, parsed)
        if text == here.text:
            return Formatted(text, ())
        here = Source(source.path, text)
        parsed = parse(here)
        _prove(before, parsed)
    raise UnsafeError("the layout of a comment never comes to rest")


def laid_out(source: Source, parsed: Parsed) -> str:
    """One round: the text of a tree, not yet proved."""
    text = layout(module(parsed.module, len(source.text), notes(source, parsed.module)))
    return text + "\n" if text else ""


def _prove(before: Parsed, after: Parsed) -> None:
    """Hold that a text parses to the same tree, with the same comments. Raises `UnsafeError`."""
    if after.diagnostics:
        raise UnsafeError(f"the new text is no program: {after.diagnostics[0].message}")
    if not same(before.module.declarations, after.module.declarations):
        raise UnsafeError("the new text would say something else")
    comments = [Counter(comment.text for comment in parsed.module.comments) for parsed in (before, after)]
    if comments[0] != comments[1]:
        raise UnsafeError("a comment would be lost")
