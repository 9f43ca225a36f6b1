"""What a person sees who makes a mistake: for each case the program above, and what is said about it below.

The cases are the programs in `cases/`, and those below that only a shell can make: files that are
no text, or too large. Every place in the compiler that makes a diagnostic is passed through by one of them, or by a
rule's refused program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from podpipec.cli import status
from podpipec_grammar.tables import ACTIONS, KEYWORDS, LITERALS
from tests.diagnostics.pages import all_pages
from tests.diagnostics.programs import Case, TextExtension, cases, golden, run
from tests.diagnostics.sites import passed, unseen

HERE = Path(__file__).parent
REFUSED = HERE.parent / "rules" / "refused"

_STAGE = 'stage clean(raw: Csv) -> book: Csv { code "clean.py"  run ["python3", code, raw, book] }\n'

MADE = [
    Case("bytes_not_utf8", {}, ("printf 'const town = \"Z\\374rich\"\\n' > main.flow", "podpipec check main.flow")),
    Case("bytes_zero", {}, ("printf 'const a = 1\\n\\000' > main.flow", "podpipec check main.flow")),
    Case("bytes_code_not_text", {"main.flow": _STAGE}, ("printf '\\377' > clean.py", "podpipec check main.flow")),
    Case(
        "bytes_code_too_large",
        {"main.flow": _STAGE},
        ("head -c 300000 /dev/zero | tr '\\000' '#' > clean.py", "podpipec check main.flow"),
    ),
    Case(
        "bytes_too_many_digits",
        {},
        (
            "(printf 'const a = '; printf '%20000s' | tr ' ' '9') > main.flow",
            "podpipec check main.flow",
        ),
    ),
    Case(
        "bytes_nested_too_deeply",
        {},
        ("(printf 'const a = '; printf '%500s' | tr ' ' '(') > main.flow", "podpipec check main.flow"),
    ),
]

CASES = [*cases(HERE / "cases"), *MADE]

#: Names of the grammar and the parser that are no words of the language. `_` and digits make a token no English word.
INTERNAL = {
    terminal
    for row in ACTIONS
    for terminal in row
    if terminal.lower() not in KEYWORDS and terminal not in LITERALS.values()
}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_said(case: Case, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    assert golden(case, run(case, tmp_path)) == snapshot(extension_class=TextExtension)


def test_five_mistakes_give_five_diagnostics(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "syntax_five_mistakes")
    outcome = run(case, tmp_path)
    assert outcome.status == status.PROGRAM
    lines = [int(line) for line in re.findall(r"--> syntax_five_mistakes\.flow:(\d+)", outcome.err)]
    assert lines == [4, 9, 15, 21, 24]


def test_no_message_has_a_name_of_the_parser() -> None:
    assert {"NAME", "LBRACE", "LONG_STRING", "$END"} <= INTERNAL
    goldens = sorted(HERE.parent.glob("*/golden/*/*.txt"))
    assert len(goldens) >= len(CASES)
    for file in goldens:
        said = _without_source(file.read_text("utf-8"))
        assert not set(re.findall(r"\$?\b[A-Z][A-Z_]+\b", said)) & INTERNAL, file.name
        assert not re.search(r"__ANON|\b_?\w+_(star|plus|setting)\b", said), file.name


def test_every_message_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podpipec.graph.expand.LARGEST", 1000)  # the same message, sooner

    def run_all() -> None:
        for case in _all_cases():
            run(case, tmp_path / case.name)

    assert unseen(passed(run_all)) == []


def _all_cases() -> Iterator[Case]:
    yield from CASES
    yield from cases(REFUSED)
    yield from (page.breaks for page in all_pages())


def _without_source(said: str) -> str:
    """The lines of a golden that are ours: the program above, and its lines in the excerpts, are left out."""
    ours = said.partition("\n════ $ ")[2]
    return "\n".join(line for line in ours.splitlines() if not re.match(r" *\d+ \|", line))
