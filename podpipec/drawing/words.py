"""Making texts of a program fit for a picture: nothing invisible, and not too long."""

from __future__ import annotations

from unicodedata import category

#: Control, format (such as changes of direction), surrogate, private and unassigned characters, and line separators.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def seen(text: str) -> str:
    """The text with every character that cannot be seen, or turns others round, as its number: `\\u202e`."""
    return "".join(f"\\u{ord(char):04x}" if category(char) in _UNSEEN else char for char in text)


def short(text: str, most: int) -> str:
    """The text, its middle left out if it is longer than so many characters."""
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"
