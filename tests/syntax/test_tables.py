"""The checked-in tables are those of the grammar."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from podpipec.syntax.building import BUILDERS
from podpipec_grammar import generate, page, tables

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_tables_are_what_the_grammar_gives_whatever_the_hash_seed(seed: str) -> None:
    fresh = subprocess.run(
        [sys.executable, "-c", "import sys; from podpipec_grammar.generate import render; sys.stdout.write(render())"],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert fresh.stdout == generate.TABLES.read_text(), "the grammar was changed: `make grammar`"


def test_every_rule_has_a_builder_and_no_builder_is_left_over() -> None:
    assert {name for _, name, _, _ in tables.RULES if name} <= set(BUILDERS)
    # A rule whose lone child always stands for it has a builder only to be complete.
    inlined = {rule.origin.name for rule in generate.build().rules if rule.options.expand1}
    assert set(BUILDERS) <= {name for _, name, _, _ in tables.RULES} | inlined


def test_the_page_of_the_syntax_is_the_grammars() -> None:
    written = (ROOT / "docs" / "syntax.md").read_text("utf-8")
    assert written == page.page(generate.GRAMMAR.read_text("utf-8")), "the grammar was changed: `make grammar`"


def test_the_page_names_every_word_and_no_terminal() -> None:
    text = page.page(generate.GRAMMAR.read_text())
    assert all(f"`{word}`" in text for word in tables.KEYWORDS)
    patterns = {"NAME", "NUMBER", "STRING", "LONG_STRING", "DOC"}
    assert not any(re.search(rf"\b{name}\b", text) for name in tables.LITERALS if name not in patterns)
