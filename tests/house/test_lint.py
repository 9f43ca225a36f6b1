"""Lint, format and types, as `make lint` has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repository import ROOT, python

#: On one worker, one after the other: mypy alone takes all of a core.
pytestmark = pytest.mark.xdist_group("lint")


@pytest.mark.parametrize("words", [["check", "."], ["format", "--check", "."]])
def test_ruff(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *words, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy(packages: Path, tmp_path: Path) -> None:
    wanted = ["-p", "podpipec", "-p", "podpipec_runtime", "-p", "podpipec_grammar"]
    done = python(
        ["-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "cache"), *wanted],
        packages,
        cwd=tmp_path,
        extra={"MYPYPATH": str(packages)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
