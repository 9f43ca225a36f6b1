"""The folders of attempts: every attempt has an empty one under a name that was never another's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from podpipec_runtime.folders import Folders


def attempt(folders: Folders, tmp: Path) -> Path:
    folder = folders.name(str(tmp))
    folders.make(folder)
    path = Path(folder)
    assert list(path.iterdir()) == [] and stat.S_IMODE(path.stat().st_mode) == 0o700
    return path


def over(folders: Folders, path: Path) -> None:
    folders.over(str(path))
    folders.sweep()


def test_an_empty_folder_is_used_again_under_another_name(tmp_path: Path) -> None:
    folders, seen = Folders(), set()
    first = attempt(folders, tmp_path)
    inode = first.stat().st_ino
    for _ in range(5):
        seen.add(first)
        over(folders, first)
        first = attempt(folders, tmp_path)
        assert first.stat().st_ino == inode and first not in seen


def test_two_at_once_have_two_folders(tmp_path: Path) -> None:
    folders = Folders()
    for _ in range(3):
        both = [attempt(folders, tmp_path) for _ in range(2)]
        assert both[0] != both[1]
        for path in both:
            over(folders, path)
    folders.close()
    assert list(tmp_path.iterdir()) == []


def _link(path: Path) -> None:
    path.rename(path.with_name("away"))
    path.symlink_to(path.with_name("away"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: (path / "left").write_text("x"),
        lambda path: (path / "left").mkdir(),
        lambda path: path.chmod(0o755),
        lambda path: path.rmdir(),
        _link,
    ],
)
def test_what_is_not_as_it_was_made_is_not_used_again(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    folders = Folders()
    path = attempt(folders, tmp_path)
    spoil(path)
    over(folders, path)
    assert not os.path.lexists(path)
    attempt(folders, tmp_path)
