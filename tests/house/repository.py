"""The repository as the tests of the house see it: its files, and a way to start Python with its packages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: The folders, and the packages that they are.
PACKAGES = {
    "podpipec": "podpipec",
    "runtime": "podpipec_runtime",
    "grammar": "podpipec_grammar",
    "stdlib": "podpipec_stdlib",
}

_NOT_OURS = {".git", ".venv", ".demo", ".ci-demo", ".benchmarks", ".hypothesis", "build", "dist", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """All files that are committed, or that would be: what git ignores is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
    )
    if listed.returncode == 0:
        return tuple(
            path for name in sorted(listed.stdout.decode().split("\0")) if name and (path := ROOT / name).is_file()
        )
    every = (path for path in sorted(ROOT.rglob("*")) if path.is_file())
    return tuple(
        path for path in every if not _NOT_OURS & {*path.relative_to(ROOT).parts} and ".egg-info" not in str(path)
    )


def name(path: Path) -> str:
    """A file's path as seen from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def linked(folder: Path) -> Path:
    """A folder from which the repository's packages can be imported by their names, whatever is installed."""
    for source, package in PACKAGES.items():
        (folder / package).symlink_to(ROOT / source)
    return folder


def python(
    words: Sequence[str], path: Path, cwd: Path = ROOT, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python with the packages that are linked below `path`."""
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1", **(extra or {})}
    return subprocess.run([sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True)
