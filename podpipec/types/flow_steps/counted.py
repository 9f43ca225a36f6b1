"""Numbers in the head of a loop: how large groups are, how far apart, how many elements are under way."""

from __future__ import annotations

from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN
from podpipec.types.flow_scope import Scope
from podpipec.types.flow_steps.context import Work
from podpipec.types.scalars import is_number, written
from podpipec.types.typed import Count

#: No list is longer than this.
LONGEST = 10**9


def counted(expression: tree.Expression, word: str, least: int, scope: Scope, work: Work) -> Count | None:
    """The number behind a word of a loop's head: a constant, or what the flow is given. Nothing if it is broken."""
    if isinstance(expression, tree.Name) and expression.text in scope.names:
        value = work.values.value(expression, scope)
        if value.content.name != "Int" or value.content.lists:
            if value.content is not UNKNOWN:
                _no_count(expression, word, f"`{expression.text}` is of type `{value.content}`", work)
            return None
        return None if value.origin is None else Count(word, least, value, None)
    scalar = work.declared.constants.value(expression)
    if scalar is None:
        return None
    if scalar.kind != "Int" or not is_number(scalar.value):
        _no_count(expression, word, f"{written(scalar)} is no count", work)
        return None
    number = int(scalar.value)
    wrong = out_of_bounds(word, number, least)
    if wrong:
        work.say("V003", wrong, expression.span, "out of bounds")
        return None
    return Count(word, least, None, number)


def _no_count(expression: tree.Expression, word: str, what: str, work: Work) -> None:
    message = f"`{word}` counts elements, and {what}"
    work.say("T003", message, expression.span, "an Int is needed here", help=f"write it like `{word} 4`")


def out_of_bounds(word: str, number: int, least: int) -> str:
    """What is wrong with a number, if anything."""
    if least <= number <= LONGEST:
        return ""
    return f"`{word}` must be at {f'least {least}' if number < least else f'most {LONGEST}'}, and this is {number}"
