"""What only a process of its own can show: hash seeds, working directories, imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

EMIT = """
import sys
sys.path.insert(0, sys.argv[1])
from podpipec.targets.kubernetes import KubernetesOptions, manifests
from podpipec.targets.yaml import dump
from tests.targets import plans
words = {letter: "x" for letter in "hgfedcba"}
options = KubernetesOptions(labels=words, node_selector=words)
for plan in (plans.minimal, plans.every_place, plans.exclusive, plans.per_shard):
    sys.stdout.write(dump(manifests(plan(), options)))
"""

IMPORTS = """
import sys
import podpipec.targets.kubernetes
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {"kubernetes", "yaml", "pydantic", "rich", "click"}))
"""


def python(script: str, seed: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script, str(ROOT)]
    return subprocess.run(
        command, env=environment, cwd=folder, check=True, capture_output=True, encoding="utf-8"
    ).stdout


def test_same_bytes_whatever_the_hash_seed_and_folder(tmp_path: Path) -> None:
    first = python(EMIT, "0", tmp_path)
    assert first.count("kind: StatefulSet") == 4
    assert {python(EMIT, seed, ROOT) for seed in ("1", "4242")} == {first}


@pytest.mark.parametrize("seed", ["0"])
def test_nothing_heavy_is_imported(seed: str, tmp_path: Path) -> None:
    assert python(IMPORTS, seed, tmp_path).strip() == "[]"
