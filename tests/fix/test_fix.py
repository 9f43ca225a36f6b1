"""`podpipec fix`: what it mends is shown program by program; that it spoils nothing is held for all programs."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from podpipec.cli import fix as command
from podpipec.cli import status
from tests.diagnostics.programs import Case, TextExtension, call, run
from tests.fix import programs

OWN = programs.own()
REFUSED = programs.refused()


@pytest.mark.parametrize("case", OWN, ids=[case.name for case in OWN])
def test_what_is_mended(case: Case, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    outcome = run(case, tmp_path)
    (name, before), *_ = case.files.items()
    text = (tmp_path / name).read_text("utf-8")
    said = f"════ $ {case.lines[0]}\n{outcome.out}{outcome.err}════ exit status {outcome.status}\n"
    shown = f"════ before\n{before}\n{said}\n════ after\n{text if text != before else '(the same)'}"
    assert shown == snapshot(extension_class=TextExtension)


@pytest.mark.parametrize("options", [(), ("--all",)], ids=["safe", "all"])
@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_nothing_gets_worse(case: Case, options: tuple[str, ...], tmp_path: Path) -> None:
    fixed = programs.fix(case, tmp_path / "one", *options)
    before = programs.codes(case, dict(case.files), tmp_path)
    after = programs.codes(case, fixed.files, tmp_path)
    assert set(after) <= set(before), "no code that was not there"
    assert len(after) <= len(before)
    changed = {name for name, text in fixed.files.items() if case.files.get(name) != text}
    assert changed <= {programs.entry(case)}, "no other file, and none more"
    assert fixed.outcome.status == (status.PROGRAM if after else status.OK)
    again = programs.fix(case._replace(files=fixed.files), tmp_path / "two", *options)
    assert again.files == fixed.files, "nothing is left that it could do"


def test_what_is_right_stays_as_it_is(tmp_path: Path) -> None:
    for case in programs.accepted():
        fixed = programs.fix(case, tmp_path / case.name, "--all")
        assert (fixed.files, fixed.outcome) == (case.files, (status.OK, f"{case.name}.flow: ok\n", ""))


# --- the file --------------------------------------------------------------------------------

_WRONG = "pod bench { slots 1  cpu 1  memroy 4GiB  ram 1GiB }\n"
_RIGHT = _WRONG.replace("memroy", "memory")


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with one mistake, in the folder of the call."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "wrong.flow"
    path.write_text(_WRONG)
    return path


def test_mode_and_link_stay(wrong: Path) -> None:
    wrong.chmod(0o640)
    wrong.parent.joinpath("link.flow").symlink_to("wrong.flow")
    assert call(["fix", "link.flow"]).status == status.OK
    assert os.readlink("link.flow") == "wrong.flow"
    assert wrong.read_text() == _RIGHT
    assert stat.S_IMODE(wrong.stat().st_mode) == 0o640
    assert sorted(os.listdir()) == ["link.flow", "wrong.flow"], "nothing is left beside it"


@pytest.mark.parametrize("options", [("--dry-run",), ("--diff",), ("--diff", "--dry-run")])
def test_nothing_is_written_unless_asked(options: tuple[str, ...], wrong: Path) -> None:
    before = wrong.stat()
    said = call(["fix", *options, "wrong.flow"])
    assert (wrong.read_text(), wrong.stat().st_mtime_ns) == (_WRONG, before.st_mtime_ns)
    assert said.status == status.OK
    assert said.err == ""


def sides(diff: str) -> tuple[str, str]:
    """The texts before and after one hunk that covers a whole file, read as `patch` reads it."""
    texts = {"-": "", "+": ""}
    touched = ""
    for line in diff.split("\n")[3:-1]:
        if line.startswith("\\"):  # what the line above is of has no end there
            texts |= {side: texts[side].removesuffix("\n") for side in touched}
            continue
        touched = "-+" if line.startswith(" ") else line[0]
        texts |= {side: f"{texts[side]}{line[1:]}\n" for side in touched}
    return texts["-"], texts["+"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_the_diff_is_one_for_patch(end: str, wrong: Path) -> None:
    before, after = (f"{text}const a = 1{end}" for text in (_WRONG, _RIGHT))
    wrong.write_text(before)
    diff = call(["fix", "--diff", "wrong.flow"]).out
    assert diff.startswith("--- wrong.flow\n+++ wrong.flow\n@@ -1,2 +1,2 @@\n")
    assert sides(diff) == (before, after)


def test_marks_and_ends_of_lines_stay(wrong: Path) -> None:
    flow = "\r\n".join(
        (
            '\ufeffsnapshot ticks { from "ticks.csv"  size 1GiB }',
            "pod bench { slots 1  cpu 1  memroy 16GiB  ram 8GiB  volume 50GiB }",
            'stage clean(raw: Csv) -> book: Csv { run ["clean", raw, book] }',
            "flow day(t: ticks) -> book on bench {",
            "\tbook = clean(t)",
            "}",
        )
    )
    wrong.write_bytes(flow.encode())
    assert call(["fix", "wrong.flow"]).status == status.OK
    mended = flow.replace("memroy", "memory").replace("clean(t)\r\n", "clean(t)\r\n\tkeep book in volume\r\n")
    assert wrong.read_bytes().decode() == mended


def test_a_file_that_was_changed_meanwhile_stays(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mend = command.mend

    def slow(*given: object) -> object:
        wrong.write_text("const mine = 1\n")
        return mend(*given)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(command, "mend", slow)
    said = call(["fix", "wrong.flow"])
    assert said.status == status.USAGE
    assert "was changed meanwhile: nothing is written" in said.err
    assert wrong.read_text() == "const mine = 1\n"


def test_a_write_that_fails_leaves_the_old_file(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = call(["fix", "wrong.flow"])
    assert said.status == status.USAGE
    assert "cannot write wrong.flow: No space left on device" in said.err
    assert (wrong.read_text(), os.listdir()) == (_WRONG, ["wrong.flow"])


def test_files_that_are_used_are_left_alone(wrong: Path) -> None:
    wrong.write_text("use lib { limit }\nconst more = limitt\n")
    Path("lib.flow").write_text("const limit = 10min\n")
    said = call(["fix", "wrong.flow"])
    assert wrong.read_text() == "use lib { limit }\nconst more = limit\n"
    assert Path("lib.flow").read_text() == "const limit = 10min\n"
    assert said.status == status.PROGRAM
    assert "podpipec fix lib.flow" in said.err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"const a = 1\n\0", None])
def test_what_cannot_be_read_is_told(content: bytes | None, wrong: Path) -> None:
    if content is None:
        wrong.unlink()
    else:
        wrong.write_bytes(content)
    said = call(["fix", "wrong.flow"])
    assert (said.status, said.out) == (status.PROGRAM, "")
    assert said.err.startswith("error[P008]" if content else "error[N006]")
    assert content is None or wrong.read_bytes() == content
