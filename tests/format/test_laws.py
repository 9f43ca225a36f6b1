# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""The three proofs: laid out once is laid out, the program is the same, and no comment is lost or changes its owner.

They are asked of every program of the repository, of programs drawn from the grammar, and of programs into which
blanks, empty lines and comments were put at random.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podpipec.format import formatted, formatting
from podpipec.format.layout import WIDTH
from podpipec.source import Source
from podpipec.syntax import parse
from podpipec.syntax.parsing import tokens
from podpipec.syntax.tokens import Token
from podpipec_grammar.tables import KEYWORDS
from tests.format.places import owners
from tests.syntax import corpus
from tests.syntax.nodes import shape
from tests.syntax.test_against_lark import NAMES, programs, words_of

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def well_formed() -> dict[str, str]:
    texts = corpus.texts()
    return {
        name: text for name, text in texts.items() if not parse(Source(name, text)).diagnostics and "\0" not in text
    }


WELL_FORMED = well_formed()
#: Programs without needless brackets: a comment before the end of such a bracket has nothing left to stand in.
SHORT = sorted(name for name, text in WELL_FORMED.items() if 100 < len(text) < 2500 and "brackets" not in name)


def laid_out(text: str) -> str:
    """The text laid out, with the three proofs, the last one for the number of comments only."""
    done = formatted(Source("x.flow", text))
    assert not done.diagnostics
    again = formatted(Source("x.flow", done.text))
    assert again.text == done.text
    before, after = (parse(Source("x.flow", one)).module for one in (text, done.text))
    assert shape(before.declarations) == shape(after.declarations)
    assert Counter(one.text for one in before.comments) == Counter(one.text for one in after.comments)
    assert docs(text) == docs(done.text)
    return done.text


def docs(text: str) -> list[str]:
    """The doc comments, as they are written."""
    return [word.rstrip() for kind, word, _, _ in tokens(text, []) if kind == "DOC"]


def bare(text: str) -> list[str]:
    """The words of a text without its comments."""
    return [word for word in words_of(text) if not re.match(r"#(?!#)", word)]


@pytest.mark.parametrize("name", WELL_FORMED)
def test_on_every_program_of_the_repository(name: str) -> None:
    laid_out(WELL_FORMED[name])


@pytest.mark.parametrize("name", WELL_FORMED)
def test_one_round_is_enough_for_what_people_write(name: str) -> None:
    source = Source("x.flow", WELL_FORMED[name])
    assert formatting.laid_out(source, parse(source)) == formatted(source).text


@given(text=programs(NAMES))
@QUICK
def test_on_what_the_grammar_can_say(text: str) -> None:
    laid_out(text)


@given(text=programs((*NAMES, *KEYWORDS)))
@QUICK
def test_with_words_of_the_language_as_names(text: str) -> None:
    if not parse(Source("x.flow", text)).diagnostics:
        laid_out(text)


@given(name=st.sampled_from(SHORT), seed=SEEDS)
@QUICK
def test_comments_anywhere_stay_with_what_they_are_about(name: str, seed: int) -> None:
    chance = Random(seed)
    text = ""
    for number, word in enumerate(bare(WELL_FORMED[name])):
        text += word
        if chance.random() < 0.15:
            text += chance.choice((" ", "\n", "\n\n", ""))
            text += f"# {number}" + chance.choice(("\n", "\n\n\n", "\r\n"))
        else:
            text += chance.choice((" ", " ", "\n"))
    assert owners(laid_out(text)) == owners(text)


@given(name=st.sampled_from(SHORT), seed=SEEDS)
@QUICK
def test_what_it_looks_like_does_not_hang_on_blanks(name: str, seed: int) -> None:
    chance = Random(seed)
    text, changed, last = WELL_FORMED[name], "", 0
    comments: list[Token] = []
    for _, _, start, end in sorted((*tokens(text, comments), *comments), key=lambda token: token[2]):
        blanks = text[last:start]
        if "\n" in blanks:
            blanks = blanks.replace("\n", chance.choice(("\n", "  \n\t", "\r\n")))
        elif blanks:
            blanks = chance.choice((" ", "     ", "\t"))
        changed += blanks + text[start:end]
        last = end
    assert laid_out(changed) == laid_out(text)


@given(name=st.sampled_from(SHORT), seed=SEEDS)
@QUICK
def test_lines_fit_empty_lines_are_few_and_nothing_trails(name: str, seed: int) -> None:
    chance = Random(seed)
    words = bare(WELL_FORMED[name])
    text = "".join(word + chance.choice((" ", " ", " ", "\n", "\n\n\n")) for word in words)
    done = re.sub(r'"""[\s\S]*?"""', '""', laid_out(text))
    lines = done.split("\n")
    assert lines[-1] == "" and lines[0] != ""
    for line, following in pairwise(lines[:-1]):
        assert line == line.rstrip()
        assert line or following
        assert not (line.endswith("{") and not following) and not (not line and following.strip() == "}")
        # What is too long has no place to break: it holds a long text.
        assert (
            len(line) <= WIDTH or any(len(text) > 60 for text in re.findall(r'"(?:[^"\\]|\\.)*"', line)) or "#" in line
        )


def test_long_and_deep_programs() -> None:
    chain = " + ".join(["a"] * 5_000)
    deep = "[" * 300 + "]" * 300
    calls = "a" + ".b" * 3_000 + "(c)" * 3_000
    signs = "-" * 300 + "1"
    for value in (chain, deep, calls, signs):
        source = Source("x.flow", f"const c = {value}\n")
        text = formatted(source).text
        assert formatted(Source("x.flow", text)).text == text
    lines = "".join(f"stage s{number}(a: Csv) -> b: Csv {{ run [a, b] }} # {number}\n" for number in range(1_000))
    assert formatted(Source("x.flow", lines)).text.count("\n") == 1_000
