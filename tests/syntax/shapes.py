"""One canonical form of a parse for two parsers: rules with their children, tokens with their offsets."""

from __future__ import annotations

from typing import Any

import pytest
from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedToken

from podpipec.syntax import automaton, parsing
from podpipec.syntax.tokens import Token as OurToken
from podpipec_grammar import generate
from podpipec_grammar.tables import KEYWORDS

#: `(rule, children)`, or `(kind, text, start, end)` for a token.
Shape = tuple[Any, ...]


class RefusedError(Exception):
    """A text that a parser does not accept; `args[0]` is the offset of the first token that does not fit."""


def lark() -> Lark:
    """Lark's own parser, straight from the grammar."""
    return Lark(
        generate.GRAMMAR.read_text(),
        start="module",
        parser="lalr",
        lexer="contextual",
        strict=True,
        maybe_placeholders=False,
    )


def by_lark(parser: Lark, text: str) -> Shape:
    """What Lark makes of a text. Raises `RefusedError`."""
    try:
        return _of_tree(parser.parse(text))
    except UnexpectedToken as problem:
        at_end = problem.token.type == "$END"
        raise RefusedError(len(text) if at_end else problem.token.start_pos) from None
    except UnexpectedInput as problem:
        raise RefusedError(problem.pos_in_stream) from None


def _of_tree(node: Tree[Token] | Token) -> Shape:
    if isinstance(node, Token):
        return (node.type, node.value, node.start_pos, node.end_pos)
    return (str(node.data), tuple(_of_tree(child) for child in node.children))


def by_tables(text: str, monkeypatch: pytest.MonkeyPatch) -> Shape:
    """What our automaton makes of a text when every rule's builder only notes its name. Raises `RefusedError`."""
    with monkeypatch.context() as patch:
        patch.setattr(automaton, "_PREPARED", _GENERIC)
        stack = automaton.Stack()
        for kind, word, start, end in parsing.tokens(text, []):
            actual = automaton.kind_of(kind, word, stack.states, text, end)
            if not automaton.feed(stack, actual, word, start, end, ""):
                raise RefusedError(start)
    return _of_value(stack.values[0])


def with_plain_names(text: str) -> str:
    """The text with another name in the stead of each word that our automaton takes for a name, though Lark's lexer
    might not: that looks at a state alone. What does not fit ends it."""
    stack = automaton.Stack()
    for kind, word, start, end in parsing.tokens(text, []):
        actual = automaton.kind_of(kind, word, stack.states, text, end)
        if not automaton.feed(stack, actual, word, start, end, ""):
            break
        if actual == "NAME" and word in KEYWORDS:
            text = text[:start] + "Z" * len(word) + text[end:]
    return text


def _noting(name: str) -> Any:
    return lambda path, start, end, children: (name, tuple(_of_value(child) for child in children))


def _of_value(value: Any) -> Shape:
    return tuple(value) if isinstance(value, OurToken) else value


_GENERIC = tuple(
    automaton.Rule(origin, _noting(name) if name else None, treatment, all(how == 1 for how in treatment), alone)
    for origin, name, treatment, alone in automaton.RULES
)
