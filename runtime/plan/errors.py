"""The one error that reading a plan can give, and the check that is made all over it."""

from __future__ import annotations


class PlanError(Exception):
    """A plan that doesn't fit. `path` leads to the misfit, as in `$.steps[3].width`."""

    def __init__(self, message: str, path: str = "$") -> None:
        super().__init__(f"{message} (at {path})")
        self.message = message
        self.path = path


def at_least(least: int, number: int, path: str) -> None:
    """Raises PlanError for a number that is too small."""
    if number < least:
        raise PlanError(f"{number} is less than {least}", path)
