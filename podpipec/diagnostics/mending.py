"""Mending a text with the edits that its diagnostics carry.

Edits that do not touch each other are made together, and what comes of it is checked again. It is kept only if there is
an error less for each of them and no code that was not there: what would only trade one mistake for another is taken
back, found by halving. What an edit brings to light, and what can be mended as well, is kept together with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from podpipec.diagnostics.diagnostic import Diagnostic, Fix
from podpipec_runtime.tuples import NamedTuple

#: Says what is wrong with a text.
Check = Callable[[str], tuple[Diagnostic, ...]]

#: So often the edits of what is left are made.
ROUNDS = 20

#: So often an edit's own consequences are mended before it is taken back.
_AHEAD = 2

#: After so many checks nothing more is tried; of long texts after fewer, for so many characters are checked in all.
_FEWEST_CHECKS, _MOST_CHECKS = 50, 500
_CHARACTERS = 20_000_000

#: The code of a file that was given up: behind the mistakes that are told there are others.
_GIVEN_UP = "P007"


class Change(NamedTuple):
    """An edit that was made: the line in the text that it was made in, for what, and the text before and after."""

    line: int
    code: str
    before: str
    after: str


class Mended(NamedTuple):
    """A text, what is wrong with it, and what was changed on the way to it, in that order."""

    text: str
    found: tuple[Diagnostic, ...]
    changes: tuple[Change, ...] = ()


class _Edit(NamedTuple):
    fix: Fix
    code: str


def mend(path: str, text: str, check: Check, suggestions: bool = False) -> Mended:
    """The text of the file `path`, mended as far as its edits go; edits of other files are left alone.

    `check` tells what is wrong with the program if the file had some text. Suggestions are applied if asked for.
    """
    return _Mending(path, check, suggestions).run(text)


class _Mending:
    def __init__(self, path: str, check: Check, suggestions: bool) -> None:
        self._path = path
        self._check = check
        self._suggestions = suggestions
        self._left = _MOST_CHECKS

    def run(self, text: str) -> Mended:
        self._left = max(_FEWEST_CHECKS, min(_MOST_CHECKS, _CHARACTERS // max(1, len(text))))
        state = Mended(text, self._check(text))
        for _ in range(ROUNDS):
            edits = self._edits(state)
            after = self._settle(state, edits) if edits else state
            if after.text == state.text:
                break
            state = after
        return state

    def _edits(self, state: Mended, brought_to_light: Collection[tuple[str, str]] | None = None) -> list[_Edit]:
        """The edits to make, in the order of the text, each once; of those that overlap the first."""
        found: dict[Fix, str] = {}
        for diagnostic, said in zip(state.found, _said(state), strict=True):
            fix = diagnostic.fix if brought_to_light is None or said in brought_to_light else None
            if fix is not None and fix.span.path == self._path and (fix.certainty == "safe" or self._suggestions):
                found.setdefault(fix, diagnostic.code)
        edits: list[_Edit] = []
        for fix in sorted(found):
            apart = not edits or fix.span.start >= edits[-1].fix.span.end
            if apart and state.text[fix.span.start : fix.span.end] != fix.replacement:
                edits.append(_Edit(fix, found[fix]))
        return edits

    def _settle(self, state: Mended, edits: Sequence[_Edit]) -> Mended:
        """The text with all of the edits that make it better, or as it was."""
        whole = self._try(state, edits)
        if whole is not None or len(edits) == 1:
            return whole or state
        middle = len(edits) // 2
        right = self._settle(state, edits[middle:])
        untouched = edits[middle].fix.span.start
        if right.text[:untouched] != state.text[:untouched]:
            return right  # a consequence was mended there: the edits on the left are looked for again
        return self._settle(right, edits[:middle])

    def _try(self, state: Mended, edits: Sequence[_Edit]) -> Mended | None:
        """The text with all of the edits, and with those that they lead to, if that is better."""
        after = self._made(state, edits)
        for _ in range(_AHEAD):
            if after is None or _better(state, after, len(edits)):
                return after
            more = self._edits(after, brought_to_light={*_said(after)} - {*_said(state)})
            after = self._made(after, more) if more else None
        return after if after is not None and _better(state, after, len(edits)) else None

    def _made(self, state: Mended, edits: Sequence[_Edit]) -> Mended | None:
        """The text with all of the edits; nothing when enough was tried."""
        if self._left == 0:
            return None
        self._left -= 1
        pieces: list[str] = []
        changes = list(state.changes)
        end = 0
        for fix, code in edits:
            before = state.text[fix.span.start : fix.span.end]
            changes.append(Change(state.text.count("\n", 0, fix.span.start) + 1, code, before, fix.replacement))
            pieces += (state.text[end : fix.span.start], fix.replacement)
            end = fix.span.end
        text = "".join((*pieces, state.text[end:]))
        return Mended(text, self._check(text), tuple(changes))


def _better(before: Mended, after: Mended, edits: int) -> bool:
    """Whether so many edits each took an error away. Of a file that was given up as many may have come to light."""
    codes = {diagnostic.code for diagnostic in before.found}
    if not {diagnostic.code for diagnostic in after.found} <= codes:
        return False
    return _errors(after) <= _errors(before) - (0 if _GIVEN_UP in codes else edits)


def _said(state: Mended) -> list[tuple[str, str]]:
    """What tells one finding from another wherever it stands: the code and the message."""
    return [(diagnostic.code, diagnostic.message) for diagnostic in state.found]


def _errors(state: Mended) -> int:
    return sum(diagnostic.severity == "error" for diagnostic in state.found)
