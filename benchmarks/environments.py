"""Virtual environments: one for the project, one for each peer, so that no tool's dependencies bend another's.

They lie below `.benchmarks/`. A peer's is made once and kept while its pins are the same; the project's is made anew
from a copy of the working tree each time, so what is measured is what is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.process import WentWrongError

#: The peers, pinned. `make` has no package: it is the machine's own.
PEERS = {
    "miniwdl": ("miniwdl==1.16.0",),
    "hera": ("hera[yaml]==7.1.0",),
    "kfp": ("kfp==2.17.0",),
    "doit": ("doit==0.37.0",),
    "ninja": ("ninja==1.13.2",),
}

#: What a copy of the project consists of.
PARTS = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "podpipec", "runtime", "grammar", "stdlib")


class Environments:
    """The programs of the environments below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def program(self, environment: str, name: str) -> str:
        """The path of an installed program."""
        return str(self.root / environment / "bin" / name)

    def peer(self, name: str) -> None:
        """Makes a peer's environment, unless it is there with these pins."""
        stamp = self.root / name / "pins.txt"
        pins = "\n".join((sys.version, *PEERS[name]))
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == pins:
            return
        self._make(name, PEERS[name])
        stamp.write_text(pins, encoding="utf-8")

    def project(self, source: Path) -> None:
        """Makes the project's environment anew: a plain, non-editable installation of a copy of `source`."""
        copy = self.root / "source"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        for part in PARTS:
            if (source / part).is_dir():
                shutil.copytree(source / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source / part, copy / part)
        self._make("podpipec", (str(copy),))

    def _make(self, name: str, packages: Sequence[str]) -> None:
        folder = self.root / name
        shutil.rmtree(folder, ignore_errors=True)
        _call((sys.executable, "-m", "venv", str(folder)))
        _call((str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages))


def _call(argv: Sequence[str]) -> None:
    """Runs a command of the set-up. PYTHONDONTWRITEBYTECODE would leave an installation without its bytecode."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WentWrongError(f"{' '.join(argv)}\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
