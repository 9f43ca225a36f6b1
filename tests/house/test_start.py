"""What a command loads: small commands start at once because they import next to nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.repository import ROOT, python

HEAVY = {
    "kubernetes",
    "rich",
    "click",
    "yaml",
    "lark",
    "interegular",
    "msgspec",
    "jsonschema",
    "asyncio",
    "rpds",
    "sqlite3",
}
PROGRAM = 'const cap = 2 * 64MiB\nsnapshot t: Csv { from "t.csv" size cap }\n'


def loaded(words: list[str], packages: Path, folder: Path) -> set[str]:
    """All modules that a process imported, besides those that an empty one does."""
    done = python(["-X", "importtime", *words], packages, cwd=folder, extra={"XDG_CACHE_HOME": str(folder / "cache")})
    assert done.returncode == 0, done.stderr
    names = set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))
    empty = python(["-X", "importtime", "-c", "pass"], packages, cwd=folder)
    return names - set(re.findall(r"^import time:.*\| +(\S+)$", empty.stderr, re.MULTILINE))


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def test_version_loads_nothing(packages: Path, tmp_path: Path) -> None:
    found = loaded(
        ["-c", "import sys; sys.argv[1:] = ['--version']; from podpipec.cli import main; main()"], packages, tmp_path
    )
    assert found - {"__future__"} == {"podpipec", "podpipec.cli"}


@pytest.mark.parametrize(
    "words",
    [["-c", "import podpipec.cli.door"], ["-m", "podpipec", "check", "x.flow"], ["-c", "import podpipec.compiler"]],
)
def test_check_loads_nothing_heavy(words: list[str], packages: Path, tmp_path: Path) -> None:
    (tmp_path / "x.flow").write_text(PROGRAM)
    found = loaded(words, packages, tmp_path)
    assert not roots(found) & HEAVY
    assert {name for name in found if name.startswith("podpipec_runtime.")} <= {"podpipec_runtime.tuples"}


def test_build_and_plan_need_neither_kubernetes_nor_rich(packages: Path, tmp_path: Path) -> None:
    example = next((ROOT / "examples").rglob("*.flow"))
    for command in ("plan", "build"):
        done = python(["-X", "importtime", "-m", "podpipec", command, str(example)], packages, cwd=tmp_path)
        names = set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))
        assert not roots(names) & {"kubernetes", "rich", "lark", "jsonschema"}


def test_the_runtime_comes_without_the_compiler(packages: Path, tmp_path: Path) -> None:
    found = loaded(["-c", "import podpipec_runtime.engine, podpipec_runtime.plan.codec"], packages, tmp_path)
    assert "podpipec" not in roots(found) and not roots(found) & {"click", "rich", "lark", "kubernetes", "yaml"}
