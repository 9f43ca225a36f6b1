"""Small words of messages."""

from __future__ import annotations


def a(what: str) -> str:
    """The thing with its article: ``a Size``, ``an Int``, ``an `Arrow` ``."""
    return f"{'an' if what.lstrip('`')[:1] in set('AEIOaeio') else 'a'} {what}"
