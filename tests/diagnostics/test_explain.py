"""The pages of `podpipec explain`: one for every code, and what a page shows is true."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import podpipec
from podpipec.cli import status
from podpipec.cli.explain import pages
from podpipec.rules import RULES
from tests.diagnostics.pages import Page, all_pages
from tests.diagnostics.programs import call, run

PAGES = all_pages()

#: After twenty other mistakes only: it cannot be alone.
ACCOMPANIED = {"P007": {"P001"}}

_CODE = re.compile(r'"([A-Z]\d{1,3})"')
_SHOWN = re.compile(r"^error\[(\w+)\]", re.MULTILINE)


def codes_in_source() -> set[str]:
    """Every code that is written down in the compiler."""
    files = Path(podpipec.__file__).parent.rglob("*.py")
    return {code for file in files for code in _CODE.findall(file.read_text("utf-8"))}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(pages()) == codes_in_source()


@pytest.mark.parametrize("page", PAGES, ids=[page.code for page in PAGES])
def test_the_first_program_breaks_just_this(page: Page, tmp_path: Path) -> None:
    outcome = run(page.breaks, tmp_path)
    assert outcome.status == status.PROGRAM
    assert set(_SHOWN.findall(outcome.err)) - ACCOMPANIED.get(page.code, set()) == {page.code}


@pytest.mark.parametrize("page", PAGES, ids=[page.code for page in PAGES])
def test_the_second_program_is_accepted(page: Page, tmp_path: Path) -> None:
    outcome = run(page.mends, tmp_path)
    assert (outcome.status, _SHOWN.findall(outcome.err)) == (status.OK, [])


@pytest.mark.parametrize("page", PAGES, ids=[page.code for page in PAGES])
def test_a_page_begins_with_its_code_and_fits_a_terminal(page: Page) -> None:
    lines = page.text.splitlines()
    assert re.fullmatch(rf"# {page.code}: \S.*[^.]", lines[0])
    prose = re.sub(r"^```.*?^```$", "", page.text, flags=re.MULTILINE | re.DOTALL)
    assert max(len(line) for line in prose.splitlines()) <= 110


@pytest.mark.parametrize("rule", RULES, ids=[rule.CODE for rule in RULES])
def test_a_rules_page_has_its_title_and_says_why(rule: ModuleType) -> None:
    text = pages()[rule.CODE]
    assert text.startswith(f"# {rule.CODE}: {rule.TITLE}\n")
    assert "\nWhy: " in text


def test_explain_prints_a_page_in_whatever_case_its_code_is_written() -> None:
    assert call(["explain", "L1"]) == (status.OK, pages()["L1"], "")
    assert call(["explain", "l1"]).out == pages()["L1"]


def test_explain_alone_lists_every_code_once() -> None:
    outcome = call(["explain"])
    assert [line.partition(":")[0] for line in outcome.out.splitlines()] == sorted(codes_in_source())
    assert "L1: `ram` never leaves its pod\n" in outcome.out


def test_explain_offers_the_nearest_code() -> None:
    outcome = call(["explain", "P01"])
    assert outcome.status == status.USAGE
    assert "there is no code `P01`: did you mean `P001`?" in outcome.err
    assert call(["explain", "elephant"]).status == status.USAGE
