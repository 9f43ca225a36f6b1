"""The parser: feeds the tokens of a file to the automaton, and goes on behind what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from podpipec.diagnostics import Diagnostic
from podpipec.source import Source, Span
from podpipec.syntax.automaton import Stack, feed, kind_of
from podpipec.syntax.tokens import END, PATTERN, Token
from podpipec.syntax.tree import Comment, Module
from podpipec_grammar.tables import ACCEPT
from podpipec_runtime.tuples import NamedTuple

if TYPE_CHECKING:
    from podpipec.syntax.recovery import Recovery

#: After so many mistakes in one file the rest is noise.
MISTAKES = 20
#: Brackets and blocks inside each other; what is deeper was not written by a person.
DEPTH = 400


class Parsed(NamedTuple):
    """A file's tree, without what was too broken to keep, and what is wrong with its syntax."""

    module: Module
    diagnostics: tuple[Diagnostic, ...]


def tokens(text: str, comments: list[Token]) -> Iterator[tuple[str, str, int, int]]:
    """Kind, text, start and end of each token, comments put aside."""
    for match in PATTERN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "WHITESPACE":
            continue
        start, end = match.span()
        if kind == "COMMENT":
            comment = match.group().rstrip()
            comments.append(Token(kind, comment, start, start + len(comment)))
            continue
        yield kind, match.group(), start, end
    yield END, "", len(text), len(text)


def parse(source: Source) -> Parsed:
    """Parse one file. Never raises for bad input: what is wrong is in the diagnostics."""
    path = source.path
    stack = Stack()
    states = stack.states
    comments: list[Token] = []
    found: list[Diagnostic] = []
    recovery: Recovery | None = None
    for kind, text, start, end in tokens(source.text, comments):
        if recovery is not None:
            if not recovery.resumes(stack, kind, text, start, end):
                continue
            recovery = None
        actual = kind_of(kind, text, states, source.text, end)
        if feed(stack, actual, text, start, end, path):
            if len(states) > DEPTH:
                from podpipec.syntax.messages import too_deep

                found.append(too_deep(path, start, end))
                break
            continue
        from podpipec.syntax.messages import too_many, unexpected

        token = Token(actual, text, start, end)
        found.append(unexpected(source, stack, token))
        if len(found) >= MISTAKES:
            found.append(too_many(path, end))
            break
        recovery = _recovery(source, stack, token)
        if not recovery.resumes(stack, kind, text, start, end):
            continue
        recovery = None
        if not feed(stack, kind_of(kind, text, states, source.text, end), text, start, end, path):
            recovery = _recovery(source, stack, token)
    return Parsed(_module(source, stack, comments), tuple(found))


def _recovery(source: Source, stack: Stack, token: Token) -> Recovery:
    from podpipec.syntax.recovery import Recovery  # what is only for mistakes is loaded with the first

    return Recovery(source, stack, token)


def _module(source: Source, stack: Stack, comments: list[Token]) -> Module:
    """The finished tree, or what a text that ended in a mistake left of it."""
    declarations: tuple[Any, ...] = ()
    if stack.states[-1] == ACCEPT:
        declarations = stack.values[0].declarations
    elif stack.values and isinstance(stack.values[0], list):
        declarations = tuple(stack.values[0])
    notes = tuple(Comment(Span(source.path, token.start, token.end), token.text) for token in comments)
    return Module(Span(source.path, 0, len(source.text)), declarations, notes)
