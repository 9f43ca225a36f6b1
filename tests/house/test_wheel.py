"""The wheel: its packages, its data, and that both are those of the repository."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.repository import PACKAGES, ROOT, files, name

#: What is no part of what a user installs, though it lies in a package's folder.
_NOT_PACKED = {"runtime/ruff.toml"}


class Built(NamedTuple):
    """A wheel, and the copy of the repository that it was built from."""

    archive: zipfile.ZipFile
    copy: Path

    def entries(self) -> list[str]:
        return self.archive.namelist()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The wheel as pip builds it from a copy of the repository, so that no `build` folder is left behind."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for path in files():
        target = copy / name(path)
        if path.relative_to(ROOT).parts[0] in (*PACKAGES, "pyproject.toml", "setup.py", "README.md", "LICENSE"):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(copy)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        yield Built(archive, copy)


def test_it_puts_four_packages_into_site_packages_and_nothing_else(wheel: Built) -> None:
    tops = {entry.partition("/")[0] for entry in wheel.entries()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES.values())


def test_it_holds_exactly_the_repository_s_files(wheel: Built) -> None:
    expected = {}
    for folder, package in PACKAGES.items():
        for path in (wheel.copy / folder).rglob("*"):
            packed_as = f"{package}/{path.relative_to(wheel.copy / folder).as_posix()}"
            if path.is_file() and path.relative_to(wheel.copy).as_posix() not in _NOT_PACKED:
                expected[packed_as] = path.read_bytes()
    packed = {entry: wheel.archive.read(entry) for entry in wheel.entries() if ".dist-info/" not in entry}
    assert sorted(packed) == sorted(expected)
    assert [entry for entry in packed if packed[entry] != expected[entry]] == []


def test_what_is_read_at_run_time_is_in_it(wheel: Built) -> None:
    entries = set(wheel.entries())
    assert {
        "podpipec_grammar/flow.lark",
        "podpipec_grammar/tables.py",
        "podpipec_runtime/plan/plan.schema.json",
    } <= entries
    assert all(f"{package}/py.typed" in entries for package in ("podpipec", "podpipec_runtime", "podpipec_grammar"))
    assert {entry for entry in entries if entry.startswith("podpipec/explain/")} >= {"podpipec/explain/L1.md"}


def test_it_carries_the_licence_and_the_command(wheel: Built) -> None:
    (points,) = [entry for entry in wheel.entries() if entry.endswith(".dist-info/entry_points.txt")]
    assert "podpipec = podpipec.cli:main" in wheel.archive.read(points).decode()
    assert any(entry.endswith("/licenses/LICENSE") for entry in wheel.entries())


def test_it_is_the_same_whenever_it_is_listed(wheel: Built) -> None:
    assert len(set(wheel.entries())) == len(wheel.entries())
    assert not [
        entry for entry in wheel.entries() if "__pycache__" in entry or entry.startswith(("tests/", "examples/"))
    ]
