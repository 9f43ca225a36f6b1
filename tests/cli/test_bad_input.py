"""Bad input through the command line: a clear diagnostic, a status that tells what was wrong, and never a traceback.

Large inputs run as processes of their own, with a bound on their time that is far above what they take.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.cli import status
from podpipec.compiler import compile_program
from podpipec.diagnostics.json import render as render_json
from podpipec.diagnostics.terminal import render
from podpipec.syntax.tokens import PATTERN

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60  # a bound against hanging, no measurement

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def podpipec(tmp_path: Path) -> Run:
    """The command as a process, in an empty folder, with nothing remembered."""

    def run(
        *words: str, stdout: int | None = subprocess.PIPE, redirected: str = ""
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "PODPIPEC_CACHE": "off", "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
        command = [sys.executable, "-m", "podpipec", *words]
        if redirected:
            command = ["sh", "-c", f'exec "$@" {redirected}', "sh", *command]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=stdout, stderr=subprocess.PIPE, timeout=SECONDS, check=False
        )

    return run


def refused(done: subprocess.CompletedProcess[bytes], expected: int, *said: str) -> None:
    """That a command ended with a status and said this, and nothing of its own insides."""
    text = done.stderr.decode()
    assert done.returncode == expected, text
    assert "Traceback" not in text
    assert "mistake of its own" not in text
    for words in said:
        assert words in text
    assert len(text) < 20_000


def test_an_empty_file_is_a_program(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.flow").write_bytes(b"")
    done = podpipec("check", "empty.flow")
    assert (done.returncode, done.stdout, done.stderr) == (status.OK, b"empty.flow: ok\n", b"")
    refused(podpipec("build", "empty.flow"), status.USAGE, "no flow that can be started")


@pytest.mark.parametrize("command", ["check", "build", "plan", "run"])
def test_files_that_cannot_be_read(podpipec: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "folder.flow").mkdir()
    refused(podpipec(command, "missing.flow"), status.PROGRAM, "N006", "there is no such file")
    refused(podpipec(command, "folder.flow"), status.PROGRAM, "N006", "it is a folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.flow").write_bytes(b"")
    (tmp_path / "mine.flow").chmod(0)
    refused(podpipec("check", "mine.flow"), status.PROGRAM, "N006", "Permission denied")


def test_a_name_that_no_file_can_have(podpipec: Run) -> None:
    refused(podpipec("check", "x" * 5000), status.PROGRAM, "N006", "File name too long")


def test_binary_junk(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "junk.flow").write_bytes(random.Random(7).randbytes(100_000))  # noqa: S311
    refused(podpipec("check", "junk.flow"), status.PROGRAM, "P008", "is not text")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('const a = "' + "x" * 10_000_000 + "\nconst b = 1 +", "P002", id="a 10 MB line"),
        pytest.param("const a = " + "(" * 10_000_000, "nested too deeply", id="10 MB of ("),
        pytest.param("flow f() { " + "each a in b { " * 100_000, "nested too deeply", id="blocks"),
        pytest.param("const a = " + "-" * 1_000_000 + "1", "P006", id="signs"),
        pytest.param("const a = " + "9" * 10_000_000, "too many digits", id="10 MB of digits"),
        pytest.param("a " * 300_000, "unknown declaration `a`", id="words on one line"),
        pytest.param('"' * 1_000_000, "P001", id="quotes"),
        pytest.param("§" * 1_000_000, "means nothing here", id="no part of the language"),
        pytest.param("#" * 1_000_000, "P005", id="hashes"),
        pytest.param("flow f() { " + "x = 1 " * 5_000 + "}", "4799 more are not shown", id="thousands of mistakes"),
        pytest.param("const a = 1" + " + 1" * 100_000, "too many steps", id="a long sum"),
        pytest.param("pod p {\n" * 3000, "too many mistakes", id="thousands of open blocks"),
    ],
)
def test_large_and_deep(podpipec: Run, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "large.flow").write_text(text, "utf-8")
    done = podpipec("check", "large.flow")
    assert len(done.stderr) < 200_000
    assert done.returncode == status.PROGRAM
    assert b"Traceback" not in done.stderr
    assert said in done.stderr.decode()


def test_a_line_of_ten_megabytes_can_be_right(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "long.flow").write_text('const a = """' + "x" * 10_000_000 + '"""\n', "utf-8")
    assert podpipec("check", "long.flow").returncode == status.OK


def test_a_file_that_is_too_large(podpipec: Run, tmp_path: Path) -> None:
    with (tmp_path / "huge.flow").open("wb") as file:
        file.truncate(65 * 2**20)
    refused(podpipec("check", "huge.flow"), status.PROGRAM, "N006", "larger than 64MiB")


def test_circular_use(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "a.flow").write_text("use b { y }\nconst x = y\n")
    (tmp_path / "b.flow").write_text("use a { x }\nconst y = x\n")
    refused(podpipec("check", "a.flow"), status.PROGRAM, "N007", "`a.flow` → `b.flow` → `a.flow`")


def test_an_unknown_unit(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "a.flow").write_text("const a = 3 + 8Gi\n")
    refused(podpipec("check", "a.flow"), status.PROGRAM, "V001", "unknown unit `Gi`", "did you mean `GiB`?")


_GOOD = """\
param rows: Int = 10
snapshot ticks { from "ticks.csv"  size 1MiB }
pod bench { slots 1  cpu 1  memory 1GiB  volume 1GiB }
stage clean(raw: Csv) -> book: Csv { image "clean:1"  run ["clean", "{rows}", raw, book] }
flow day(t: ticks) -> book on bench { book = clean(t) }
"""


@pytest.mark.parametrize(
    ("words", "expected", "said"),
    [
        ((), status.USAGE, "Usage"),
        (("chekc", "a.flow"), status.USAGE, "did you mean `check`?"),
        (("elephant",), status.USAGE, "no such command `elephant`"),
        (("check",), status.USAGE, "FILE"),
        (("check", "a.flow", "--jsno"), status.USAGE, "--jsno"),
        (("check", "a.flow", "b.flow"), status.USAGE, "b.flow"),
        (("check", "a.flow", "--param", "rows"), status.USAGE, "not of the form name=value"),
        (("check", "a.flow", "--param", "rows=1", "--param", "rows=2"), status.USAGE, "`rows` is given twice"),
        (("check", "a.flow", "--param", "rosw=1"), status.PROGRAM, "did you mean `rows`?"),
        (("check", "a.flow", "--param", "rows=ten"), status.PROGRAM, "is not an Int"),
        (("build", "a.flow", "--flow", "dya"), status.USAGE, "did you mean `day`?"),
        (("build", "a.flow", "-o", "a.flow/below"), status.USAGE, "cannot write"),
        (("explain", "L99"), status.USAGE, "there is no code `L99`"),
    ],
)
def test_called_wrongly(podpipec: Run, tmp_path: Path, words: Sequence[str], expected: int, said: str) -> None:
    (tmp_path / "a.flow").write_text(_GOOD)
    refused(podpipec(*words), expected, said)
    assert sorted(os.listdir(tmp_path)) == ["a.flow"]


def test_json_for_a_program_for_one_that_is_wrong_and_for_none(podpipec: Run, tmp_path: Path) -> None:
    (tmp_path / "good.flow").write_text(_GOOD)
    (tmp_path / "wrong.flow").write_text(_GOOD.replace("clean(t)", "claen(t)"))
    for name, codes, expected in (
        ("good.flow", [], status.OK),
        ("wrong.flow", ["N001"], status.PROGRAM),
        ("missing.flow", ["N006"], status.PROGRAM),
    ):
        done = podpipec("check", name, "--json")
        assert done.returncode == expected
        assert [found["code"] for found in json.loads(done.stdout)["diagnostics"]] == codes
        assert done.stderr == b""


_ONE_STEP = """pod one { slots 1 cpu 1 memory 1GiB node 1GiB volume 1GiB }
stage make() -> out: File { sh "cat; echo read > {out}; echo told" size out 1KiB }
flow all() -> made on one { made = make() keep made in volume }
"""


@pytest.mark.parametrize("words", ["--version", "--help", "check it.flow", "run it.flow --out copies"])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_standard_stream_that_is_closed(podpipec: Run, tmp_path: Path, words: str, closed: str) -> None:
    (tmp_path / "it.flow").write_text(_ONE_STEP)
    done = podpipec(*words.split(), redirected=closed)
    refused(done, status.OK)
    if words.startswith("run"):
        assert (tmp_path / "copies" / "made").read_text() == "read\n"
        assert (tmp_path / ".podpipec" / "logs" / "made.log").read_text() == "told\n"


@pytest.mark.parametrize(
    "words", [("explain",), ("check", "a.flow"), ("plan", "a.flow"), ("check", "a.flow", "--json")]
)
def test_nobody_reads_what_is_printed(podpipec: Run, tmp_path: Path, words: Sequence[str]) -> None:
    (tmp_path / "a.flow").write_text(_GOOD)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = podpipec(*words, stdout=writer)
    finally:
        os.close(writer)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
    assert done.returncode in (status.OK, status.PROGRAM)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
@pytest.mark.parametrize("words", ["--version", "--help", "explain L1", "check it.flow", "run it.flow", "plan it.flow"])
@pytest.mark.parametrize("buffered", ["", "1"])
def test_there_is_no_room_for_what_is_printed(
    podpipec: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, buffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", buffered)
    (tmp_path / "it.flow").write_text(_ONE_STEP)
    refused(
        podpipec(*words.split(), redirected=">/dev/full"), status.USAGE, "what is printed cannot be written: No space"
    )
    assert podpipec(*words.split(), redirected=">/dev/full 2>&1").returncode == status.USAGE


# --- mutated programs ------------------------------------------------------------------------


def _programs() -> list[str]:
    folders = [ROOT / "examples", ROOT / "tests" / "rules" / "accepted"]
    texts = [file.read_text("utf-8") for folder in folders for file in sorted(folder.rglob("*.flow"))]
    return [text for text in texts if len(text) < 4000]


PROGRAMS = _programs()


def words(text: str) -> list[str]:
    """A program's tokens, what is between them included."""
    return [match.group() for match in PATTERN.finditer(text)]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A program some of whose tokens are deleted, doubled, swapped, or taken from another program."""
    parts = words(draw(st.sampled_from(PROGRAMS)))
    for _ in range(draw(st.integers(1, 4))):
        if not parts:
            break
        at = draw(st.integers(0, len(parts) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "other", "cut"])):
            case "delete":
                del parts[at]
            case "double":
                parts.insert(at, parts[at])
            case "swap":
                other = draw(st.integers(0, len(parts) - 1))
                parts[at], parts[other] = parts[other], parts[at]
            case "other":
                parts[at] = draw(st.sampled_from(words(draw(st.sampled_from(PROGRAMS)))))
            case "cut":
                parts[at] = parts[at][: draw(st.integers(0, len(parts[at])))]
    return "".join(parts)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(mutated())
def test_a_program_that_is_mutilated_is_answered(text: str) -> None:
    from podpipec.cli.reading import read

    compiled = compile_program(
        "examples/mutated.flow", lambda path: text.encode() if path.endswith("mutated.flow") else read(path), {}
    )
    shown = render(compiled.diagnostics, compiled.sources)
    assert json.loads(render_json(compiled.diagnostics, compiled.sources))["version"] == 1
    assert compiled.ok == (not compiled.diagnostics)
    for diagnostic in compiled.diagnostics:
        assert diagnostic.message
        assert re.fullmatch(r"[A-Z]\d+", diagnostic.code)
        for label in diagnostic.labels:
            source = compiled.sources.get(label.span.path)
            assert source is None or 0 <= label.span.start <= label.span.end <= len(source.text)
        assert f"error[{diagnostic.code}]" in shown
