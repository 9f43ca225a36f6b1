"""How a secret of the plan comes to a stage."""

from __future__ import annotations


def variable(name: str) -> str:
    """The environment variable that a secret comes as."""
    return name.upper()
