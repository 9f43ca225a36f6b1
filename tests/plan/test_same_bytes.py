"""The same program gives the same bytes, whatever the hash seed, the working folder and the way to the file are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repository import ROOT, linked
from tests.plan.programs import program

#: Prints one line for each plan of each program: its flow and the hash of its bytes.
SCRIPT = """
import hashlib, sys
from podpipec.cli.reading import read
from podpipec.compiler import compile_program
from podpipec.plan import lower
from podpipec_runtime.plan.codec import decode, encode
for number, path in enumerate(sys.argv[1:]):
    done = compile_program(path, read, {})
    for graph in done.checked.graphs if done.ok else ():
        if graph.flow.declared.across:
            continue  # its plan is a plan of plans
        try:
            data = encode(lower(graph))
        except ValueError as refused:
            print(number, graph.flow.declared.name.text, "refused", refused)
            continue
        decode(data)
        print(number, graph.flow.declared.name.text, hashlib.sha256(data).hexdigest())
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    return linked(folder)


def plans(paths: list[str], cwd: Path, seed: str, packages: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(packages), "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *paths], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def same_everywhere(files: list[Path], folder: Path, packages: Path) -> list[str]:
    first = plans([str(file) for file in files], folder, "0", packages)
    for seed, cwd in (("1", ROOT), ("4711", Path("/")), ("random", files[0].parent)):
        paths = [os.path.relpath(file, cwd) if seed != "4711" else str(file) for file in files]
        assert plans(paths, cwd, seed, packages) == first
    return first


def test_random_programs(tmp_path: Path, packages: Path) -> None:
    files = []
    for seed in range(25):
        files.append(tmp_path / f"p{seed}.flow")
        files[-1].write_text(program(seed))
    assert len(same_everywhere(files, tmp_path, packages)) == len(files)


def test_examples(tmp_path: Path, packages: Path) -> None:
    files = sorted((ROOT / "examples").rglob("*.flow"))
    found = same_everywhere(files, tmp_path, packages)
    assert len({line.split()[0] for line in found}) >= len(files) // 2
