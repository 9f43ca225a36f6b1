"""The page of a program: what it looks like, and that nothing which a module declares is missing on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from podpipec.cli import status
from podpipec.cli.group import podpipec
from podpipec.document.markdown import code, fenced, table
from podpipec.source import Source
from podpipec.syntax import parse, tree
from tests.syntax import corpus

CASES = [
    *sorted((Path(__file__).parent / "cases").glob("*.flow")),
    corpus.ROOT / "examples/flights/flights.flow",
    corpus.ROOT / "examples/features/any_order.flow",
]
OURS = sorted([*(corpus.ROOT / "examples").rglob("*.flow"), *(corpus.ROOT / "stdlib").rglob("*.flow")])


class Markdown(SingleFileSnapshotExtension):
    """One page a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


def doc(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(podpipec, ["doc", *words], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_what_it_looks_like(path: Path, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    code_, out, err = doc(path.name)
    assert (code_, err) == (status.OK, "")
    assert out == snapshot(extension_class=Markdown)


@pytest.mark.parametrize("path", OURS, ids=[path.stem for path in OURS])
def test_every_declaration_and_doc_comment_is_on_the_page(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    _, out, _ = doc(path.name)
    text = path.read_text("utf-8")
    rows = re.findall(r"^(?:### |\| )`(\w+)`", out, re.MULTILINE)
    for node in parse(Source(path.name, text)).module.declarations:
        if not isinstance(node, tree.Use):
            assert node.name.text in rows
    for line in re.findall(r"^## ?(.*)$", text, re.MULTILINE):
        assert line in out


def test_it_is_written_to_a_file_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.flow").write_text("## Of a.\nconst a = 1\n")
    assert doc("a.flow", "-o", "a.md") == (status.OK, "", "")
    assert Path("a.md").read_text() == doc("a.flow")[1]
    assert doc("a.flow", "-o", "nowhere/a.md")[0] == status.USAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.flow", "a.md"]


def test_a_program_that_is_wrong_has_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text, said in (("const a = \n", "P0"), ('const a: Int = "x"\n', "T0"), ("use other { x }\n", "N006")):
        Path("a.flow").write_text(text)
        code_, out, err = doc("a.flow", "-o", "a.md")
        assert (code_, out) == (status.PROGRAM, "") and said in err and not Path("a.md").exists()
    Path("a.flow").write_text("param home: String\n")
    assert doc("a.flow")[0] == status.OK, "a parameter that must be set is no mistake of the page's reader"


def test_an_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.flow").write_text("# nothing yet\n")
    assert doc("a.flow") == (status.OK, "# a\n", "")


@given(st.text(alphabet=st.sampled_from("ab`| \n"), min_size=1))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_text_breaks_out_of_its_code(text: str) -> None:
    """The rule of CommonMark: a run of backticks is closed by the next run of the same length."""
    shown = code(text)
    ticks = re.match("`+", shown)
    assert ticks is not None
    runs = re.findall("`+", shown)
    assert runs[0] == runs[-1] and runs.count(runs[0]) == 2
    assert "\n" not in shown
    block = fenced(text).split("\n")
    assert block[-1] not in text and block[1:-1] == text.split("\n")
    (_, _, row) = table(("a", "b"), [(text, "x")]).split("\n")
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
