"""Which package may import which is held by import-linter, whose contracts are in `.importlinter`."""

from __future__ import annotations

import configparser
import shutil
from pathlib import Path

from tests.house.repository import PACKAGES, ROOT, python

RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_all_contracts_are_kept(packages: Path) -> None:
    done = python(["-c", RUN], packages)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_a_road_back_is_found(tmp_path: Path) -> None:
    """The contracts do see what they forbid: syntax that asks for types, a runtime that asks for the compiler."""
    for folder, package in PACKAGES.items():
        shutil.copytree(ROOT / folder, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for file, line in (
        ("podpipec/syntax/tokens.py", "import podpipec.types.content\n"),
        ("podpipec_runtime/engine.py", "import podpipec.source\n"),
        ("podpipec/rules/l1.py", "import time\n"),
        ("podpipec_runtime/interpreter/step.py", "import os\n"),
    ):
        with (tmp_path / file).open("a") as module:
            module.write(line)
    (tmp_path / "podpipec" / "surplus.py").write_text("")
    done = python(["-c", RUN], tmp_path, cwd=tmp_path)
    assert done.returncode != 0 and "4 broken" in done.stdout, done.stdout
    assert "surplus" in done.stdout, "a package that no layer names must be noticed"


def test_every_package_of_the_compiler_has_its_layer() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:layers"]["layers"].replace("|", " ").split()
    there = {
        path.stem for path in (ROOT / "podpipec").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert set(layers) == there - {"__init__"}
