"""The one error that reading a plan can give."""

from __future__ import annotations


class PlanError(Exception):
    """A plan that doesn't fit. `path` leads to the misfit, as in `$.steps[3].width`."""

    def __init__(self, message: str, path: str = "$") -> None:
        super().__init__(f"{message} (at {path})")
        self.message = message
        self.path = path
