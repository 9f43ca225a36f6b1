"""Nodes of statements and of what they compute."""

from __future__ import annotations

from typing import Any

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.building.common import Body, named
from podpipec.syntax.strings import quoted
from podpipec.syntax.tokens import Token


def let(path: str, start: int, end: int, children: list[Any]) -> tree.Let:
    type_: tree.TypeName | None = None
    place: tree.Name | None = None
    said: tree.Traits | None = None
    for child in children[1:]:
        match child:
            case tree.TypeName():
                type_ = child
            case Token():
                place = named(path, child)
            case tree.Traits():
                said = child
            case After():
                pass
            case _:
                value = child
    after = children[-1].references if isinstance(children[-1], After) else ()
    return tree.Let(Span(path, start, end), children[0], type_, place, said, value, after)


class Until:
    """What a copy is kept for, on the parser's stack."""

    __slots__ = ("value",)

    def __init__(self, value: tree.Expression) -> None:
        self.value = value


def until(path: str, start: int, end: int, children: list[Any]) -> Until:
    return Until(children[0])


def keep(path: str, start: int, end: int, children: list[Any]) -> tree.Keep:
    to = next((quoted(path, child.text, child.start) for child in children[2:] if isinstance(child, Token)), None)
    until_ = next((child.value for child in children[2:] if isinstance(child, Until)), None)
    return tree.Keep(Span(path, start, end), children[0], named(path, children[1]), to, until_)


def flowing(path: str, start: int, end: int, children: list[Any]) -> tree.Flowing:
    word, name_, *rest = children
    from_ = rest[0] if len(rest) > 1 else None
    return tree.Flowing(Span(path, start, end), named(path, word), named(path, name_), from_, rest[-1])


def do(path: str, start: int, end: int, children: list[Any]) -> tree.Do:
    return tree.Do(Span(path, start, end), children[0], children[1].references if len(children) > 1 else ())


class After:
    """What a statement comes after, on the parser's stack."""

    __slots__ = ("references",)

    def __init__(self, references: tuple[tree.Expression, ...]) -> None:
        self.references = references


def after(path: str, start: int, end: int, children: list[Any]) -> After:
    return After(tuple(children))


def each(path: str, start: int, end: int, children: list[Any]) -> tree.Each:
    groups: tuple[tree.Expression, ...] = children[2].sizes if len(children) > 3 else ()
    by, step = (*groups, None, None)[:2]
    return tree.Each(Span(path, start, end), named(path, children[0]), children[1], by, step, children[-1].statements)


class Groups:
    """How long groups are, and how far apart, on the parser's stack."""

    __slots__ = ("sizes",)

    def __init__(self, sizes: tuple[tree.Expression, ...]) -> None:
        self.sizes = sizes


def grouped(path: str, start: int, end: int, children: list[Any]) -> Groups:
    return Groups(tuple(children))


class Limit:
    """`width`, or `depth`, on the parser's stack."""

    __slots__ = ("number", "word")

    def __init__(self, word: str, number: tree.Expression) -> None:
        self.word = word
        self.number = number


def width(path: str, start: int, end: int, children: list[Any]) -> Limit:
    return Limit("width", children[0])


def depth(path: str, start: int, end: int, children: list[Any]) -> Limit:
    return Limit("depth", children[0])


def _limit(children: list[Any], word: str) -> tree.Expression | None:
    return next((one.number for one in children if isinstance(one, Limit) and one.word == word), None)


def fold(path: str, start: int, end: int, children: list[Any]) -> tree.Fold:
    _, item, over, by, body = children
    return tree.Fold(Span(path, start, end), named(path, item), over, by, body.statements)


def cycle(path: str, start: int, end: int, children: list[Any]) -> tree.Cycle:
    item = named(path, children[1])
    limit = _limit(children, "depth")
    return tree.Cycle(Span(path, start, end), item, children[2], limit, children[-1].statements)


def walk(path: str, start: int, end: int, children: list[Any]) -> tree.Walk:
    item, order = named(path, children[1]), named(path, children[3])
    limits = _limit(children, "width"), _limit(children, "depth")
    return tree.Walk(Span(path, start, end), item, children[2], order, *limits, children[-1].statements)


def ordered(path: str, start: int, end: int, children: list[Any]) -> tree.Ordered:
    item = named(path, children[1])
    limit = _limit(children, "width")
    return tree.Ordered(Span(path, start, end), item, children[2], limit, children[-1].statements)


def execute(path: str, start: int, end: int, children: list[Any]) -> tree.Execute:
    return tree.Execute(Span(path, start, end), children[1])


def if_(path: str, start: int, end: int, children: list[Any]) -> tree.If:
    branch = children[2] if len(children) > 2 else None
    otherwise_ = branch.statements if isinstance(branch, Body) else branch
    return tree.If(Span(path, start, end), children[0], children[1].statements, otherwise_)


def with_(path: str, start: int, end: int, children: list[Any]) -> tree.With:
    _, name_, helper_, body = children
    return tree.With(Span(path, start, end), named(path, name_), helper_, body.statements)


def pin(path: str, start: int, end: int, children: list[Any]) -> tree.Pin:
    return tree.Pin(Span(path, start, end), children[1], named(path, children[2]))


def fallback(path: str, start: int, end: int, children: list[Any]) -> tree.Fallback:
    return tree.Fallback(Span(path, start, end), tuple(children))


def move(path: str, start: int, end: int, children: list[Any]) -> tree.Move:
    return tree.Move(Span(path, start, end), children[0], named(path, children[1]))
