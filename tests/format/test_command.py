"""`podpipec fmt` from outside: what it prints, what it writes, how it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from podpipec.cli import status
from podpipec.cli.group import podpipec
from podpipec.format import UnsafeError, formatting
from podpipec.syntax import tree

UGLY = "const  a=1 # one\n"
TIDY = "const a = 1                         # one\n"
BROKEN = "const a = 1\n\nflow f( {\n  x   = 1\n}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fmt(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
    result = CliRunner().invoke(podpipec, ["fmt", *words], input=stdin, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_it_writes_in_place_and_says_what_it_wrote() -> None:
    Path("ugly.flow").write_text(UGLY)
    Path("tidy.flow").write_text(TIDY)
    old = os.stat("tidy.flow").st_mtime_ns
    assert fmt("ugly.flow", "tidy.flow") == (status.OK, "ugly.flow: laid out\n", "")
    assert Path("ugly.flow").read_text() == Path("tidy.flow").read_text() == TIDY
    assert os.stat("tidy.flow").st_mtime_ns == old, "what is laid out already is not written"
    assert sorted(os.listdir()) == ["tidy.flow", "ugly.flow"], "nothing is left beside them"
    assert fmt("ugly.flow") == (status.OK, "", "")


def test_mode_and_links_stay() -> None:
    Path("real.flow").write_text(UGLY)
    Path("real.flow").chmod(0o640)
    Path("link.flow").symlink_to("real.flow")
    fmt("link.flow")
    assert Path("link.flow").is_symlink() and Path("real.flow").read_text() == TIDY
    assert Path("real.flow").stat().st_mode & 0o7777 == 0o640


def test_check_and_diff_write_nothing() -> None:
    Path("ugly.flow").write_text(UGLY)
    Path("tidy.flow").write_text(TIDY)
    assert fmt("--check", "tidy.flow") == (status.OK, "", "")
    assert fmt("--check", "tidy.flow", "ugly.flow") == (status.PROGRAM, "", "ugly.flow: would be laid out otherwise\n")
    said = f"--- ugly.flow\n+++ ugly.flow\n@@ -1 +1 @@\n-{UGLY}+{TIDY}"
    assert fmt("--diff", "ugly.flow", "tidy.flow") == (status.OK, said, "")
    assert fmt("--diff", "--check", "ugly.flow")[:2] == (status.PROGRAM, said)
    assert Path("ugly.flow").read_text() == UGLY


def test_standard_input_goes_to_standard_output() -> None:
    assert fmt("-", stdin=UGLY.encode()) == (status.OK, TIDY, "")
    assert fmt("-", "--check", stdin=UGLY.encode())[:2] == (status.PROGRAM, "")
    code, out, err = fmt("-", stdin=BROKEN.encode())
    assert (code, out) == (status.PROGRAM, "") and "<stdin>:3:7" in err
    assert fmt("-", "a.flow")[0] == status.USAGE


def test_a_broken_file_is_left_alone_and_the_others_are_laid_out() -> None:
    Path("broken.flow").write_text(BROKEN)
    Path("ugly.flow").write_text(UGLY)
    code, out, err = fmt("broken.flow", "ugly.flow")
    assert (code, out) == (status.PROGRAM, "ugly.flow: laid out\n")
    assert "broken.flow:3:7" in err and "`(` is never closed" in err
    assert Path("broken.flow").read_text() == BROKEN


@pytest.mark.parametrize("content", [b'const a = "\xff"\n', b"const a = 1\0\n"])
def test_what_is_no_text_is_left_alone(content: bytes) -> None:
    Path("odd.flow").write_bytes(content)
    code, _, err = fmt("odd.flow")
    assert code == status.PROGRAM and "P008" in err
    assert Path("odd.flow").read_bytes() == content


def test_files_that_cannot_be_read() -> None:
    Path("folder").mkdir()
    code, out, err = fmt("nowhere.flow", "folder")
    assert (code, out) == (status.PROGRAM, "")
    assert "there is no such file" in err and "it is a folder" in err


def test_marks_and_line_ends() -> None:
    Path("dos.flow").write_bytes(b"\xef\xbb\xbfconst a=1\r\nconst b = 2\r\n")
    fmt("dos.flow")
    assert Path("dos.flow").read_bytes() == b"\xef\xbb\xbfconst a = 1\nconst b = 2\n"


def test_used_files_are_not_looked_at() -> None:
    Path("main.flow").write_text("use other{x}\n")
    assert fmt("main.flow") == (status.OK, "main.flow: laid out\n", "")


def test_a_mistake_of_the_formatter_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("ugly.flow").write_text(UGLY)
    for wrong in ("const a = 2 # one\n", "const a = 1\n", "const a = \n", "const a = 1 # two\n"):
        monkeypatch.setattr(formatting, "layout", lambda _, wrong=wrong: wrong.rstrip("\n"))
        code, out, err = fmt("ugly.flow")
        assert (code, out) == (status.INTERNAL, "") and "left as it is" in err
        assert Path("ugly.flow").read_text() == UGLY


def test_what_never_comes_to_rest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = iter("const a = 1" + " " * number + "# one" for number in range(1, 99))
    monkeypatch.setattr(formatting, "layout", lambda _: next(texts))
    with pytest.raises(UnsafeError, match="rest"):
        formatting.formatted(formatting.Source("x.flow", UGLY))


def test_every_kind_of_node_has_a_printer() -> None:
    from typing import get_args

    from podpipec.format import declarations, expressions, statements

    assert set(declarations._DECLARATIONS) == set(get_args(tree.Declaration))
    assert set(statements._STATEMENTS) == set(get_args(tree.Statement))
    assert set(expressions._EXPRESSIONS) == set(get_args(tree.Expression))
