"""A command that was called wrongly."""

from __future__ import annotations


class Misused(Exception):  # noqa: N818 - it says what is the matter with the words that were given
    """What was asked for cannot be done. The message is for the user, beside how the command is called."""
