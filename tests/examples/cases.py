"""The examples, and the commands with which `examples/README.md` says that they are run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FEATURES = ROOT / "examples" / "features"
FLIGHTS = ROOT / "examples" / "flights"

_COMMAND = re.compile(r"`podpipec run (examples/features/[^`]+)`")


_PLANNED = re.compile(r"`podpipec build (examples/features/planned/[^`]+)`")


class Case(NamedTuple):
    """One feature's example: its name, its path from the top folder, and the options that its command gives."""

    name: str
    path: str
    options: tuple[str, ...]

    @property
    def params(self) -> dict[str, str]:
        """The parameters among the options."""
        pairs = zip(self.options, self.options[1:], strict=False)
        return dict(value.split("=", 1) for option, value in pairs if option == "--param")


def cases() -> list[Case]:
    """Every command of the index, in its order."""
    found = []
    for command in _COMMAND.findall((FEATURES.parent / "README.md").read_text(encoding="utf-8")):
        path, *options = shlex.split(command)
        found.append(Case(Path(path).stem, path, tuple(options)))
    return found


def planned() -> list[str]:
    """The examples of the index that are checked and planned alone, by their paths from the top folder."""
    return _PLANNED.findall((FEATURES.parent / "README.md").read_text(encoding="utf-8"))


def podpipec(*words: str, cwd: Path = ROOT, seed: str = "random") -> subprocess.CompletedProcess[str]:
    """Runs a command as a user would, with this interpreter's programs on the PATH. `seed` is for Python's hashes."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), env.get("PATH", os.defpath)))
    env["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    env["PYTHONHASHSEED"] = seed
    command = [sys.executable, "-m", "podpipec", *words]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=300, check=False)
