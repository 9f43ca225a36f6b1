"""What is in the files: small modules, no marks of unfinished work, nothing of anybody's machine, no secret."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.repository import PACKAGES, ROOT, files, name

#: Longer than a reader holds in mind, each with its reason.
LONG = {
    "grammar/tables.py": "generated from the grammar",
    "podpipec/syntax/tree.py": "the kinds of nodes of the language, and nothing else",
    "tests/oracle/meaning.py": "what every construct means, in one place, for who checks the checker",
    "runtime/plan/types.py": "the contract between compiler and runtime, whole in one place",
}
MOST_LINES = 400
#: Put together here, so that this file does not hold what it looks for.
MACHINE = re.compile("|".join(("/" + "work/", "/" + "root/", "/tmp/" + "x/", "/home/" + r"\w+/")))
UNFINISHED = re.compile(
    r"\b("
    + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "not " + "implemented", "NotImplemented" + "Error"))
    + r")\b"
)
SECRET = re.compile(
    "-----BEGIN" + r" [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bpars]-[0-9A-Za-z-]{10}"
)

TEXTS = [path for path in files() if path.suffix not in (".png", ".parquet", ".gz", ".zip")]
MODULES = [path for path in TEXTS if path.suffix == ".py"]
PACKAGED = [path for path in MODULES if name(path).partition("/")[0] in PACKAGES]


def _shown(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{where}: {', '.join(what)}" for where, what in found.items() if what)


def _found(pattern: re.Pattern[str], paths: list[Path]) -> str:
    texts = {name(path): path.read_text(errors="replace") for path in paths if path.is_file()}
    return _shown({where: [match.group() for match in pattern.finditer(text)] for where, text in texts.items()})


def test_there_are_files() -> None:
    assert len(TEXTS) > 150 and len(PACKAGED) > 100


def test_no_module_is_long_without_a_reason() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in MODULES if path.is_file()}
    long = {path for path, length in lengths.items() if length > MOST_LINES}
    assert long <= set(LONG), "split it by concept"
    assert set(LONG) <= set(lengths)


def test_no_function_is_long() -> None:
    """Sixty lines as formatted, one argument a line where a call is wide; tests and tables are not counted."""
    found = []
    for path in PACKAGED:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.body[0].lineno + 1
                if length > 70:
                    found.append(f"{name(path)}:{node.lineno} {node.name} {length}")
    assert not found


def test_every_package_says_what_it_is_for() -> None:
    silent = [name(path) for path in PACKAGED if ast.get_docstring(ast.parse(path.read_text())) is None]
    assert not silent


def test_no_file_knows_a_machine() -> None:
    assert not _found(MACHINE, TEXTS)


def test_no_file_is_unfinished() -> None:
    assert not _found(UNFINISHED, [path for path in TEXTS if path.name != "LICENSE"])


def test_no_file_holds_a_secret() -> None:
    assert not _found(SECRET, TEXTS)


@pytest.mark.parametrize("pattern", [MACHINE, UNFINISHED, SECRET])
def test_the_patterns_find_what_they_look_for(pattern: re.Pattern[str]) -> None:
    samples = ["see /" + "work/main", "# TO" + "DO later", "AKIA" + "A" * 16, "raise NotImplemented" + "Error"]
    assert any(pattern.search(sample) for sample in samples)


def test_nothing_prints_but_the_command_line() -> None:
    printing = re.compile(r"^\s*print\(", re.MULTILINE)
    assert not _found(printing, [path for path in PACKAGED if "cli" not in path.parts])


def test_the_runtime_s_folder_names_no_compiler() -> None:
    pattern = re.compile(r"(?:from|import) podpipec(?:\.|\s)")
    assert not _found(pattern, [path for path in PACKAGED if path.is_relative_to(ROOT / "runtime")])
