"""Scalars with units: sizes in bytes, durations in seconds, exact numbers.

A number is an int, or a Fraction where it is not whole: most programs have no such number, and do without loading it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from podpipec.types.units import SIZES, size_text
from podpipec_runtime.tuples import NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

Number: TypeAlias = "int | Fraction"

#: Milliseconds in each unit of duration. A day has 24 hours here, though not every local day has.
MILLISECONDS: dict[str, int] = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 7 * 86_400_000,
}

UNITS = (*SIZES, *MILLISECONDS)

#: Numbers stay exact, and so they must stay short: nothing that a program counts has more binary digits.
_BITS = 256
_DIGITS = 60

#: What people write elsewhere, and the unit that they mean by it; near misses of letters are found without.
MEANT = {
    **{f"{letter}{i}": f"{letter}iB" for letter in "KMGTP" for i in ("", "i")},
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "w"),
}


class Scalar(NamedTuple):
    """A value known to the compiler. `kind` is a scalar type's name; a list has the kind of its elements."""

    kind: str
    value: Number | str | bool


def is_number(value: Number | str | bool) -> TypeGuard[Number]:
    """Whether a value is a number: an int that is no truth, or a fraction."""
    return not isinstance(value, str | bool)


def exact(digits: str) -> Number:
    """The number that decimal digits stand for, with a sign and a point if need be."""
    if "." not in digits:
        return int(digits)
    from fractions import Fraction

    return Fraction(digits)


def quotient(dividend: Number, divisor: Number) -> Number:
    """One number divided by another, exactly. Raises ZeroDivisionError."""
    if isinstance(dividend, int) and isinstance(divisor, int) and dividend % divisor == 0:
        return dividend // divisor
    from fractions import Fraction

    return Fraction(dividend) / divisor


def text(scalar: Scalar) -> str:
    """What a command shows for it: bytes, seconds, decimal digits (the fewest that give the same double)."""
    value = scalar.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if value.denominator == 1:
        return str(value.numerator)
    from decimal import Decimal

    return format(Decimal(repr(float(value))), "f")


def written(scalar: Scalar) -> str:
    """The way a person writes it: `8GiB`, `10m`, `"text"`."""
    value = scalar.value
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return text(scalar)
    if scalar.kind == "Size":
        return size_text(int(value))
    if scalar.kind == "Duration":
        return duration_text(value)
    return text(scalar)


def duration_text(seconds: Number) -> str:
    """Seconds in the largest unit that leaves a whole number."""
    for unit in ("d", "h", "m", "s", "ms"):
        amount, rest = divmod(seconds * 1000, MILLISECONDS[unit])
        if amount >= 1 and not rest:
            return f"{amount}{unit}"
    return f"{float(seconds):g}s"


def number(digits: str, unit: str) -> Scalar | None:
    """The scalar for a number as written; nothing for a unit that there is not. Raises OverflowError for a long one."""
    if len(digits) > _DIGITS:
        raise OverflowError
    amount = exact(digits.replace("_", ""))
    if not unit:
        return Scalar("Float" if "." in digits else "Int", amount)
    if unit in SIZES:
        return Scalar("Size", amount * SIZES[unit])
    if unit in MILLISECONDS:
        return Scalar("Duration", quotient(amount * MILLISECONDS[unit], 1000))
    return None


def parse(text_: str, kind: str) -> Scalar | None:
    """The scalar of a kind that a text on the command line stands for, if it does."""
    if kind == "String":
        return Scalar(kind, text_)
    if kind == "Bool":
        return Scalar(kind, text_ == "true") if text_ in ("true", "false") else None
    digits = text_.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    sign = -1 if digits.startswith("-") else 1
    if not digits.removeprefix("-").replace("_", "").replace(".", "", 1).isdecimal() or not digits.isascii():
        return None
    found = number(digits.removeprefix("-"), text_[len(digits) :]) if len(digits) <= _DIGITS else None
    if found is None or isinstance(found.value, str | bool):
        return None
    if found.kind != kind and not (found.kind == "Int" and kind == "Float"):
        return None
    return Scalar(kind, sign * found.value)


def arithmetic(operator: str, left: Scalar, right: Scalar) -> Scalar | None:
    """`left operator right`, or nothing where units do not go together. Raises ZeroDivisionError and OverflowError."""
    result = _computed(operator, left, right)
    if result is not None and is_number(result.value):
        parts = (result.value.numerator, result.value.denominator)
        if max(part.bit_length() for part in parts) > _BITS:
            raise OverflowError
    return result


def _computed(operator: str, left: Scalar, right: Scalar) -> Scalar | None:
    a, b = left.value, right.value
    if isinstance(a, str) or isinstance(b, str) or isinstance(a, bool) or isinstance(b, bool):
        if operator == "+" and isinstance(a, str) and isinstance(b, str):
            return Scalar("String", a + b)
        return None
    plain = ("Int", "Float")
    if operator in "+-":
        if left.kind != right.kind and not (left.kind in plain and right.kind in plain):
            return None
        kind = left.kind if left.kind == right.kind else "Float"
        return Scalar(kind, a + b if operator == "+" else a - b)
    if operator == "*":
        if left.kind not in plain and right.kind not in plain:
            return None
        return Scalar(_product(left.kind, right.kind), a * b)
    if right.kind in plain:
        return Scalar(left.kind if left.kind not in plain else "Float", quotient(a, b))
    if left.kind == right.kind:
        return Scalar("Float", quotient(a, b))
    return None


def _product(left: str, right: str) -> str:
    if left not in ("Int", "Float"):
        return left
    if right not in ("Int", "Float"):
        return right
    return "Float" if "Float" in (left, right) else "Int"
