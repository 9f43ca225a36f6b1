"""Scalars as text: what stages write for them, and what that means when it is compared.

The text is that which a command is shown for a scalar: digits, `true` or `false`, bytes for a size and seconds
for a duration. So what a stage is given it can give back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, get_args

from podpipec_runtime.plan.types import Port, ScalarName, Stage

if TYPE_CHECKING:
    from fractions import Fraction

#: The contents that are scalars. An output of such a content is captured.
NAMES: tuple[ScalarName, ...] = get_args(ScalarName)

#: The most bytes that a captured text may have.
LONGEST = 4096

#: Patterns, made into automata when a text is looked at: few runs have one.
_WHOLE = r"[+-]?[0-9]+"
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_FORMS: dict[str, tuple[str, str]] = {
    "Int": (_WHOLE, "a whole number, such as `42`"),
    "Float": (_NUMBER, "a number, such as `0.5`"),
    "Bool": ("true|false", "`true` or `false`"),
    "Size": ("[0-9]+", "a number of bytes, such as `1048576`"),
    "Duration": (_NUMBER, "a number of seconds, such as `600`"),
}

#: What a scalar is compared by; numbers exactly, as a fraction where they are not whole.
Meaning: TypeAlias = "int | Fraction | str | bool"


class NotScalar(ValueError):  # noqa: N818 - it says what is the matter with a text
    """A text is not of the scalar's type; the message says what is needed."""


def captured(stage: Stage) -> tuple[Port, ...]:
    """The outputs of a stage that are captured."""
    return tuple(port for port in stage.outputs if port.content in NAMES)


def captured_names(stage: Stage) -> tuple[str, ...]:
    """What they are called."""
    return tuple(port.name for port in captured(stage))


def stored(stage: Stage) -> tuple[Port, ...]:
    """The outputs of a stage that lie on a place."""
    return tuple(port for port in stage.outputs if port.content not in NAMES and not streamed(port))


def streamed(port: Port) -> bool:
    """Whether what goes through a port is a stream: a pipe, and no file."""
    return port.content.startswith("Stream<")


def meaning(text: str, type_: str) -> Meaning:
    """What a text stands for. Raises NotScalar."""
    if type_ == "String":
        if "\0" in text:
            raise NotScalar("a text without NUL is needed")
        return text
    form, needed = _FORMS[type_]
    if not re.fullmatch(form, text, re.ASCII):
        raise NotScalar(f"{needed} is needed")
    if type_ == "Bool":
        return text == "true"
    if re.fullmatch(_WHOLE, text, re.ASCII):
        return int(text)
    from fractions import Fraction

    return Fraction(text)
