"""Nodes of expressions: precedence is resolved here."""

from __future__ import annotations

import re
from typing import Any

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.building.common import named
from podpipec.syntax.node import changed
from podpipec.syntax.strings import quoted
from podpipec.syntax.tokens import Token

_NUMBER = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)(.*)")
_POWER = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6} | dict.fromkeys(
    ("==", "!=", "<", "<=", ">", ">="), 4
)


def operator(path: str, start: int, end: int, children: list[Any]) -> Token:
    token: Token = children[0]
    return token


def chain(path: str, start: int, end: int, children: list[Any]) -> tree.Expression:
    """`a + b * c …`, read flat: precedence is resolved here, left to right, with one stack."""
    operands: list[tree.Expression] = []
    operators: list[Token] = []
    for sign, operand in zip((None, *children[1::2]), children[::2], strict=True):
        if sign is not None:
            while operators and _POWER[operators[-1].text] >= _POWER[sign.text]:
                _apply(operands, operators)
            operators.append(sign)
        while _is_open(operand):  # `not` reaches as far as its precedence lets it
            operators.append(Token("NOT", "not", operand.span.start, operand.span.start))
            operand = operand.operand
        operands.append(operand)
    while operators:
        _apply(operands, operators)
    return changed(operands[0], span=Span(path, start, end))


def _is_open(operand: tree.Expression) -> bool:
    """Whether it is a `not` without brackets around it."""
    return isinstance(operand, tree.Not) and operand.span.end == operand.operand.span.end


def _apply(operands: list[tree.Expression], operators: list[Token]) -> None:
    sign, right = operators.pop(), operands.pop()
    if sign.kind == "NOT":
        operands.append(tree.Not(Span(right.span.path, sign.start, right.span.end), right))
    else:
        left = operands.pop()
        operands.append(tree.Binary(left.span.to(right.span), sign.text, left, right))


def negation(path: str, start: int, end: int, children: list[Any]) -> tree.Not:
    return tree.Not(Span(path, start, end), children[0])


def negative(path: str, start: int, end: int, children: list[Any]) -> tree.Negative:
    return tree.Negative(Span(path, start, end), children[0])


def group(path: str, start: int, end: int, children: list[Any]) -> tree.Expression:
    """What stands in brackets: they belong to it where a message points at it, but not to a word, number or text."""
    node: tree.Expression = children[0]
    return (
        node if isinstance(node, tree.Name | tree.Number | tree.String) else changed(node, span=Span(path, start, end))
    )


def lone(path: str, start: int, end: int, children: list[Any]) -> object:
    """A rule that its one child stands for."""
    child: object = children[0]
    return child


def field(path: str, start: int, end: int, children: list[Any]) -> tree.Field:
    return tree.Field(Span(path, start, end), children[0], named(path, children[1]))


def index(path: str, start: int, end: int, children: list[Any]) -> tree.Index:
    return tree.Index(Span(path, start, end), *children)


def range_(path: str, start: int, end: int, children: list[Any]) -> tree.Range:
    return tree.Range(Span(path, start, end), *children)


def call(path: str, start: int, end: int, children: list[Any]) -> tree.Call:
    callee = named(path, children[0]) if isinstance(children[0], Token) else children[0]
    return tree.Call(Span(path, start, end), callee, tuple(children[1:]))


def argument(path: str, start: int, end: int, children: list[Any]) -> tree.Argument:
    words = [child for child in children[:-1] if isinstance(child, Token)]
    label = next((named(path, word) for word in words if word.kind == "NAME"), None)
    mode = next((named(path, word) for word in words if word.kind != "NAME"), None)
    return tree.Argument(Span(path, start, end), label, mode, children[-1])


def list_of(path: str, start: int, end: int, children: list[Any]) -> tree.ListOf:
    return tree.ListOf(Span(path, start, end), tuple(children))


def number(path: str, start: int, end: int, children: list[Any]) -> tree.Number:
    match = _NUMBER.fullmatch(children[0].text)
    digits, unit = match.groups() if match else (children[0].text, "")
    return tree.Number(Span(path, start, end), digits, unit)


def string(path: str, start: int, end: int, children: list[Any]) -> tree.String:
    return quoted(path, children[0].text, start)
