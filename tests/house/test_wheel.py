"""The wheel: its packages, its data, and that both are those of the repository."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest

from tests.house.repository import PACKAGES, ROOT, files, name

#: What is no part of what a user installs, though it lies in a package's folder.
_NOT_PACKED = {"runtime/ruff.toml"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel as pip builds it from a copy of the repository, so that no `build` folder is left behind."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for path in files():
        target = copy / name(path)
        if path.relative_to(ROOT).parts[0] in (*PACKAGES, "pyproject.toml", "setup.py", "README.md", "LICENSE"):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(copy)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        yield archive


def test_it_puts_four_packages_into_site_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {entry.partition("/")[0] for entry in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES.values())


def test_it_holds_exactly_the_repository_s_files(wheel: zipfile.ZipFile) -> None:
    expected = {}
    for path in files():
        folder, _, rest = name(path).partition("/")
        if folder in PACKAGES and name(path) not in _NOT_PACKED:
            expected[f"{PACKAGES[folder]}/{rest}"] = path.read_bytes()
    packed = {entry: wheel.read(entry) for entry in wheel.namelist() if ".dist-info/" not in entry}
    assert sorted(packed) == sorted(expected)
    assert [entry for entry in packed if packed[entry] != expected[entry]] == []


def test_what_is_read_at_run_time_is_in_it(wheel: zipfile.ZipFile) -> None:
    entries = set(wheel.namelist())
    assert {
        "podpipec_grammar/flow.lark",
        "podpipec_grammar/tables.py",
        "podpipec_runtime/plan/plan.schema.json",
    } <= entries
    assert all(f"{package}/py.typed" in entries for package in ("podpipec", "podpipec_runtime", "podpipec_grammar"))
    assert {entry for entry in entries if entry.startswith("podpipec/explain/")} >= {"podpipec/explain/L1.md"}


def test_it_carries_the_licence_and_the_command(wheel: zipfile.ZipFile) -> None:
    (points,) = [entry for entry in wheel.namelist() if entry.endswith(".dist-info/entry_points.txt")]
    assert "podpipec = podpipec.cli:main" in wheel.read(points).decode()
    assert any(entry.endswith("/licenses/LICENSE") for entry in wheel.namelist())


def test_it_is_the_same_whenever_it_is_listed(wheel: zipfile.ZipFile) -> None:
    assert len(set(wheel.namelist())) == len(wheel.namelist())
    assert not [
        entry for entry in wheel.namelist() if "__pycache__" in entry or entry.startswith(("tests/", "examples/"))
    ]
