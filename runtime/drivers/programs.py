"""Finding a program on PATH."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping


def find(name: str, env: Mapping[str, str]) -> str | None:
    """The path of the program `name`; a name with a slash in it is a path already. None if there is none."""
    if "/" in name:
        return name
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = f"{folder or '.'}/{name}"
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


def missing(name: str, env: Mapping[str, str]) -> str:
    """The message for a program that isn't there, with names that are nearly it."""
    from difflib import get_close_matches  # only for mistakes

    names: set[str] = set()
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        with contextlib.suppress(OSError):
            names.update(os.listdir(folder or "."))
    close = get_close_matches(name, names, 1, 0.75)
    return f"command not found: {name}" + (f" (did you mean `{close[0]}`?)" if close else "")
