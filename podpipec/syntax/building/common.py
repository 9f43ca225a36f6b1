"""What builders of every kind of rule need."""

from __future__ import annotations

from typing import Any

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.tokens import Token


def name(path: str, start: int, end: int, children: list[Any]) -> tree.Name:
    return tree.Name(Span(path, start, end), children[0].text)


def named(path: str, token: Token) -> tree.Name:
    return tree.Name(Span(path, token.start, token.end), token.text)


class Body:
    """The statements between two braces, on the parser's stack."""

    __slots__ = ("statements",)

    def __init__(self, statements: tuple[tree.Statement, ...]) -> None:
        self.statements = statements


def block(path: str, start: int, end: int, children: list[Any]) -> Body:
    return Body(tuple(children))
