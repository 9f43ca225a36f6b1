"""Making texts of a program fit for a picture: nothing invisible, and not too long."""

from __future__ import annotations

from unicodedata import category

#: Control, format (such as changes of direction), surrogate and private characters, and line separators.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def seen(text: str) -> str:
    """The text with every character that cannot be seen, or turns others round, as its number: `\\u202e`."""
    return "".join(_number(char) if category(char) in _UNSEEN or _is_none(char) else char for char in text)


def _is_none(char: str) -> bool:
    """Whether it is a number that Unicode promises never to make a character; XML forbids some of them."""
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def _number(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def short(text: str, most: int) -> str:
    """The text, its middle left out if it is longer than so many characters."""
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"
