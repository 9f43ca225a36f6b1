"""Programs that each rule accepts and refuses, named RULE_….flow.

A refused one says where: a comment line below the place, `#   ^^^^ L1`, marks the columns of the diagnostic's primary
place and its code. Its golden file shows what a person sees.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from syrupy.assertion import SnapshotAssertion

from podpipec.cli import status
from podpipec.cli.reading import read
from podpipec.compiler import compile_program
from podpipec.plan import plan_of
from podpipec.rules import RULES
from podpipec_runtime.plan.codec import decode_any, encode
from tests.diagnostics.programs import Case, TextExtension, cases, golden, run
from tests.plan.plannable import plannable

HERE = Path(__file__).parent
ACCEPTED = cases(HERE / "accepted")
REFUSED = cases(HERE / "refused")

_MARK = re.compile(r"^#(?P<before> *)(?P<carets>\^+) (?P<code>\w+)$")


class Mark(NamedTuple):
    """A code, and where it is told: line and columns from 1; what goes on to other lines ends with its first."""

    line: int
    first: int
    last: int
    code: str


def marks(text: str) -> list[Mark]:
    """What the comment lines of a program say, each about the line above it that is no such comment."""
    found = []
    line = 0
    for number, written in enumerate(text.split("\n"), 1):
        match = _MARK.match(written)
        if match is None:
            line = number
            continue
        first = len(match["before"]) + 2
        found.append(Mark(line, first, first + len(match["carets"]) - 1, match["code"]))
    return sorted(found)


def told(case: Case, folder: Path) -> list[Mark]:
    """The codes and primary places that the compiler tells."""
    (name, text), *_ = case.files.items()
    outcome = run(case._replace(lines=(f"podpipec check {name} --json",)), folder)
    lines = text.split("\n")
    found = []
    for diagnostic in json.loads(outcome.out)["diagnostics"]:
        start, end = diagnostic["places"][0]["start"], diagnostic["places"][0]["end"]
        last = end["column"] - 1 if end["line"] == start["line"] else len(lines[start["line"] - 1])
        found.append(Mark(start["line"], start["column"], last, diagnostic["code"]))
    return sorted(found)


def _rule(case: Case) -> str:
    return case.name.partition("_")[0]


@pytest.mark.parametrize("case", ACCEPTED, ids=[case.name for case in ACCEPTED])
def test_accepted(case: Case, tmp_path: Path) -> None:
    assert run(case, tmp_path) == (status.OK, f"{case.name}.flow: ok\n", "")


@pytest.mark.parametrize("case", ACCEPTED, ids=[case.name for case in ACCEPTED])
def test_the_runtime_reads_the_plans_of_what_is_accepted(case: Case) -> None:
    done = compile_program(str(HERE / "accepted" / f"{case.name}.flow"), read, {})
    for graph in done.checked.graphs:
        if plannable(graph):
            assert decode_any(encode(plan_of(graph))) == plan_of(graph)


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_refused_at_the_marks(case: Case, tmp_path: Path) -> None:
    (text,) = case.files.values()
    expected = marks(text)
    assert {mark.code for mark in expected} == {_rule(case)}
    assert told(case, tmp_path) == expected


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_what_is_said(case: Case, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    assert golden(case, run(case, tmp_path)) == snapshot(extension_class=TextExtension)


def test_every_rule_has_programs_of_both_kinds() -> None:
    codes = {rule.CODE for rule in RULES}
    assert {_rule(case) for case in ACCEPTED} == codes
    assert {_rule(case) for case in REFUSED} == codes
