"""Bounds as the language reference gives them: arithmetic over sizes, each input between nothing and its own bound."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from podpipec.syntax import tree

UNITS = {"": 1, "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "h": 3600, "d": 86400, "m": 60}


def high(expression: tree.Expression, inputs: Mapping[str, Fraction]) -> Fraction:
    """The most that an expression can come to."""
    return _between(expression, inputs)[1]


def low(expression: tree.Expression, inputs: Mapping[str, Fraction]) -> Fraction:
    """The least that an expression can come to."""
    return _between(expression, inputs)[0]


def _between(expression: tree.Expression, inputs: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    match expression:
        case tree.Number(digits=digits, unit=unit):
            value = Fraction(digits.replace("_", "")) * UNITS[unit]
            return value, value
        case tree.Negative(operand=operand):
            least, most = _between(operand, inputs)
            return -most, -least
        case tree.Name(text=text):
            return Fraction(0), inputs[text]
        case tree.Binary(operator=operator, left=left, right=right):
            (a, b), (c, d) = _between(left, inputs), _between(right, inputs)
            match operator:
                case "+":
                    return a + c, b + d
                case "-":
                    return a - d, b - c
                case "*":
                    corners = (a * c, a * d, b * c, b * d)
                case _:
                    corners = (a / c, a / d, b / c, b / d)
            return min(corners), max(corners)
        case tree.Call(callee=tree.Name(text="max" | "min" as word), arguments=arguments):
            sides = [_between(argument.value, inputs) for argument in arguments]
            chosen = max if word == "max" else min
            return chosen(least for least, _ in sides), chosen(most for _, most in sides)
    raise ValueError(f"no size: {expression}")
