"""What is known of a program from before: never more than what compiling it again would say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podpipec.cli import cache
from podpipec.cli.check import check_file

GOOD = 'use lib { T }\nstage a(x: T) -> y: T { run ["cp", x, y] }\n'
LIB = "type T = Csv\n"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of two files in the working folder, and a cache of its own."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "main.flow").write_text(GOOD)
    (folder / "lib.flow").write_text(LIB)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PODPIPEC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def entries(program: Path) -> list[Path]:
    folder = program.parent / "cache" / "podpipec"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_right_program_is_known_until_one_of_its_bytes_changes(program: Path) -> None:
    assert cache.recall("main.flow", "check") is None
    assert check_file("main.flow") == 0
    assert cache.recall("main.flow", "check") == b""
    for name in ("main.flow", "lib.flow"):
        before = (program / name).read_text()
        (program / name).write_text(before + " ")
        assert cache.recall("main.flow", "check") is None
        (program / name).write_text(before)
        assert cache.recall("main.flow", "check") == b""
    (program / "lib.flow").unlink()
    assert cache.recall("main.flow", "check") is None


def test_a_program_that_became_wrong_is_wrong(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_file("main.flow") == 0
    (program / "lib.flow").write_text("type S = Csv\n")
    assert check_file("main.flow") == 1
    assert "N001" in capsys.readouterr().err


def test_a_wrong_program_is_not_kept(program: Path) -> None:
    (program / "main.flow").write_text("stage a() {}\n")
    assert check_file("main.flow") == 1
    assert entries(program) == []


def test_purposes_folders_and_compilers_are_told_apart(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.keep("main.flow", "plan", ["main.flow", "lib.flow"], b"a plan")
    assert cache.recall("main.flow", "plan") == b"a plan"
    assert cache.recall("main.flow", "check") is None
    monkeypatch.setattr("podpipec.__version__", "other")
    assert cache.recall("main.flow", "plan") is None
    monkeypatch.undo()
    assert cache.recall("../program/main.flow", "plan") is None


def test_a_damaged_entry_is_no_entry(program: Path) -> None:
    cache.keep("main.flow", "plan", ["main.flow"], b"a plan")
    (entry,) = entries(program)
    whole = entry.read_bytes()
    for damaged in (b"", b"\n", b"x\ty\n", b"-1\t5\n", whole[:20], whole[5:], b"99999999\t1\n" + whole):
        entry.write_bytes(damaged)
        assert cache.recall("main.flow", "plan") is None
    assert entry.stat().st_mode & 0o077 == 0 or entry.parent.stat().st_mode & 0o077 == 0


def test_it_can_be_turned_off_and_may_be_impossible(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODPIPEC_CACHE", "off")
    assert check_file("main.flow") == 0
    assert entries(program) == []
    monkeypatch.delenv("PODPIPEC_CACHE")
    (program.parent / "cache").write_text("not a folder")
    assert check_file("main.flow") == 0
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert check_file("main.flow") == 0 and not (program / "relative").exists()


def test_old_entries_make_room(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST", 3)
    for number in range(6):
        cache.keep("main.flow", f"purpose {number}", ["main.flow"], b"x")
        for age, entry in enumerate(entries(program)):
            os.utime(entry, (age, age))
    assert len(entries(program)) <= 4
