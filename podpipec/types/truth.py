"""Conditions: what is compared, what holds, and what follows from what is known.

A side is a scalar: a constant, or what a stage gives. The same tree stands in a typed flow, where origins are the
flow's own, and in a graph, where they are the whole's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Literal

from podpipec.source import Span
from podpipec.types.origin import FromConstant, Origin
from podpipec.types.scalars import Number, Scalar, exact
from podpipec_runtime.tuples import NamedTuple


class Side(NamedTuple):
    """A scalar in a condition, and its kind."""

    origin: Origin
    kind: str
    span: Span


class Compare(NamedTuple):
    """`left < right`, or another of the six words."""

    word: str
    left: Side
    right: Side
    kind: Literal["compare"] = "compare"


class Truth(NamedTuple):
    """A Bool by itself."""

    side: Side
    kind: Literal["truth"] = "truth"


class Not(NamedTuple):
    """`not of`."""

    of: Condition
    kind: Literal["not"] = "not"


class All(NamedTuple):
    """All parts hold."""

    of: tuple[Condition, ...]
    kind: Literal["all"] = "all"


class Any(NamedTuple):
    """One of the parts holds."""

    of: tuple[Condition, ...]
    kind: Literal["any"] = "any"


Condition = Compare | Truth | Not | All | Any

COMPARISONS: dict[str, Callable[[Number | str | bool, Number | str | bool], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_NUMBERS = ("Int", "Float")


def comparable(word: str, left: str, right: str) -> bool:
    """Whether scalars of two kinds can be compared so: numbers of one kind by all, texts and truths for being equal."""
    if left in ("String", "Bool") or right in ("String", "Bool"):
        return left == right and word in ("==", "!=")
    return left == right or (left in _NUMBERS and right in _NUMBERS)


def compared(word: str, left: Scalar, right: Scalar) -> Scalar | None:
    """`left word right`; nothing where that has no meaning."""
    if not comparable(word, left.kind, right.kind):
        return None
    return Scalar("Bool", COMPARISONS[word](left.value, right.value))


def sides(condition: Condition) -> Iterator[Side]:
    """Every scalar that a condition looks at."""
    match condition:
        case Compare(left=left, right=right):
            yield left
            yield right
        case Truth(side=side):
            yield side
        case Not(of=of):
            yield from sides(of)
        case All(of=parts) | Any(of=parts):
            for part in parts:
                yield from sides(part)


def followed(condition: Condition, find: Callable[[Origin, Span], Origin | None]) -> Condition | bool | None:
    """A condition over what its sides come from in the whole; whether it holds, if that is known; nothing if a part
    is broken."""
    match condition:
        case Compare(word=word, left=left, right=right):
            one, other = _side(left, find), _side(right, find)
            if one is None or other is None:
                return None
            a, b = _known(one), _known(other)
            return Compare(word, one, other) if a is None or b is None else COMPARISONS[word](a, b)
        case Truth(side=side):
            found = _side(side, find)
            if found is None:
                return None
            known = _known(found)
            return Truth(found) if known is None else known is True
        case Not(of=of):
            inner = followed(of, find)
            return inner if inner is None else not inner if isinstance(inner, bool) else Not(inner)
        case All(of=parts):
            return _joined([followed(part, find) for part in parts], False)
        case Any(of=parts):
            return _joined([followed(part, find) for part in parts], True)


def _joined(parts: list[Condition | bool | None], decides: bool) -> Condition | bool | None:
    if any(part is None for part in parts):
        return None
    if any(part is decides for part in parts):
        return decides
    left = tuple(part for part in parts if part is not None and not isinstance(part, bool))
    if not left:
        return not decides
    return left[0] if len(left) == 1 else Any(left) if decides else All(left)


def _side(side: Side, find: Callable[[Origin, Span], Origin | None]) -> Side | None:
    origin = find(side.origin, side.span)
    return None if origin is None else side._replace(origin=origin)


def _known(side: Side) -> Number | str | bool | None:
    if not isinstance(side.origin, FromConstant) or not isinstance(side.origin.value, str):
        return None
    if side.kind == "String":
        return side.origin.value
    return side.origin.value == "true" if side.kind == "Bool" else exact(side.origin.value)
